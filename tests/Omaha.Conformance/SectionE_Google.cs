using System.Globalization;
using Omaha.Catalog;
using Omaha.Conformance.Clients;

namespace Omaha.Conformance;

/// <summary>Section E: what Google Update, Chromium and Brave get.</summary>
public sealed class SectionE_Google(LiveServer server)
{
    private const string Browser = Catalogue.Browser;
    private const string Extension = Catalogue.Extension;
    private const string Current = "140.0.7339.81";

    private async Task<AppReply> AskAppAsync(string request, ClientKinds except = ClientKinds.None) => (await server.AskAsync(request, except)).App;

    private const string InstallData = "{ \"a\": 1 < 2 && 2 > 1 } ]]> \u00fc\U0001F600";

    private async Task<string> WriteWithDataAsync()
    {
        var id = AppDraft.IdFor("E07");
        await server.WriteAsync(new AppDraft(id).Release("stable", "2.0.0").With(static spec => spec.InstallData = new() { ["greeting"] = InstallData }).Seal());
        return id;
    }

    private static string CheckOf(string id, string version, string inside = Plain.Check) => GoogleUpdate.Request(GoogleUpdate.App(id, version, inside));

    [Fact]
    public async Task E01_Apps_are_answered_in_the_order_of_the_request()
    {
        var reply = await server.AskAsync(GoogleUpdate.Request(
            GoogleUpdate.App(Catalogue.Updater, "1.3.23.0", "<updatecheck/><ping r=\"1\"/>") + GoogleUpdate.App(Browser, "139.0.7258.5", "<updatecheck/><ping active=\"1\" a=\"-1\" r=\"-1\"/>")));
        Assert.Equal([Catalogue.Updater, Browser], reply.Apps.Select(static app => app.Id));
        Assert.Equal(["noupdate", "ok"], reply.Apps.Select(static app => app.CheckStatus));
        Assert.All(reply.Apps, static app => Assert.Equal("ok", (string?)app.Xml.Element("ping")?.Attribute("status")));
    }

    [Theory]
    [InlineData("release_channel=\"dev\"", "")]
    [InlineData("", "release_channel=\"dev\"")]
    public async Task E02_Administrators_version_and_channel_are_honoured_and_an_app_that_does_not_ask_gets_no_answer(string onCheck, string onApp)
    {
        var reply = await server.AskAsync(GoogleUpdate.Request(
            GoogleUpdate.App(Browser, "", $"<updatecheck targetversionprefix=\"55.2\" rollback_allowed=\"true\" {onCheck}/><data name=\"untrusted\">x=1</data><ping active=\"0\" r=\"5\" rd=\"2947\"/>", $"{onApp} ap=\"x64-beta\" cohort=\"c\" experiments=\"a=b|Fri, 14 Aug 2015 16:13:03 GMT\"")
            + GoogleUpdate.App(Catalogue.Updater, "1.3.22.0", "<ping active=\"1\" a=\"3\" r=\"3\"/>")));
        Assert.Equal("55.2.17.0", reply.Apps[0].Version);
        Assert.Null(reply.Apps[1].Check);
    }

    [Fact]
    public async Task E03_Everything_that_Google_Update_requires_is_there()
    {
        var reply = await server.AskAsync(CheckOf(Browser, "139.0.7258.5"));
        Assert.All(reply.Apps, static app => Assert.NotNull(app.Status));
        Assert.All(reply.App.Packages, static package =>
        {
            Assert.NotNull(package.Attribute("required"));
            Assert.InRange(long.Parse((string)package.Attribute("size")!, CultureInfo.InvariantCulture), 1, int.MaxValue);
        });
        Assert.Equal(["installer.exe"], GoogleUpdateClient.Read(reply.Body).Single().Packages);
    }

