using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Reads and extends the list of releases that were complete on a channel, of a document without faults.</summary>
internal static class ChannelHistory
{
    /// <summary>What a channel points to, by target, in a fixed order.</summary>
    public static IReadOnlyList<(Target Target, CompleteRelease Last)> Pointers(AppDocument document, string channel) =>
        [.. (document.State?.Channels?.GetValueOrDefault(channel)?.Targets ?? [])
            .Where(static entry => entry.Value.Count > 0)
            .Select(static entry => (Parse(entry.Key), entry.Value[^1]))
            .OrderBy(static entry => entry.Item1.ToString(), StringComparer.Ordinal)];

    /// <summary>
    /// Plans to point a channel to a release for each of some targets: refused when one of them is blocked, since a half-made move would
    /// leave a channel that nobody meant.
    /// </summary>
    public static Outcome<ChannelPlan> Move(AppDocument document, string channel, IReadOnlyList<(Target Target, string Version, string Digest)> releases, string? from, Stamp stamp)
    {
        var blocked = releases.Where(release => document.State?.Blocks?.ContainsKey(release.Digest) == true)
            .Select(release => new Fault("version", $"{release.Version} for {release.Target} is blocked ({Words(document.State!.Blocks![release.Digest])}; digest {release.Digest}); choose another release, or a target without a block"))
            .ToList();
        if (blocked.Count > 0) return Outcome.Refused<ChannelPlan>(blocked);

        var pointers = Pointers(document, channel).ToDictionary(static pointer => pointer.Target, static pointer => pointer.Last);
        var moves = releases.Select(release => Move(release.Target, release.Version, release.Digest, pointers.GetValueOrDefault(release.Target))).ToList();
        var plan = new ChannelPlan(document.App!, channel, moves);
        if (moves.TrueForAll(static move => move.Change == ChannelChange.Unchanged)) return Outcome.Of(plan);

        var next = DocumentJson.Copy(document);
        foreach (var move in moves.Where(static move => move.Change == ChannelChange.Moved))
        {
            List(next, channel, Parse(move.Target)).Add(new CompleteRelease { Version = move.Version, Digest = move.Digest, At = stamp.At, By = stamp.By, From = from });
        }

        return DocumentSize.Check(next) is { } fault ? Outcome.Refused<ChannelPlan>(fault) : Outcome.Of(plan with { Document = next });
    }

    private static ChannelMove Move(Target target, string version, string digest, CompleteRelease? last) => new(
        target.ToString(),
        last?.Digest == digest ? ChannelChange.Unchanged : ChannelChange.Moved,
        last?.Version,
        version,
        digest,
        last is not null && Version(version) < Version(last.Version));

    /// <summary>The list to append to, under the spelling of the target that the document already uses.</summary>
    private static List<CompleteRelease> List(AppDocument document, string channel, Target target)
    {
        var channels = (document.State ??= new AppState()).Channels ??= [];
        if (!channels.TryGetValue(channel, out var state)) channels.Add(channel, state = new ChannelState());
        var targets = state.Targets ??= [];
        var key = targets.Keys.FirstOrDefault(name => Parse(name) == target) ?? target.ToString();
        if (!targets.TryGetValue(key, out var history)) targets.Add(key, history = []);
        return history;
    }

    private static Target Parse(string name) => Target.TryParse(name, out var target) ? target : Target.Any;

    private static DottedVersion Version(string? text) => DottedVersion.Parse(Encoding.UTF8.GetBytes(text ?? ""));

    private static string Words(Mark mark) => $"since {mark.At:u} by {mark.By ?? "unknown"}{(mark.Reason is null ? "" : $": {mark.Reason}")}";
}
