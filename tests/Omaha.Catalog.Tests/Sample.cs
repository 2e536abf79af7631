using System.Security.Cryptography;
using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog.Tests;

/// <summary>Documents and requests to try the rules with.</summary>
internal static class Sample
{
    public const string AppId = "{11112222-3333-4444-5555-666677778888}";

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Stamp Stamp = new(Now, "someone");

    public static ReleaseSpec Release(string version, string target = "any/amd64") => new()
    {
        Version = version,
        Target = target,
        Codebases = [$"https://dl.example.test/{target}/{version}/"],
        Packages =
        [
            new PackageSpec
            {
                Name = "payload.gz",
                Size = 1000,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version + target))),
            },
        ],
    };

    /// <summary>An app with channels alpha, beta and stable whose histories are the given versions, oldest first.</summary>
    public static AppDocument App(string target = "any/amd64", string[]? alpha = null, string[]? beta = null, string[]? stable = null)
    {
        var histories = new Dictionary<string, string[]> { ["alpha"] = alpha ?? [], ["beta"] = beta ?? [], ["stable"] = stable ?? [] };
        var releases = histories.Values.SelectMany(versions => versions).Distinct().Select(version => Release(version, target)).ToList();
        return new AppDocument
        {
            App = AppId,
            Spec = new AppSpec
            {
                Channels = new() { ["alpha"] = new(), ["beta"] = new() { PromotesFrom = "alpha" }, ["stable"] = new() { PromotesFrom = "beta" } },
                Releases = releases,
            },
            State = new AppState
            {
                Channels = histories.Where(history => history.Value.Length > 0).ToDictionary(
                    history => history.Key,
                    history => new ChannelState { Targets = new() { [target] = [.. history.Value.Select(version => Complete(releases.Find(release => release.Version == version)!))] } }),
            },
        };
    }

    public static CompleteRelease Complete(ReleaseSpec release) => new() { Version = release.Version, Digest = ReleaseDigest.Of(release), At = Now, By = "someone" };

    public static CatalogSnapshot Snapshot(params AppDocument[] documents)
    {
        var editor = CatalogSnapshot.Empty.Edit();
        foreach (var document in documents)
        {
            Assert.Empty(AppValidator.Check(document));
            editor.Put(CatalogApp.From(document));
        }

        return editor.Build();
    }

    /// <summary>Decides the first app of a request with these attributes.</summary>
    public static CheckOutcome Check(CatalogSnapshot snapshot, string app = "version=\"1.0\" board=\"amd64-usr\"", string updateCheck = "", string os = "platform=\"CoreOS\"", string id = AppId, DateTimeOffset? at = null, string attributes = "", DateTimeOffset? rampLimit = null)
    {
        var request = new UpdateRequest();
        request.Load(Encoding.UTF8.GetBytes($"<request protocol=\"3.0\" {attributes}><os {os}/><app appid=\"{id}\" {app}><updatecheck {updateCheck}/></app></request>"));
        Assert.Equal(Refusal.None, XmlRequestReader.Read(request));
        ref readonly var asked = ref request.Apps[0];
        Span<byte> key = stackalloc byte[RequestLimits.AppIdBytes];
        Assert.True(AppIds.TryNormalize(request[asked.Id], key, out var length));
        var found = snapshot.Find(key[..length]);
        Assert.NotNull(found);
        return Decide.Check(snapshot, found, request, asked, ClientKinds.Of(request), new CheckMoment(at ?? Now, rampLimit ?? DateTimeOffset.MaxValue));
    }

    public static string? Offered(CatalogSnapshot snapshot, string app, string updateCheck = "", string os = "platform=\"CoreOS\"")
    {
        return Version(Check(snapshot, app, updateCheck, os));
    }

    /// <summary>The version that an outcome offers; null for none.</summary>
    public static string? Version(CheckOutcome outcome)
    {
        Assert.Equal(outcome.Decision == Decision.Offered, outcome.Release is not null);
        return outcome.Release is { } release ? string.Join('.', Enumerable.Range(0, release.Version.PartCount).Select(i => release.Version[i])) : null;
    }
}