    [Fact]
    public async Task E04_Package_over_2_GiB_is_not_offered_to_Google_Update()
    {
        var id = AppDraft.IdFor("E04");
        await server.WriteAsync(new AppDraft(id).Release("stable", "2.0.0", change: static release => release.Packages![0].Size = (long)int.MaxValue + 1).Seal());
        Assert.Equal(1, await server.GrowthAsync(Counters.Checks("TooLargeForClient"), async () =>
            Assert.Equal("noupdate", (await AskAppAsync(CheckOf(id, "1.0.0.0"))).CheckStatus)));
        Assert.Equal("2.0.0", (await AskAppAsync(new FlatcarMachine { Id = id, Version = "1.0.0" }.Check(), ClientKinds.GoogleUpdate)).Version);
    }

    [Fact]
    public async Task E05_Day_has_both_of_its_attributes()
    {
        var daystart = (await server.AskAsync(CheckOf(Browser, Current))).Xml.Element("daystart")!;
        Assert.InRange((int)daystart.Attribute("elapsed_days")!, 2400, 50_000);
        Assert.InRange((int)daystart.Attribute("elapsed_seconds")!, 0, 89_999);
    }

    [Fact]
    public async Task E06_Actions_have_known_events_only()
    {
        var app = await AskAppAsync(CheckOf(Browser, "139.0.7258.5"));
        Assert.Equal(["install", "postinstall"], app.Actions.Select(static action => (string?)action.Attribute("event")));
        Assert.Equal("installer.exe", (string?)app.Actions[0].Attribute("run"));
        Assert.Equal("--silent \"--channel=<stable>\"", (string?)app.Actions[0].Attribute("arguments"));
        Assert.Equal("exitsilentlyonlaunchcmd", (string?)app.Actions[1].Attribute("onsuccess"));
    }

    [Fact]
    public async Task E07_Untrusted_data_is_acknowledged()
    {
        var app = await AskAppAsync(CheckOf(Browser, Current, "<updatecheck/><data name=\"untrusted\">whatever the user typed</data><ping r=\"1\"/>"));
        var data = app.Xml.Elements("data").Single();
        Assert.Equal("untrusted", (string?)data.Attribute("name"));
        Assert.Equal("ok", (string?)data.Attribute("status"));
        Assert.Empty(data.Nodes());
    }

    [Fact]
    public async Task E07_Install_data_is_answered_with_its_text()
    {
        var reply = await server.AskAsync(CheckOf(await WriteWithDataAsync(), "2.0.0", "<updatecheck/><data name=\"install\" index=\"greeting\"/><data name=\"untrusted\">x</data>"));
        Assert.Equal(InstallData, GoogleUpdateClient.Read(reply.Body).Single().InstallData["greeting"]);
        Assert.Equal(["install", "untrusted"], reply.App.Xml.Elements("data").Select(static data => (string?)data.Attribute("name")));
    }

    [Fact]
    public async Task E08_Unknown_install_data_is_answered_with_an_error_and_no_text()
    {
        var data = (await AskAppAsync(CheckOf(Browser, Current, "<data name=\"install\" index=\"no&lt;such&gt;index\"/>"))).Xml.Elements("data").Single();
        Assert.Equal("install", (string?)data.Attribute("name"));
        Assert.Equal("no<such>index", (string?)data.Attribute("index"));
        Assert.Equal("error-nodata", (string?)data.Attribute("status"));
        Assert.Empty(data.Nodes());
    }

