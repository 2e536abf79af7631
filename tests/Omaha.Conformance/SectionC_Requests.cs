using Omaha.Catalog;
using Omaha.Conformance.Clients;

namespace Omaha.Conformance;

/// <summary>Section C: what a request means, and what it may leave out or get wrong.</summary>
public sealed class SectionC_Requests(LiveServer server)
{
    private const string Counted = Catalogue.Counted;

    private async Task<AppReply> AskAppAsync(string request) => (await server.AskAsync(request)).App;

    [Theory]
    [InlineData("3.0")]
    [InlineData("3.1")]
    public async Task C01_Reply_has_the_protocol_of_its_request(string protocol)
    {
        var reply = await server.AskAsync(Chromium.Request(Chromium.App(Catalogue.Extension, "0.9"), protocol));
        Assert.Equal(protocol, (string?)reply.Xml.Attribute("protocol"));
        Assert.Equal([(Catalogue.Extension, "ok", null)], ChromiumUpdater.Read(reply.Body, protocol));
    }

    [Theory]
    [InlineData("")]
    [InlineData("protocol=\"\"")]
    [InlineData("protocol=\"4.0\"")]
    [InlineData("protocol=\"2.0\"")]
    [InlineData("Protocol=\"3.0\"")]
    public async Task C02_Other_protocol_or_none_is_refused(string attribute)
    {
        var reply = await server.PostAsync($"<request {attribute}><app appid=\"{Counted}\"><updatecheck/></app></request>");
        Assert.Equal(400, reply.Status);
        Assert.StartsWith("UnsupportedProtocol", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("3.")]
    [InlineData("3.00")]
    [InlineData(" 3.0")]
    public async Task C03_Protocol_is_not_compared_as_a_number(string protocol) =>
        Assert.Equal(400, (await server.PostAsync(Plain.Request("", protocol))).Status);

    [Theory]
    [InlineData("<request protocol=\"3.0\"/>")]
    [InlineData("<request protocol=\"3.0\" testsource=\"dev\"></request>")]
    [InlineData("<request protocol=\"3.1\"><hw physmemory=\"4\"/><os platform=\"win\"/></request>")]
    public async Task C04_Request_without_apps_gets_the_day_and_nothing_else(string request) =>
        Assert.Equal(["daystart"], (await server.AskAsync(request)).Xml.Elements().Select(static element => element.Name.LocalName));

    [Fact]
    public async Task C05_Element_of_the_operating_system_may_be_missing() =>
        Assert.Equal("4081.3.1", (await AskAppAsync(Plain.CheckOf(Catalogue.Flatcar, "3510.2.0"))).Version);

    [Fact]
    public async Task C06_First_element_of_the_operating_system_counts_wherever_it_stands()
    {
        var app = Plain.App(Catalogue.Flatcar, "3510.2.0");
        const string arm = "<os platform=\"CoreOS\" arch=\"arm64\"/>";
        const string intel = "<os platform=\"CoreOS\" arch=\"x64\"/>";
        foreach (var inside in (string[])[app + arm, app + arm + intel, arm + app + intel, arm + intel + app])
        {
            Assert.Equal(["https://dl.example/arm64/stable/4081.3.1/"], (await AskAppAsync(Plain.Request(inside))).Codebases);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("appid=\"\"")]
    [InlineData("appid=\"  \"")]
    [InlineData("appid=\"{}\"")]
    public async Task C07_App_without_a_usable_id_is_told_so_and_costs_its_neighbours_nothing(string attribute)
    {
        var reply = await server.AskAsync(Plain.Request($"<app {attribute} version=\"1\"><ping active=\"1\"/><updatecheck/></app>{Plain.App(Counted, "1")}"));
        Assert.Equal(["error-invalidAppId", "ok"], reply.Apps.Select(static app => app.Status));
        Assert.Equal("4081.3.1", reply.Apps[1].Version);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("0.0.0.0")]
    public async Task C08_App_without_a_version_is_offered_one(string? version) =>
        Assert.Equal("4081.3.1", (await AskAppAsync(Plain.CheckOf(Catalogue.Flatcar, version))).Version);

    [Theory]
    [InlineData("")]
    [InlineData("track=\"\"")]
    [InlineData("track=\" \"")]
    [InlineData("track=\"\" from_track=\"alpha\"")]
    public async Task C09_App_without_a_track_follows_the_default_channel(string attributes) =>
        Assert.Equal("4081.3.1", (await AskAppAsync(Plain.CheckOf(Catalogue.Flatcar, "3510.2.0", attributes))).Version);

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("TRUE", true)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("YES", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("", false)]
    [InlineData("maybe", false)]
    public async Task C10_Booleans_may_be_spelt_in_every_way(string spelling, bool isTrue)
    {
        string Request(string check, string version) => Plain.Request(
            Plain.App(Counted, version, check + $"<ping active=\"{spelling}\"/>", $"delta_okay=\"{spelling}\" multi_manifest_ok=\"{spelling}\""), attributes: $"ismachine=\"{spelling}\"");

        Assert.Equal(isTrue ? null : "4081.3.1", (await AskAppAsync(Request($"<updatecheck updatedisabled=\"{spelling}\"/>", "1.0"))).Version);
        Assert.Equal(isTrue ? "4081.3.1" : null, (await AskAppAsync(Request($"<updatecheck sameversionupdate=\"{spelling}\"/>", "4081.3.1"))).Version);
    }

    [Fact]
    public async Task C10_Rollback_is_allowed_in_every_spelling()
    {
        foreach (var spelling in (string[])["true", "TRUE", "1", "yes"])
        {
            var app = await AskAppAsync(ChromeOsDevice.Request(ChromeOsDevice.App(Catalogue.ChromeOs, "15572.63.0", $"<updatecheck targetversionprefix=\"15474.\" rollback_allowed=\"{spelling}\"/>")));
            Assert.Equal("15474.84.0", app.Version);
        }
    }

    [Theory]
    [InlineData("eventtype=\"three\" eventresult=\"\" errorcode=\"\"")]
    [InlineData("eventtype=\"\" eventresult=\"1.5\" errorcode=\"99999999999999999999\"")]
    [InlineData("eventtype=\"0x0D\" eventresult=\"-\" errorcode=\"4 4\" extracode1=\"none\"")]
    [InlineData("")]
    public async Task C11_Event_whose_values_are_no_numbers_is_acknowledged(string attributes) =>
        Assert.Equal("event", (await AskAppAsync(Plain.CheckOf(Counted, "1", check: $"<event {attributes}/>"))).Children);

    [Fact]
    public async Task C11_Event_whose_values_are_no_numbers_is_counted_as_unknown() =>
        Assert.Equal(1, await server.GrowthAsync(Counters.Events("Unknown"), () => server.AskAsync(Plain.CheckOf(Counted, "1", check: "<event eventtype=\"three\" eventresult=\"\"/>"))));

    [Theory]
    [InlineData("ondemandupdate")]
    [InlineData("ondemand")]
    [InlineData("ondemandcheckforupdate")]
    [InlineData("ONDEMAND")]
    [InlineData("somethingelse")]
    public async Task C12_Every_install_source_is_answered(string source)
    {
        Assert.Equal("4081.3.1", (await AskAppAsync(new FlatcarMachine { Source = source }.Check())).Version);
        Assert.Equal("1.0.0", (await AskAppAsync(Chromium.Request(Chromium.App(Catalogue.Extension, "0.9", attributes: $"installsource=\"{source}\"")))).Version);
    }

    [Theory]
    [InlineData("ondemandupdate")]
    [InlineData("ondemand")]
    [InlineData("ondemandcheckforupdate")]
    public async Task C12_Interactive_check_is_not_held_back_by_a_ramp(string source)
    {
        await server.WriteAsync(HeldApps.Ramped(exposure: 0, server.Time.GetUtcNow()));
        Assert.Null((await AskAppAsync(new FlatcarMachine { Id = HeldApps.RampedId, Version = "1.0.0" }.Check())).Version);
        Assert.Equal("2.0.0", (await AskAppAsync(new FlatcarMachine { Id = HeldApps.RampedId, Version = "1.0.0", Source = source }.Check())).Version);
        Assert.Equal("2.0.0", (await AskAppAsync(Plain.CheckOf(HeldApps.RampedId, "1.0", $"installsource=\"{source}\""))).Version);
    }

    [Theory]
    [InlineData("prober")]
    [InlineData("qa")]
    [InlineData("dev")]
    [InlineData("ossdev")]
    public async Task C13_Tests_and_probes_are_answered_and_not_counted(string testSource)
    {
        var offered = Counters.ChecksOf(Counted, "Offered");
        Reply? probe = null;
        Reply? plain = null;
        Assert.Equal(0, await server.GrowthAsync(offered, async () => probe = await server.AskAsync(Plain.Request(Plain.App(Counted, "1"), attributes: $"testsource=\"{testSource}\""))));
        Assert.Equal(1, await server.GrowthAsync(offered, async () => plain = await server.AskAsync(Plain.Request(Plain.App(Counted, "1"), attributes: "testsource=\"\""))));
        Assert.Equal(plain!.Body, probe!.Body);
        Assert.Equal(0, await server.GrowthAsync(Counters.Events("Installed"), () => server.AskAsync(
            new FlatcarMachine().Event(3, 1).Replace("ismachine", $"testsource=\"{testSource}\" ismachine", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("requestid=\"\" sessionid=\"\"")]
    [InlineData("requestid=\"rid\" sessionid=\"not a guid\" userid=\"me\"")]
    [InlineData("requestid=\"{0c52f6a1-1c1f-4a1f-9a2b-5b6c7d8e9f00}\" sessionid=\"0c52f6a1-1c1f-4a1f-9a2b-5b6c7d8e9f00\"")]
    public async Task C14_Ids_of_request_and_session_may_have_any_form(string attributes) =>
        Assert.Equal("4081.3.1", (await AskAppAsync(Plain.Request(Plain.App(Counted, "1"), attributes: attributes))).Version);

    [Theory]
    [InlineData("")]
    [InlineData("<hw/>")]
    [InlineData("<hw physmemory=\"0\" sse=\"0\" sse2=\"0\" sse3=\"0\" ssse3=\"0\" sse41=\"0\" sse42=\"0\" avx=\"0\"/>")]
    [InlineData("<hw physmemory=\"-1\" sse=\"-1\" sse2=\"-1\" sse3=\"-1\" ssse3=\"-1\" sse41=\"-1\" sse42=\"-1\" avx=\"-1\"/>")]
    [InlineData("<hw physmemory=\"much\" sse2=\"yes\"/>")]
    public async Task C15_Unknown_hardware_does_not_keep_an_offer_back(string hardware) =>
        Assert.Equal("4081.3.1", (await AskAppAsync(Plain.Request(hardware + Plain.App(Counted, "1")))).Version);

    [Theory]
    [InlineData("", true)]
    [InlineData("<hw/>", true)]
    [InlineData("<hw physmemory=\"-1\" sse2=\"-1\"/>", true)]
    [InlineData("<hw physmemory=\"8\" sse2=\"1\"/>", true)]
    [InlineData("<hw physmemory=\"8\" sse2=\"0\"/>", false)]
    [InlineData("<hw physmemory=\"1\" sse2=\"1\"/>", false)]
    public async Task C15_Gate_on_hardware_holds_only_machines_that_are_known_to_lack_it(string hardware, bool offered)
    {
        var id = AppDraft.IdFor("C15");
        await server.WriteAsync(new AppDraft(id).Release("stable", "2.0.0", change: static release => release.Gates = new GatesSpec { MinMemory = 2, Cpu = ["sse2"] }).Seal());
        Assert.Equal(offered ? "ok" : "error-hwnotsupported", (await AskAppAsync(Plain.Request(hardware + Plain.App(id, "1")))).CheckStatus);
        Assert.Equal(offered ? "ok" : "noupdate", (await AskAppAsync(Plain.Request(hardware + Plain.App(id, "1"), attributes: "version=\"update_engine-0.4.10\""))).CheckStatus);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n    ")]
    [InlineData("<packages><package fp=\"1.ab\"/></packages>")]
    public async Task C16_App_that_asks_nothing_is_ok_and_gets_nothing(string inside)
    {
        var app = await AskAppAsync(Plain.CheckOf(Counted, "1", check: inside));
        Assert.Equal("ok", app.Status);
        Assert.Empty(app.Xml.Nodes());
    }

    [Theory]
    [InlineData("<updatecheck/><updatecheck updatedisabled=\"true\"/>", "4081.3.1")]
    [InlineData("<updatecheck updatedisabled=\"true\"/><updatecheck/>", null)]
    [InlineData("<updatecheck targetversionprefix=\"9.\"/><updatecheck targetversionprefix=\"4081.\"/>", null)]
    public async Task C17_First_of_two_updatechecks_counts_and_one_is_answered(string checks, string? version)
    {
        var app = await AskAppAsync(Plain.CheckOf(Counted, "1", check: checks));
        Assert.Equal("updatecheck", app.Children);
        Assert.Equal(version, app.Version);
    }

    [Theory]
    [InlineData("<os platform=\"CoreOS\" sp=\"3510.2.0\"/>", "board=\"arm64-usr\"")]
    [InlineData("<os platform=\"CoreOS\" sp=\"3510.2.0_aarch64\"/>", "")]
    [InlineData("<os platform=\"CoreOS\" sp=\"3510.2.0_aarch64\"/>", "board=\"\"")]
    [InlineData("<os platform=\"CoreOS\" arch=\"arm64\"/>", "")]
    [InlineData("<os platform=\"linux\" arch=\"aarch64\"/>", "board=\"\"")]
    [InlineData("", "board=\"arm64-usr\"")]
    public async Task C18_Machine_with_an_arm_gets_the_package_for_it(string os, string attributes)
    {
        var app = await AskAppAsync(Plain.Request(os + Plain.App(Catalogue.Flatcar, "3510.2.0", attributes: attributes)));
        Assert.Equal(["https://dl.example/arm64/stable/4081.3.1/"], app.Codebases);
    }

    [Theory]
    [InlineData("<os platform=\"CoreOS\" arch=\"amd64\"/>")]
    [InlineData("<os platform=\"CoreOS\" arch=\"x64\"/>")]
    [InlineData("<os platform=\"CoreOS\" arch=\"x86_64\"/>")]
    [InlineData("<os platform=\"CoreOS\" sp=\"3510.2.0_x86_64\"/>")]
    [InlineData("")]
    public async Task C19_Machine_without_a_board_tells_by_its_operating_system(string os)
    {
        var app = await AskAppAsync(Plain.Request(os + Plain.App(Catalogue.Flatcar, "3510.2.0")));
        Assert.Equal(["https://dl.example/stable/4081.3.1/"], app.Codebases);
    }

    [Fact]
    public async Task C20_Attributes_of_unknown_names_are_ignored()
    {
        var app = await AskAppAsync(ChromeOsDevice.Request(
            ChromeOsDevice.App(Catalogue.ChromeOs, attributes: "_com.vendor.part-1.version=\"4.2\" fingerprint=\"vendor/device\" os_build_type=\"user\""), attributes: "_x.y=\"\""));
        Assert.Equal("15572.63.0", app.Version);
    }
}
