using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Omaha.Catalog;

namespace Omaha.Benchmarks;

/// <summary>Catalogues of many small apps: each has one channel, one target and one release of one package, whose manifest is 600 bytes on the wire.</summary>
internal static class SmallApps
{
    private const string Channel = "stable";
    private const string AppTarget = "any/amd64";
    private const string Version = "4081.3.1";

    private static readonly DateTimeOffset Completed = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ConcurrentDictionary<int, CatalogSnapshot> Snapshots = [];

    /// <summary>A catalogue of that many apps, made once.</summary>
    public static CatalogSnapshot Snapshot(int count) => Snapshots.GetOrAdd(count, Build);

    /// <summary>Id of an app. Their order has nothing to do with where they lie in memory.</summary>
    public static string Id(int app) => new Guid((uint)app * 2_654_435_761u, (ushort)app, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0).ToString("B", CultureInfo.InvariantCulture);

    /// <summary>The document of an app.</summary>
    public static AppDocument Document(int app)
    {
        var release = new ReleaseSpec
        {
            Version = Version,
            Target = AppTarget,
            Codebases = [string.Create(CultureInfo.InvariantCulture, $"https://downloads.example.test/a-folder-for-each-app/{app:D7}/{Version}/")],
            Packages =
            [
                new PackageSpec
                {
                    Name = "payload.gz",
                    Size = 104_857_600,
                    Sha256 = Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(app))),
                    Sha1 = Convert.ToBase64String(SHA1Of(app)),
                },
            ],
        };
        return new AppDocument
        {
            App = Id(app),
            Spec = new AppSpec { Channels = new() { [Channel] = new ChannelSpec() }, Releases = [release] },
            State = new AppState
            {
                Channels = new()
                {
                    [Channel] = new ChannelState { Targets = new() { [AppTarget] = [new CompleteRelease { Version = Version, Digest = ReleaseDigest.Of(release), At = Completed, By = "bench" }] } },
                },
            },
        };
    }

    /// <summary>A check of an app by a machine that runs an earlier version.</summary>
    public static byte[] Check(int app) => Encoding.UTF8.GetBytes(Server.Tests.Fleet.FlatcarCheck(id: Id(app)));

    /// <summary>The apps go through their documents as bytes, as in a server: what a document's texts share in this process, they do not share there.</summary>
    private static CatalogSnapshot Build(int count)
    {
        var editor = CatalogSnapshot.Empty.Edit();
        var apps = Enumerable.Range(0, count).AsParallel().AsOrdered().WithDegreeOfParallelism(Environment.ProcessorCount);
        foreach (var app in apps.Select(static app => CatalogApp.From(DocumentJson.ReadApp(DocumentJson.Write(Document(app)), out _)!))) editor.Put(app);
        editor.Version = new StoreVersion("epoch", 1, "change");
        return editor.Build();
    }

#pragma warning disable CA5350 // The protocol has a SHA-1 beside the SHA-256, for clients of old.
    private static byte[] SHA1Of(int app) => SHA1.HashData(BitConverter.GetBytes(app));
#pragma warning restore CA5350
}