    [Fact]
    public async Task E09_Install_data_is_one_escaped_text()
    {
        var text = (await server.AskAsync(CheckOf(await WriteWithDataAsync(), "2.0.0", "<data name=\"install\" index=\"greeting\"/>"))).Text;
        Assert.DoesNotContain("<![CDATA[", text, StringComparison.Ordinal);
        Assert.Contains("1 &lt; 2 &amp;&amp; 2 &gt; 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E10_Three_events_get_three_acknowledgements() =>
        Assert.Equal("event event event", (await AskAppAsync(CheckOf(Browser, "", "<event eventtype=\"9\" eventresult=\"1\" errorcode=\"0\" extracode1=\"0\"/><event eventtype=\"5\" eventresult=\"1\"/><event eventtype=\"2\" eventresult=\"4\" errorcode=\"-2147219440\" extracode1=\"268435463\"/>"))).Children);

    [Fact]
    public async Task E11_Unknown_app_is_told_so_and_gets_nothing_else()
    {
        var reply = await server.AskAsync(Chromium.Request(Chromium.App("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "1.0")));
        Assert.Equal("error-unknownApplication", reply.App.Status);
        Assert.Empty(reply.App.Xml.Nodes());
        Assert.Equal([("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "error-unknownApplication", null)], ChromiumUpdater.Read(reply.Body, "3.1"));
    }

    [Fact]
    public async Task E12_App_that_policy_forbids_is_restricted()
    {
        var id = AppDraft.IdFor("E12");
        await server.WriteAsync(new AppDraft(id).Release("stable", "2.0.0").With(static spec => spec.Restricted = true).Seal());
        var app = await AskAppAsync(CheckOf(id, "1.0.0.0", "<updatecheck/><ping r=\"1\"/>"));
        Assert.Equal("restricted", app.Status);
        Assert.Empty(app.Xml.Nodes());
    }

    [Fact]
    public async Task E13_Machine_with_too_old_a_system_is_told_so_and_where_to_read_more()
    {
        var id = AppDraft.IdFor("E13");
        await server.WriteAsync(new AppDraft(id).Release("stable", "2.0.0", change: static release => release.Gates = new GatesSpec { MinOsVersion = "10.0" }).With(static spec => spec.ErrorUrl = "https://help.example/?os=old&hl=en").Seal());
        string Request(string os) => GoogleUpdate.Request(GoogleUpdate.App(id, "1.0.0.0", Plain.Check), os: $"<os platform=\"win\" version=\"{os}\" sp=\"\" arch=\"x64\"/>");
        var app = await AskAppAsync(Request("6.1"));
        Assert.Equal("error-osnotsupported", app.CheckStatus);
        Assert.Equal("https://help.example/?os=old&hl=en", (string?)app.Check!.Attribute("errorurl"));
        Assert.Equal("2.0.0", (await AskAppAsync(Request("10.0.22631.4"))).Version);
    }

    [Fact]
    public async Task E13_Machine_of_another_platform_is_told_so()
    {
        var request = GoogleUpdate.Request(GoogleUpdate.App(Browser, "1.0.0.0", Plain.Check), os: "<os platform=\"mac\" version=\"14.5\" sp=\"\" arch=\"arm64\"/>");
        Assert.Equal("error-osnotsupported", (await AskAppAsync(request)).CheckStatus);
    }

    [Theory]
    [InlineData(65)]
    [InlineData(200)]
    public async Task E14_Too_many_apps_are_refused(int count)
    {
        var reply = await server.PostAsync(Plain.Request(string.Concat(Enumerable.Repeat($"<app appid=\"{Extension}\"/>", count))));
        Assert.Equal(400, reply.Status);
        Assert.StartsWith("TooManyApps", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E14_Sixty_four_apps_are_answered() =>
        Assert.Equal(64, (await server.AskAsync(Plain.Request(string.Concat(Enumerable.Range(0, 64).Select(static i => Plain.App(i % 2 == 0 ? Extension : "unknown", "0.9")))))).Apps.Count);

    [Fact]
    public async Task E15_App_that_is_asked_for_three_times_is_answered_three_times()
    {
        var reply = await server.AskAsync(Plain.Request(
            Plain.App(Browser, "140.0.7339.81", "<updatecheck/><ping active=\"1\"/>") + Plain.App(Browser.ToLowerInvariant(), "1.0") + Plain.App(Browser, "1.0", attributes: "track=\"dev\"") + "<os platform=\"win\"/>"));
        Assert.Equal([null, "140.0.7339.81", "56.0.1.0"], reply.Apps.Select(static app => app.Version));
        Assert.Equal([Browser, Browser.ToLowerInvariant(), Browser], reply.Apps.Select(static app => app.Id));
    }

    [Theory]
    [InlineData("{E96281A6-D1AF-4BDE-9A0A-97B76E56DC57}", true)]
    [InlineData("e96281a6-d1af-4bde-9a0a-97b76e56dc57", true)]
    [InlineData(" {e96281a6-d1af-4bde-9a0a-97b76e56dc57} ", true)]
    [InlineData("{103867DA-E3A2-4C92-B0B3-7FBD7F7D8B71}", true)]
    [InlineData("e96281a6d1af4bde9a0a97b76e56dc57", false)]
    [InlineData("{e96281a6-d1af-4bde-9a0a-97b76e56dc57}_dlc", false)]
    [InlineData("{{e96281a6-d1af-4bde-9a0a-97b76e56dc57}}", false)]
    [InlineData("com.vendor.App", false)]
    public async Task E16_Spellings_of_an_id_that_mean_the_app_are_echoed_as_they_were_sent(string id, bool known)
    {
        var app = await AskAppAsync(Plain.CheckOf(id, "3510.2.0", "board=\"amd64-usr\""));
        Assert.Equal(id, app.Id);
        Assert.Equal(known ? "ok" : "error-unknownApplication", app.Status);
        Assert.Equal(known ? "4081.3.1" : null, app.Version);
    }

    [Fact]
    public async Task E17_Seven_components_of_Chromium_are_answered()
    {
        string[] versions = ["7.54", "0", "0.0.0.0", "1.0", "1.0.0", "31.0.0.122", "0.9"];
        var reply = await server.AskAsync(Chromium.Request(string.Concat(versions.Select(static version => Chromium.App(
            Extension, version, "<updatecheck/><ping rd=\"4160\" ping_freshness=\"{3c8f2c1c-0c6a-4f7e-9c0e-7b1d2a3c4d5e}\"/><packages><package fp=\"1.c0ffee\"/></packages>", "cohort=\"1:bm1:\" cohortname=\"Auto\" enabled=\"1\"")))));
        Assert.Equal([null, "1.0.0", "1.0.0", null, null, null, "1.0.0"], reply.Apps.Select(static app => app.Version));
    }

    [Fact]
    public async Task E18_Client_that_ignores_offers_gets_none_and_its_ping_is_acknowledged()
    {
        var app = await AskAppAsync(Chromium.Request(
            "<updater autoupdatecheckenabled=\"1\" ismachine=\"1\" lastchecked=\"1\" laststarted=\"1\" name=\"Omaha\" updatepolicy=\"-1\" version=\"1.3.34.7\"/>" + Chromium.App(Extension, "0.9", "<updatecheck updatedisabled=\"true\"/><ping rd=\"3600\"/>", "enabled=\"0\" disabled=\"8\""), "3.0"));
        Assert.Equal("noupdate", app.CheckStatus);
        Assert.Equal("ping updatecheck", app.Children);
    }

    [Fact]
    public async Task E19_Old_new_and_unknown_extension_each_get_their_own_answer()
    {
        var reply = await server.AskAsync(Chromium.Request(Chromium.App(Extension, "0.0.0") + Chromium.App(Extension, "70.0.0") + Chromium.App("no-such-extension", "1.0.0"), "3.0"));
        Assert.Equal(["ok", "noupdate", null], reply.Apps.Select(static app => app.CheckStatus));
        Assert.Equal(["ok", "ok", "error-unknownApplication"], reply.Apps.Select(static app => app.Status));
    }

    [Theory]
    [InlineData("3.0", "", "<packages><package fp=\"1.f00d\"/></packages>")]
    [InlineData("3.1", "fp=\"1.f00d\"", "")]
    public async Task E20_Fingerprint_may_stand_in_either_place(string protocol, string attribute, string element) =>
        Assert.Equal("1.0.0", (await AskAppAsync(Chromium.Request(Chromium.App(Extension, "0.9", "<updatecheck/>" + element, attribute), protocol))).Version);

    [Fact]
    public async Task E21_Cohort_that_nothing_changes_is_not_repeated()
    {
        var app = await AskAppAsync(Chromium.Request(Chromium.App(Extension, "0.9", attributes: "cohort=\"1:ab:\" cohorthint=\"beta\" cohortname=\"Everybody\"")));
        Assert.DoesNotContain(app.Xml.Attributes(), static attribute => attribute.Name.LocalName.StartsWith("cohort", StringComparison.Ordinal));
    }

    [Fact]
    public async Task E21_Client_without_an_id_is_given_a_cohort_while_a_rollout_is_active()
    {
        await server.WriteAsync(HeldApps.Ramped(exposure: 0.5, server.Time.GetUtcNow()));
        async Task<AppReply> AskAsync(string attributes = "") => await AskAppAsync(Chromium.Request(Chromium.App(HeldApps.RampedId, "1.0.0", attributes: attributes)));

        // Until it has one it goes last, so that it cannot draw a new lot with each check.
        var first = await AskAsync();
        Assert.Equal("noupdate", first.CheckStatus);
        var issued = (string?)first.Xml.Attribute("cohort");
        Assert.Matches("^[!-~]+:[!-~]+$", issued);
        Assert.NotEqual(issued, (string?)(await AskAsync()).Xml.Attribute("cohort"));

        var again = await AskAsync($"cohort=\"{issued}\"");
        Assert.Null(again.Xml.Attribute("cohort"));
        Assert.Equal(again.CheckStatus, (await AskAsync($"cohort=\"{issued}\"")).CheckStatus);
        Assert.Null((await AskAppAsync(new FlatcarMachine { Id = HeldApps.RampedId, Version = "1.0.0" }.Check())).Xml.Attribute("cohort"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task E21_Clients_with_issued_cohorts_are_reached_by_their_share(bool isChromeOs)
    {
        await server.WriteAsync(HeldApps.Ramped(exposure: 0.5, server.Time.GetUtcNow()));
        string CheckBy(string attributes) => isChromeOs
            ? ChromeOsDevice.Request(ChromeOsDevice.App(HeldApps.RampedId, "1.0.0", attributes: attributes))
            : Chromium.Request(Chromium.App(HeldApps.RampedId, "1.0.0", attributes: attributes));

        var reached = 0;
        for (var i = 0; i < 200; i++)
        {
            var first = await AskAppAsync(CheckBy(""));
            Assert.Equal("noupdate", first.CheckStatus);
            if ((await AskAppAsync(CheckBy($"cohort=\"{(string?)first.Xml.Attribute("cohort")}\""))).Version == "2.0.0") reached++;
        }

        Assert.InRange(reached, 50, 150);
    }

    [Theory]
    [InlineData("", "1:old:", "")]
    [InlineData("", "", null)]
    [InlineData("1:new:", "1:old:", "1:new:")]
    [InlineData("1:new:", "1:new:", null)]
    public async Task E22_Cohort_is_cleared_or_changed_where_the_catalogue_says_so(string configured, string sent, string? answered)
    {
        var id = AppDraft.IdFor("E22");
        await server.WriteAsync(new AppDraft(id).Release("stable", "2.0.0").With(spec => spec.Cohort = configured).Seal());
        foreach (var version in (string[])["1.0.0", "2.0.0"])
        {
            Assert.Equal(answered, (string?)(await AskAppAsync(Chromium.Request(Chromium.App(id, version, attributes: $"cohort=\"{sent}\"")))).Xml.Attribute("cohort"));
        }
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    public async Task E23_Cohort_of_any_length_and_characters_is_taken_and_not_repeated(int length)
    {
        var reply = await server.AskAsync(Plain.CheckOf(Extension, "0.9", $"cohort=\"{new string('k', length)}\" cohorthint=\"h\u00efnt\" cohortname=\"a&#9;b\""));
        Assert.Equal("1.0.0", reply.App.Version);
        Assert.DoesNotContain("kkkk", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("h\u00efnt", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E24_Nothing_of_a_request_is_echoed_that_need_not_be()
    {
        const string evil = "&quot;&gt;&lt;injected a='1'&gt;%s&amp;";
        var reply = await server.AskAsync(GoogleUpdate.Request(
            GoogleUpdate.App(Browser, "139.0.7258.5", $"<updatecheck tttoken=\"{evil}\"/><ping active=\"{evil}\" r=\"{evil}\"/><event eventtype=\"{evil}\" url=\"{evil}\"/>", $"ap=\"{evil}\" iid=\"{evil}\" experiments=\"{evil}\" cohort=\"{evil}\" tag=\"{evil}\""),
            $"originurl=\"{evil}\" userid=\"{evil}\" installsource=\"{evil}\""));
        Assert.Equal(Current, reply.App.Version);
        Assert.DoesNotContain("injected", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E25_Id_that_looks_like_markup_is_echoed_escaped()
    {
        var reply = await server.AskAsync(Plain.CheckOf("q&quot; status=&quot;ok&quot;/&gt;&lt;app appid=&quot;r&amp;amp;"));
        Assert.Equal("q\" status=\"ok\"/><app appid=\"r&amp;", reply.App.Id);
        Assert.Equal("error-unknownApplication", reply.App.Status);
    }

    [Theory]
    [InlineData("true", Current)]
    [InlineData("false", null)]
    public async Task E26_Same_version_is_offered_to_those_who_want_it(string same, string? version) =>
        Assert.Equal(version, (await AskAppAsync(CheckOf(Browser, Current, $"<updatecheck sameversionupdate=\"{same}\"/>"))).Version);

    [Fact]
    public async Task E27_Client_that_prefers_cacheable_downloads_gets_those_first()
    {
        var id = AppDraft.IdFor("E27");
        await server.WriteAsync(new AppDraft(id).Release("stable", "2.0.0", change: static release => release.Codebases = ["https://a.example/", "http://b.example/", "https://c.example/", "http://d.example/"]).Seal());
        var apps = GoogleUpdate.App(id, "1.0.0.0", Plain.Check);
        Assert.Equal(["http://b.example/", "http://d.example/", "https://a.example/", "https://c.example/"], (await AskAppAsync(GoogleUpdate.Request(apps, "dlpref=\"cacheable\""))).Codebases);
        Assert.Equal(["https://a.example/", "http://b.example/", "https://c.example/", "http://d.example/"], (await AskAppAsync(GoogleUpdate.Request(apps))).Codebases);
    }

    [Theory]
    [InlineData("", "1.0.0")]
    [InlineData("acceptformat=\"\"", "1.0.0")]
    [InlineData("acceptformat=\"crx2,crx3\"", "1.0.0")]
    [InlineData("acceptformat=\"crx2\"", null)]
    public async Task E28_Package_of_a_format_that_the_client_cannot_read_is_not_offered(string attribute, string? version) =>
        Assert.Equal(version, (await AskAppAsync(Chromium.Request(Chromium.App(Extension, "0.9"), attributes: attribute))).Version);

    [Fact]
    public async Task E29_Codebase_is_an_absolute_URL_of_a_folder()
    {
        var codebase = Assert.Single((await AskAppAsync(Chromium.Request(Chromium.App(Extension, "0.9")))).Codebases);
        Assert.True(Uri.IsWellFormedUriString(codebase, UriKind.Absolute));
        Assert.EndsWith("/", codebase, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1")]
    [InlineData("1.0.0.0")]
    public async Task E30_Missing_parts_of_a_version_are_zero(string version) => Assert.Equal("noupdate", (await AskAppAsync(Chromium.Request(Chromium.App(Extension, version)))).CheckStatus);
}
