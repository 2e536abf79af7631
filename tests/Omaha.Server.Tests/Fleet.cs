using System.Security.Cryptography;
using System.Text;
using Omaha.Catalog;

namespace Omaha.Server.Tests;

/// <summary>The catalogue that the tests ask about, and requests as the clients of a fleet send them.</summary>
internal static class Fleet
{
    public const string FlatcarId = "{e96281a6-d1af-4bde-9a0a-97b76e56dc57}";
    public const string ExtensionId = "ldimlcelhnjgpjjemdjokpgeeikdinbm";
    public const string ChromeId = "{8A69D345-D564-463C-AFF1-A69D9E530F96}";
    public const string ChromeOsId = "{BD7F7139-CC18-49C1-A847-33F155CCBCA8}";

    private static readonly DateTimeOffset Moved = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Flatcar with alpha, beta, stable and lts for two architectures; stable is at 4081.3.1.</summary>
    public static AppDocument Flatcar()
    {
        string[] targets = ["any/amd64", "any/arm64"];
        var document = App(FlatcarId, targets, ("alpha", ["4200.0.0"]), ("beta", ["4152.0.0"]), ("stable", ["3510.2.0", "4081.3.1"]), ("lts", ["3510.3.0"]));
        document.Spec!.Aliases = ["{103867da-e3a2-4c92-b0b3-7fbd7f7d8b71}"];
        document.Spec.DefaultTarget = "any/amd64";
        foreach (var release in document.Spec.Releases!)
        {
            release.Packages!.Add(new PackageSpec { Name = "oem-vmware.gz", Size = 2282, Sha1 = "+06iWWI6gaSlcIHV7pjIEJrE9CA=", Sha256 = new string('8', 64) });
            release.Packages.Add(new PackageSpec { Name = "flatcar-python.gz", Size = 40_897_503, Sha1 = "wepxwEV9L2SS1l/ycEZSqWM3dDc=", Sha256 = new string('3', 64) });
        }

        return Sealed(document);
    }

    /// <summary>The same document with all that can hold an offer: a rollout under way, groups, windows, freezes, floors, and pauses in the past.</summary>
    public static AppDocument Configured(AppDocument document, DateTimeOffset now, string version = "9999.0.0")
    {
        var spec = document.Spec!;
        var zones = (string[])["Europe/Berlin", "America/New_York"];
        spec.Windows = [.. zones.SelectMany(static zone => (string[])["mon", "tue", "wed", "thu", "fri", "sat", "sun"], static (zone, day) => new WindowSpec { Days = [day], From = "00:00", To = "24:00", Zone = zone })];
        spec.Freezes = [.. Enumerable.Range(1, 12).Select(month => new FreezeSpec { From = $"{now.Year - 1}-{month:00}-24", To = $"{now.Year - 1}-{month:00}-26", Zone = "Europe/Berlin", Reason = "month's end" })];
        spec.Groups = Enumerable.Range(0, 50).ToDictionary(static i => $"group-{i}", _ => new GroupSpec { Channel = "stable", Windows = spec.Windows, Oems = [""], PollInterval = 3600 });
        foreach (var target in document.State!.Channels!["stable"].Targets!.Keys.ToList())
        {
            var release = Release(version, target);
            spec.Releases!.Add(release);
            foreach (var floor in Enumerable.Range(1, 5).Select(static i => $"{i}.5.0")) spec.Releases.Add(Release(floor, target));
            (spec.Channels!["stable"].Floors ??= []).Add(target, [.. Enumerable.Range(1, 5).Select(static i => new FloorSpec { Version = $"{i}.5.0" })]);
            (document.State.Channels["stable"].Rollouts ??= []).Add(target, new RolloutState
            {
                Release = new CompleteRelease { Version = version, Digest = ReleaseDigest.Of(release) },
                Start = now.AddHours(-12),
                Policy = new RolloutPolicy { Ramp = "24h" },
                Since = now.AddHours(-6),
                Elapsed = TimeSpan.FromHours(6),
                Raised = new RaisedExposure { Percent = 5 },
            });
        }

        return document;
    }

