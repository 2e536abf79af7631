using Omaha.Catalog;
using Omaha.Protocol.Tests;
using Omaha.Server.Tests;

namespace Omaha.Fuzz;

/// <summary>A catalogue that leads requests down every path: each family of clients finds apps here, and every brake and condition is on one of them.</summary>
internal static class FuzzCatalog
{
    private static readonly DateTimeOffset Moved = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 20, 0, 0, TimeSpan.Zero);
    private static readonly Mark Braked = new() { At = Moved, By = "fuzzing", Reason = "a reason" };

    public static CatalogSnapshot Build()
    {
        var editor = Fleet.Snapshot([Fleet.Flatcar(), Fleet.Extension(), Fleet.Chrome(), Fleet.ChromeOs(), Fleet.Configured(Engine(), Now), Lead(), Module(), Fleet.Configured(Component(), Now), Picky(), Installer(), .. Braking()]).Edit();
        editor.Put(CatalogApp.NotServed("unsupported", AppStanding.Unsupported));
        editor.Put(CatalogApp.NotServed("unreadable", AppStanding.Unreadable));
        return editor.Build();
    }

    /// <summary>The app that <see cref="Samples.Flatcar"/> asks about: going back is allowed, and the newest release is a delta.</summary>
    private static AppDocument Engine() => App(
        "{0a1b2c3d-0000-4111-8222-333344445555}",
        [
            Release("3510.2.0", "any/amd64", release => release.Actions = [new ActionSpec { Event = "install", Run = "setup", Arguments = "a & b" }]),
            Release("4081.2.1", "any/amd64", release => release.Packages!.Add(new PackageSpec { Name = "oem.gz", Size = 1 })),
            Release("4081.3.1", "any/amd64", release => (release.Packages![0].Delta, release.Gates) = (true, new GatesSpec { Oems = ["qemu", ""] })),
        ],
        spec => (spec.Aliases, spec.DefaultTarget, spec.Cohort) = (["engine"], "any/amd64", "1:x & y"));

    /// <summary>The platform app of <see cref="Samples.ChromeOs"/>.</summary>
    private static AppDocument Lead() => App("{ABCDEF00-1111-4222-8333-444455556666}", [ForChromeOs("15572.63.0"), ForChromeOs("16002.5.0")]);

    /// <summary>The part that belongs to it.</summary>
    private static AppDocument Module() => App("{ABCDEF00-1111-4222-8333-444455556666}_module", [ForChromeOs("16002.5.0")]);

    /// <summary>The first component of <see cref="Samples.Chromium"/>.</summary>
    private static AppDocument Component() => App(
        "aaaabbbbccccddddeeeeffffgggghhhh",
        [
            Release("8.0", "any/any", release =>
            {
                (release.Format, release.ProdVersionMin) = ("crx3", "70.0");
                release.Codebases = ["https://dl.example.test/c/", "http://dl.example.test/c/"];
            }),
        ],
        spec => spec.Cohort = "");

    /// <summary>The second one, which hardly any machine can take.</summary>
    private static AppDocument Picky() => App(
        "ppppoooonnnnmmmmllllkkkkjjjjiiii",
        [Release("17", "linux/any", release => release.Gates = new GatesSpec { MinMemory = 32, Cpu = ["sse2", "sse3", "avx"], MinOsVersion = "6.1" })]);

    /// <summary>The app of <see cref="Samples.GoogleUpdate"/>: install data, error pages, and a release too large for its client.</summary>
    private static AppDocument Installer() => App(
        "{01234567-89AB-4CDE-8F01-23456789ABCD}",
        [
            Release("55.1", "win/any", release => release.Packages![0].Size = 5L << 30),
            Release("55.2.7", "win/x64", release =>
            {
                release.Gates = new GatesSpec { MinOsVersion = "10.0", Cpu = ["avx"] };
                release.Actions = [new ActionSpec { Event = "install", Run = "setup.exe", OnSuccess = "exitsilently" }, new ActionSpec { Event = "postinstall", TerminateAllBrowsers = true }];
            }),
        ],
        spec =>
        {
            (spec.ErrorUrl, spec.Metrics) = ("https://example.test/?a=1&b=2", true);
            spec.InstallData = new() { ["verbose"] = "{\"a\": \"<b>\"}", ["a<b"] = "" };
            spec.Tracks = new() { ["beta&x"] = "beta", ["t-app"] = "dev" };
        });

    private static IEnumerable<AppDocument> Braking()
    {
        yield return App("restricted", [Release("2")], spec => spec.Restricted = true);
        yield return App("unhashed", [Release("2", change: release => release.Packages![0].Sha256 = null)]);
        yield return App("empty", []);

        var paused = App("paused", [Release("2")]);
        paused.State!.Paused = Braked;
        yield return paused;

        var blocked = App("blocked", [Release("1"), Release("2")]);
        blocked.State!.Blocks = new() { [ReleaseDigest.Of(blocked.Spec!.Releases![1])] = Braked };
        yield return blocked;
    }

    /// <summary>An app whose releases were all complete, in their order, on each of three channels: stable may go back, beta is paused, dev is as it comes.</summary>
    private static AppDocument App(string id, ReleaseSpec[] releases, Action<AppSpec>? change = null)
    {
        var spec = new AppSpec
        {
            Channels = new() { ["stable"] = new() { Rollback = true, PollInterval = 3000 }, ["beta"] = new(), ["dev"] = new() },
            PollInterval = 3600,
            Releases = [.. releases],
        };
        change?.Invoke(spec);
        return new AppDocument
        {
            App = id,
            Spec = spec,
            State = new AppState { Channels = new() { ["stable"] = Completed(releases), ["beta"] = Completed(releases, Braked), ["dev"] = Completed(releases) } },
        };
    }

    private static ChannelState Completed(ReleaseSpec[] releases, Mark? paused = null) => new()
    {
        Paused = paused,
        Targets = releases.GroupBy(release => release.Target!).ToDictionary(
            target => target.Key,
            target => target.Select(release => new CompleteRelease { Version = release.Version, Digest = ReleaseDigest.Of(release), At = Moved, By = "fuzzing" }).ToList()),
    };

    private static ReleaseSpec ForChromeOs(string version) => Release(version, "chromeos/any", release =>
    {
        (release.FirmwareVersion, release.KernelVersion) = ("1.1", "1.2");
        release.Packages!.Add(new PackageSpec { Name = "second.bin", Size = 7, Sha256 = new string('b', 64), MetadataSize = 5 });
    });

    private static ReleaseSpec Release(string version, string target = "any/any", Action<ReleaseSpec>? change = null)
    {
        var release = new ReleaseSpec
        {
            Version = version,
            Target = target,
            Codebases = [$"https://dl.example.test/{version}/"],
            Packages = [new PackageSpec { Name = "payload.gz", Size = 1000, Sha256 = new string('a', 64), Sha1 = "I6DGNAOrJRUxPbCuLw+AITfiVMo=" }],
        };
        change?.Invoke(release);
        return release;
    }
}
