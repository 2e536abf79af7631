using System.Security.Cryptography;
using System.Text;
using Omaha.Catalog;

namespace Omaha.Faults;

/// <summary>The app that machines ask about, among some others.</summary>
internal static class FaultCatalog
{
    public const string App = "{e96281a6-d1af-4bde-9a0a-97b76e56dc57}";

    private const string Target = "any/amd64";
    private const string Channel = "stable";
    private const int Others = 200;

    /// <summary>A check as Flatcar sends it.</summary>
    public const string Check =
        $$"""
        <?xml version="1.0" encoding="UTF-8"?>
        <request protocol="3.0" version="update_engine-0.4.10" installsource="scheduler" ismachine="1"><os platform="CoreOS" sp="0.1.0_x86_64"/><app appid="{{App}}" version="0.1.0" track="stable" board="amd64-usr" machineid="0123456789abcdef0123456789abcdef"><ping active="1"/><updatecheck/></app></request>
        """;

    public const string NoUpdate = "<updatecheck status=\"noupdate\"";

    /// <summary>What is in a reply that offers a version.</summary>
    public static string Offer(string version) => $"<manifest version=\"{version}\"";

    public static AppDocument Offering(string version) => Document(App, version);

    public static IEnumerable<AppDocument> Background() => Enumerable.Range(0, Others).Select(static i => Document($"com.example.background-{i}", "1.0.0"));

    private static AppDocument Document(string app, string version)
    {
        var release = new ReleaseSpec
        {
            Version = version,
            Target = Target,
            Codebases = [$"https://downloads.example.invalid/{version}/"],
            Packages = [new PackageSpec { Name = "payload.gz", Size = 1000, Sha1 = Convert.ToBase64String(new byte[20]), Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(app + version))) }],
        };
        return new AppDocument
        {
            App = app,
            Spec = new AppSpec { Channels = new() { [Channel] = new ChannelSpec() }, Releases = [release] },
            State = new AppState { Channels = new() { [Channel] = new ChannelState { Targets = new() { [Target] = [new CompleteRelease { Version = version, Digest = ReleaseDigest.Of(release), By = "faults" }] } } } },
        };
    }
}