    /// <summary>A catalogue of such documents, behind brakes that were used before.</summary>
    public static CatalogSnapshot ConfiguredSnapshot(DateTimeOffset now, params AppDocument[] documents)
    {
        var editor = Snapshot([.. documents.Select(document => Configured(document, now))]).Edit();
        editor.Brakes = new Brakes
        {
            PollInterval = new PollBrake { Seconds = 7200 },
            Pauses = [.. Enumerable.Range(1, 5).Select(day => new PastPause { From = now.AddDays(-day), To = now.AddDays(-day).AddHours(1) })],
        };
        return editor.Build();
    }

    public static AppDocument Extension() => Sealed(App(ExtensionId, ["any/any"], ("stable", ["1.0.0"])));

    public static AppDocument Chrome() => Sealed(App(ChromeId, ["win/any"], ("stable", ["140.0.7339.81"])));

    public static AppDocument ChromeOs()
    {
        var document = App(ChromeOsId, ["chromeos/amd64"], ("stable", ["15572.63.0"]));
        var package = document.Spec!.Releases![0].Packages![0];
        (package.MetadataSize, package.MetadataSignature) = (65824, "AAAA");
        return Sealed(document);
    }

    public static CatalogSnapshot Snapshot(params AppDocument[] documents)
    {
        var editor = CatalogSnapshot.Empty.Edit();
        editor.Version = new StoreVersion("epoch", 1, "change");
        foreach (var document in documents)
        {
            Assert.Empty(AppValidator.Check(document));
            editor.Put(CatalogApp.From(document));
        }

        return editor.Build();
    }

    /// <summary>A scheduled check as update_engine of Flatcar words it.</summary>
    public static string FlatcarCheck(string version = "3510.2.0", string track = "stable", string board = "amd64-usr", string source = "scheduler", string id = FlatcarId, string previous = "", string machine = "00112233445566778899aabbccddeeff") =>
        $"""
         <?xml version="1.0" encoding="UTF-8"?>
         <request protocol="3.0" version="update_engine-0.4.10" updaterversion="update_engine-0.4.10" installsource="{source}" ismachine="1">
             <os version="Chateau" platform="CoreOS" sp="{version}_x86_64"></os>
             <app appid="{id}" version="{version}" track="{track}" bootid="{"{"}0b5e7f0c-2f0a-4d0e-8f7a-1f2e3d4c5b6a{"}"}" oem="" oemversion="" alephversion="{version}" machineid="{machine}" machinealias="" lang="en-US" board="{board}" hardware_class="" delta_okay="false" >
                 <ping active="1"></ping>
                 <updatecheck></updatecheck>
                 <event eventtype="3" eventresult="2" previousversion="{previous}"></event>
             </app>
         </request>

         """;

    /// <summary>The first check of a Flatcar machine after an update, about 900 bytes: every value is given, and the steps of the update are reported.</summary>
    public static string FlatcarUpdatedCheck() =>
        FlatcarCheck("4081.3.1", previous: "3510.2.0")
            .Replace("oem=\"\" oemversion=\"\"", "oem=\"qemu\" oemversion=\"0.0.3\"", StringComparison.Ordinal)
            .Replace("machinealias=\"\"", "machinealias=\"rack-7\"", StringComparison.Ordinal)
            .Replace("hardware_class=\"\"", "hardware_class=\"standard\"", StringComparison.Ordinal)
            .Replace("        <updatecheck>", "        <event eventtype=\"13\" eventresult=\"1\"></event>\n        <event eventtype=\"14\" eventresult=\"1\"></event>\n        <updatecheck>", StringComparison.Ordinal);

