using Omaha.Catalog;

namespace Omaha.Conformance;

/// <summary>What the server offers in these tests. A test that needs more writes an app of its own.</summary>
internal static class Catalogue
{
    /// <summary>An operating system for two architectures with four channels; stable is at 4081.3.1.</summary>
    public const string Flatcar = "{e96281a6-d1af-4bde-9a0a-97b76e56dc57}";

    /// <summary>The id under which old arm64 machines ask for the same.</summary>
    public const string FlatcarAlias = "{103867da-e3a2-4c92-b0b3-7fbd7f7d8b71}";

    /// <summary>A browser extension at 1.0.0.</summary>
    public const string Extension = "ldimlcelhnjgpjjemdjokpgeeikdinbm";

    /// <summary>A browser for Windows at 140.0.7339.81, and 55.2.17.0 and 56.0.1.0 on its dev channel.</summary>
    public const string Browser = "{8A69D345-D564-463C-AFF1-A69D9E530F96}";

    /// <summary>An updater for Windows at 1.3.23.0.</summary>
    public const string Updater = "{430FD4D0-B729-4F61-AA34-91526481799D}";

    /// <summary>A ChromeOS image: 15572.63.0 on stable, which came after 15474.84.0 and permits going back to it; 15699.1.0 on dev, which does not.</summary>
    public const string ChromeOs = "{BD7F7139-CC18-49C1-A847-33F155CCBCA8}";

    /// <summary>Downloadable content of that image.</summary>
    public const string Dlc = ChromeOs + "_termina-dlc";

    /// <summary>The recovery image beside it.</summary>
    public const string MiniOs = ChromeOs + "_minios";

    /// <summary>An app whose channel is known by tracks of unusual characters, so that a reply shows whether they were read right.</summary>
    public const string OddTracks = "conformance.odd-tracks";

    /// <summary>A plain app at 4081.3.1 whose decisions are counted under its own name.</summary>
    public const string Counted = "conformance.counted";

    public static AppDocument[] All() =>
    [
        FlatcarDocument(),
        new AppDraft(Extension).Release("stable", "1.0.0", change: ForExtension).Seal(),
        BrowserDocument(),
        new AppDraft(Updater).Release("stable", "1.3.23.0", "win/any").Seal(),
        ChromeOsDocument(),
        new AppDraft(Dlc).Release("stable", "15572.63.0", "chromeos/amd64", ForChromeOs).Seal(),
        new AppDraft(MiniOs).Release("stable", "15572.63.0", "chromeos/amd64", ForChromeOs).Seal(),
        new AppDraft(OddTracks).Release("nightly", "2.0").Channel("stable").With(static spec => spec.Tracks = Tracks.ToDictionary(static track => track, static _ => "nightly")).Seal(),
        new AppDraft(Counted).Release("stable", "4081.3.1").With(static spec => spec.Metrics = true).Seal(),
    ];

    /// <summary>Tracks of <see cref="OddTracks"/>, all in lower case.</summary>
    public static string[] Tracks { get; } = ["a\"b", "sta ble", "it's", "a&b<c>", "stra\u00dfe-\u96ea-\U0001F600"];

    private static AppDocument FlatcarDocument()
    {
        var draft = new AppDraft(Flatcar).With(static spec =>
        {
            spec.Aliases = [FlatcarAlias];
            spec.DefaultTarget = "any/amd64";
        });
        foreach (var target in (string[])["any/amd64", "any/arm64"])
        {
            draft.Release("alpha", "4230.0.0", target, ForFlatcar)
                .Release("beta", "4152.2.0", target, ForFlatcar)
                .Release("stable", "3510.2.0", target, ForFlatcar)
                .Release("stable", "4081.3.1", target, ForFlatcar)
                .Release("lts", "3510.3.5", target, ForFlatcar)
                .Release("edge", "4012.0.1", target, ForFlatcar);
        }

        return draft.Seal();
    }

    private static AppDocument BrowserDocument() =>
        new AppDraft(Browser)
            .Release("stable", "140.0.7339.81", "win/any", ForWindows)
            .Release("dev", "55.2.17.0", "win/any", ForWindows)
            .Release("dev", "56.0.1.0", "win/any", ForWindows)
            .Seal();

    private static AppDocument ChromeOsDocument() =>
        new AppDraft(ChromeOs)
            .Channel("stable", static channel => channel.Rollback = true)
            .Release("stable", "15474.84.0", "chromeos/amd64", ForChromeOs)
            .Release("stable", "15572.63.0", "chromeos/amd64", ForChromeOs)
            .Release("dev", "15572.63.0", "chromeos/amd64")
            .Release("dev", "15699.1.0", "chromeos/amd64", ForChromeOs)
            .Seal();

    private static void ForFlatcar(ReleaseSpec release) => release.Packages =
    [
        AppDraft.Package("update.gz", 100_000_000, content: release.Version + release.Target),
        AppDraft.Package("oem-vmware.gz", 2_282),
        AppDraft.Package("flatcar-python.gz", 40_897_503),
    ];

    private static void ForChromeOs(ReleaseSpec release)
    {
        release.Packages = [AppDraft.Package($"chromeos_{release.Version}_full.signed", 1_133_479_208)];
        release.Packages[0].MetadataSize = 65_824;
        release.Packages[0].MetadataSignature = "c2lnbmVk";
        (release.FirmwareVersion, release.KernelVersion) = ("1.1", "2.3");
    }

    private static void ForExtension(ReleaseSpec release)
    {
        release.Packages = [AppDraft.Package("extension_1_0_0.crx", 4096)];
        (release.Format, release.ProdVersionMin) = ("crx3", "60.0");
    }

    private static void ForWindows(ReleaseSpec release)
    {
        release.Packages = [AppDraft.Package("installer.exe", 90_000_000, content: release.Version)];
        release.Actions =
        [
            new ActionSpec { Event = "install", Run = "installer.exe", Arguments = "--silent \"--channel=<stable>\"" },
            new ActionSpec { Event = "postinstall", OnSuccess = "exitsilentlyonlaunchcmd" },
        ];
    }
}
