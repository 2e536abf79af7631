using System.Text;
using Omaha.Conformance.Clients;

namespace Omaha.Conformance;

/// <summary>Holds our imitations of the other clients against replies that each has to accept or reject.</summary>
public sealed class ClientRules
{
    private const string Id = "{5c0f2a60-3a3e-4d0f-9c52-0c7a3b9d1e44}";
    private const string Sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private static readonly Sample Good = new()
    {
        Daystart = "<daystart elapsed_days=\"7002\" elapsed_seconds=\"9\"/>",
        App = $"appid=\"{Id}\" status=\"ok\"",
        Packages = $"<packages><package name=\"a.gz\" size=\"9\" required=\"true\" hash_sha256=\"{Sha256}\"/></packages>",
    };

    private static readonly byte[] UnknownApp = Encoding.UTF8.GetBytes($"<response protocol=\"3.1\"><app appid=\"{Id}\" status=\"error-unknownApplication\"/></response>");

    private static byte[] Bytes(Sample sample) => Encoding.UTF8.GetBytes(sample.ToString());

    private static string Package(string attributes) => $"<packages><package {attributes}/></packages>";

    private static string Action(string attributes) => $"<actions><action {attributes}/></actions>";

    private static void MustReject(Action<byte[]> client, params Sample[] samples)
    {
        client(Bytes(Good));
        Assert.All(samples, sample => Assert.Throws<RejectedReplyException>(() => client(Bytes(sample))));
    }

    [Fact]
    public void Rust_helper_insists_on_complete_apps_and_on_values_of_the_right_form() => MustReject(
        static reply => UeRs.Read(reply),
        Good with { App = "appid=\"not-a-uuid\" status=\"ok\"" },
        Good with { App = $"appid=\"{Id}\"" },
        Good with { App = $"appid = \"{Id}\" status=\"ok\"" },
        Good with { AfterApp = $"<app appid=\"{Id}\" status=\"ok\"><updatecheck status=\"noupdate\"/></app>" },
        Good with { Urls = "" },
        Good with { Urls = "<urls><url codebase=\"a/\"/></urls>" },
        Good with { Manifest = "" },
        Good with { Actions = "" },
        Good with { Actions = Action("event=\"postinstall\"") },
        Good with { Actions = Action($"event=\"later\" {Sample.Digest}") },
        Good with { Actions = Action($"event=\"postinstall\" successaction=\"dance\" {Sample.Digest}") },
        Good with { Packages = Package("name=\"a\" size=\"9\"") },
        Good with { Packages = Package("name=\"a\" size=\"-9\" required=\"true\"") },
        Good with { Packages = Package("name=\"a\" size=\"9\" required=\"true\" hash=\"\"") },
        Good with { Packages = Package($"name=\"a\" size=\"9\" required=\"true\" hash=\"{new string('0', 40)}\"") });

    [Fact]
    public void Rust_helper_takes_a_codebase_only_as_the_first_attribute_and_replaces_its_last_segment_without_a_slash()
    {
        Assert.Empty(UeRs.Read(Bytes(Good with { Urls = "<urls><url note=\"1\" codebase=\"http://dl.example/a/\"/></urls>" })));
        Assert.Equal(new Uri("http://dl.example/a.gz"), Assert.Single(UeRs.Read(Bytes(Good with { Urls = "<urls><url codebase=\"http://dl.example/a\"/></urls>" }))));
    }

    [Fact]
    public void Google_Update_insists_on_status_required_and_size_of_32_bits() => MustReject(
        static reply => GoogleUpdateClient.Read(reply),
        Good with { Root = "response protocol=\"2.0\"" },
        Good with { Root = "response protocol=\"4.0\"" },
        Good with { Root = "response" },
        Good with { Daystart = "<daystart elapsed_seconds=\"9\"/>" },
        Good with { Daystart = "<daystart elapsed_days=\"12\"/>" },
        Good with { App = $"appid=\"{Id}\"" },
        Good with { Check = "" },
        Good with { Urls = "<urls><url/></urls>" },
        Good with { Packages = Package($"name=\"a\" size=\"9\" hash_sha256=\"{Sha256}\"") },
        Good with { Packages = Package($"name=\"a\" size=\"2147483648\" required=\"true\" hash_sha256=\"{Sha256}\"") },
        Good with { Packages = Package("name=\"a\" size=\"9\" required=\"true\"") },
        Good with { Actions = Action("event=\"celebrate\"") },
        Good with { InApp = "<data name=\"other\" status=\"ok\"/>" },
        Good with { InApp = "<data name=\"install\" status=\"ok\">x</data>" },
        Good with { InApp = "<data name=\"install\" index=\"i\" status=\"ok\"></data>" },
        Good with { InApp = "<data name=\"install\" index=\"i\" status=\"ok\"><![CDATA[x]]></data>" },
        Good with { InApp = "<unknown><package/></unknown>" },
        Good with { BeforeApp = "<updatecheck status=\"ok\"/>" });