    /// <summary>A ChromeOS machine: its platform and a part that is not in the catalogue.</summary>
    public static string ChromeOsCheck() =>
        $$"""
          <?xml version="1.0" encoding="UTF-8"?>
          <request requestid="{7d3c1b0e-51f2-4d55-b4b6-4f2a8f0c9a11}" sessionid="{9e1f5a2c-0f0d-4b0e-9b1b-6c9e2f7d3e22}" protocol="3.0" updater="ChromeOSUpdateEngine" updaterversion="0.1.0.0" installsource="scheduler" ismachine="1">
              <os version="Indy" platform="Chrome OS" sp="15500.1.0_x86_64"></os>
              <app appid="{{ChromeOsId}}" cohort="1:1:" cohortname="eve_stable" version="15500.1.0" track="stable-channel" board="eve-signed-mp" hardware_class="EVE A1B-C2D" delta_okay="false" installdate="6027" lang="en-US" fw_version="" ec_version="" >
                  <ping active="1" a="1" r="1"></ping>
                  <updatecheck targetversionprefix=""></updatecheck>
                  <event eventtype="3" eventresult="2" previousversion="0.0.0.0"></event>
              </app>
              <app appid="{{ChromeOsId}}_minios" version="0.0.0.0" track="stable-channel" board="eve-signed-mp" delta_okay="false" >
                  <ping active="1"></ping>
                  <updatecheck></updatecheck>
              </app>
          </request>

          """;

    /// <summary>Chromium's component updater: one line, about 300 bytes for each component.</summary>
    public static string ChromiumCheck(params IEnumerable<string> ids) =>
        """<?xml version="1.0" encoding="UTF-8"?><request protocol="3.1" dedup="cr" acceptformat="crx2,crx3" sessionid="{51}" requestid="{52}" updater="chromiumcrx" updaterversion="75.0.1.2" prodversion="75.0.1.2" lang="de" os="linux" arch="x64"><hw physmemory="16"/><os platform="Linux" arch="x86_64" version="5.10"/>"""
        + string.Concat(ids.Select(id =>
            $$"""<app appid="{{id}}" version="0.9.54" brand="GGRO" cohort="1:b:" cohortname="Everyone" installsource="ondemand" enabled="1"><updatecheck/><ping rd="4190" ping_freshness="{5b0e6a1e-7a7c-4b7e-9a61-2f6d1f3c4b53}"/><packages><package fp="1.2b5e6c00ff"/></packages></app>"""))
        + "</request>";

    private static AppDocument App(string id, string[] targets, params (string Name, string[] Versions)[] channels) => new()
    {
        App = id,
        Spec = new AppSpec
        {
            Channels = channels.ToDictionary(channel => channel.Name, _ => new ChannelSpec()),
            Releases = [.. channels.SelectMany(channel => channel.Versions).Distinct().SelectMany(version => targets.Select(target => Release(version, target)))],
        },
        State = new AppState
        {
            Channels = channels.ToDictionary(channel => channel.Name, channel => new ChannelState
            {
                Targets = targets.ToDictionary(target => target, _ => channel.Versions.Select(version => new CompleteRelease { Version = version, At = Moved, By = "tests" }).ToList()),
            }),
        },
    };

    private static ReleaseSpec Release(string version, string target) => new()
    {
        Version = version,
        Target = target,
        Codebases = [$"https://dl.example.test/{target}/{version}/"],
        Packages =
        [
            new PackageSpec
            {
                Name = "payload.gz",
                Size = 104_857_600,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target + version))),
                Sha1 = "I6DGNAOrJRUxPbCuLw+AITfiVMo=",
            },
        ],
    };

    /// <summary>Writes the digests into the histories, once the releases are as they will be.</summary>
    private static AppDocument Sealed(AppDocument document)
    {
        foreach (var (target, history) in document.State!.Channels!.Values.SelectMany(channel => channel.Targets!))
        {
            foreach (var complete in history) complete.Digest = ReleaseDigest.Of(document.Spec!.Releases!.Single(release => release.Version == complete.Version && release.Target == target));
        }

        return document;
    }
}
