using System.CommandLine;
using Omaha.Catalog;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>Fetches the packages of what a promotion would move; it goes no further unless all of it is right.</summary>
internal sealed class PromotionCheck(Conversation conversation)
{
    /// <param name="parsed">The command line.</param>
    /// <param name="app">The app.</param>
    /// <param name="preview">What would move.</param>
    /// <param name="limit">How long it may take in all.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>What can be said to be verified.</returns>
    public async Task<List<VerifiedRelease>> RunAsync(ParseResult parsed, string app, ChannelReply preview, TimeSpan limit, CancellationToken cancel)
    {
        var releases = new List<ReleaseView>();
        foreach (var digest in preview.Moves.Where(static move => move.Change == ChannelChange.Moved).Select(static move => move.Digest).OfType<string>())
        {
            releases.AddRange((await conversation.AskAsync(parsed, Get($"apps/{Step(app)}/releases/{Step(digest)}"), ApiJson.Default.ReleaseListReply, cancel)).Releases);
        }

        var report = await new ReleaseVerifier(conversation.Surroundings).RunAsync(releases, limit, cancel);
        if (!report.IsRight) throw new OmahactlException(OmahactlException.Failed, [.. report.Faults, "nothing was promoted; mend the files or omahactl release relocate, or give a reason for --skip-verify"]);
        if (!parsed.GetValue(conversation.Json)) report.Write(conversation.Surroundings.Output);
        return [.. releases.Select(static release => new VerifiedRelease(release.Digest, release.Release.Codebases))];
    }
}