    [Fact]
    public void Google_Update_reads_data_and_lets_the_status_of_the_app_count_before_that_of_its_check()
    {
        var app = GoogleUpdateClient.Read(Bytes(Good with { App = $"appid=\"{Id}\" status=\"restricted\"", InApp = "<data name=\"install\" index=\"i\" status=\"ok\">a&lt;b</data><data name=\"untrusted\" status=\"ok\"/>" })).Single();
        Assert.Equal("restricted", app.Status);
        Assert.Equal("a<b", app.InstallData["i"]);
        Assert.Equal(1, app.UntrustedAnswers);
    }

    [Fact]
    public void ChromeOS_insists_on_a_postinstall_action_a_version_and_digests() => MustReject(
        static reply => ChromeOsEngine.Read(reply, Id),
        Good with { Declaration = "<!DOCTYPE response [<!ENTITY a \"b\">]>" },
        Good with { Root = "response xmlns=\"urn:updates\"" },
        Good with { Check = "" },
        Good with { Check = "status=\"error-internal\"" },
        Good with { Urls = "" },
        Good with { Urls = "<urls><url codebase=\"\"/></urls>" },
        Good with { Manifest = "" },
        Good with { Packages = "" },
        Good with { Packages = Package("name=\"a\" size=\"9\"") },
        Good with { Packages = Package($"name=\"a\" size=\"0\" hash_sha256=\"{Sha256}\"") },
        Good with { Actions = "" },
        Good with { AfterApp = $"<app appid=\"{Id}_dlc\" status=\"error-unknownApplication\"/>" });

    [Fact]
    public void ChromeOS_stops_at_an_image_without_update_but_not_at_its_content()
    {
        const string none = "<updatecheck status=\"noupdate\"/>";
        Assert.Equal(0, ChromeOsEngine.Read(Bytes(Good with { BeforeApp = $"<app appid=\"{Id}\">{none}</app>", App = $"appid=\"{Id}_dlc\"" }), Id));
        Assert.Equal(1, ChromeOsEngine.Read(Bytes(Good with { AfterApp = $"<app appid=\"{Id}_dlc\">{none}</app><app appid=\"{Id}_minios\">{none}</app>" }), Id));
        Assert.Equal(1, ChromeOsEngine.Read(Bytes(Good with { BeforeApp = $"<app appid=\"{Id}\" status=\"ok\"></app>", App = $"appid=\"{Id}_dlc\"" }), Id, isInstall: true));
        Assert.Throws<RejectedReplyException>(() => ChromeOsEngine.Read(Bytes(Good with { BeforeApp = $"<app appid=\"{Id}\" status=\"ok\"></app>", App = $"appid=\"{Id}_dlc\"" }), Id));
    }

    [Fact]
    public void Chromium_insists_on_its_protocol_and_spares_the_other_apps()
    {
        static string? Fault(Sample sample, string protocol = "3.0") => ChromiumUpdater.Read(Bytes(sample), protocol).Single().Fault;
        Assert.Null(Fault(Good));
        Assert.Null(Fault(Good with { Root = "response protocol=\"3.1\"" }, "3.1"));
        Assert.Throws<RejectedReplyException>(() => ChromiumUpdater.Read(Bytes(Good), "3.1"));
        Assert.NotNull(Fault(Good with { App = "" }));
        Assert.NotNull(Fault(Good with { Check = "status=\"ok\"", Urls = "" }));
        Assert.NotNull(Fault(Good with { Urls = "<urls><url codebase=\"a/\"/></urls>" }));
        Assert.NotNull(Fault(Good with { Manifest = "version=\"1.0-beta\"" }));
        Assert.NotNull(Fault(Good with { Packages = "" }));
        Assert.NotNull(Fault(Good with { Packages = Package("size=\"9\"") }));
        Assert.Equal((Id, "error-unknownApplication", null), ChromiumUpdater.Read(UnknownApp, "3.1").Single());
    }

    [Fact]
    public void Go_library_insists_on_the_exact_id_an_app_that_is_ok_and_on_types()
    {
        MustReject(
            static reply => GoOmaha.Read(reply, "text/xml; charset=utf-8", Id),
            Good with { Root = "response protocol=\"3.1\"" },
            Good with { App = $"appid=\"{Id.ToUpperInvariant()}\" status=\"ok\"" },
            Good with { App = $"appid=\"{Id}\" status=\"error-internal\"" },
            Good with { Packages = Package("name=\"a\" size=\"9\" required=\"yes\"") },
            Good with { Packages = Package("name=\"a\" size=\"many\"") },
            Good with { Actions = Action("event=\"postinstall\" IsDeltaPayload=\"true:false\"") });
        Assert.Throws<RejectedReplyException>(() => GoOmaha.Read(Bytes(Good), "text/html", Id));
    }
}
