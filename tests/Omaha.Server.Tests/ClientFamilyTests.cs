using System.Globalization;
using System.Xml.Linq;
using Omaha.Catalog;

namespace Omaha.Server.Tests;

/// <summary>Where families of clients want different things.</summary>
public sealed class ClientFamilyTests(UpdateServer server) : IClassFixture<UpdateServer>
{
    private const string Lead = Fleet.ChromeOsId;
    private const string Windows = "<request protocol=\"3.0\" updater=\"Omaha\"><os platform=\"win\" version=\"6.1\" arch=\"x64\"/>";

    private static string ChromeOs(params string[] apps) =>
        $"<request protocol=\"3.0\" updater=\"ChromeOSUpdateEngine\" updaterversion=\"0.1.0.0\"><os platform=\"Chrome OS\" sp=\"1_x86_64\"/>{string.Concat(apps)}</request>";

    private static string App(string id, string version, string children = "<updatecheck/>") => $"<app appid=\"{id}\" version=\"{version}\" track=\"stable-channel\">{children}</app>";

    private static string Statuses(XElement reply) =>
        string.Join(' ', reply.Elements("app").Select(app => $"{(string?)app.Attribute("status")}:{(string?)app.Element("updatecheck")?.Attribute("status")}"));

    private async Task WithPartAsync()
    {
        var part = Fleet.ChromeOs();
        part.App = Lead + "_termina-dlc";
        await server.WriteAsync(part);
    }

    [Fact]
    public async Task Part_is_offered_with_its_lead()
    {
        await WithPartAsync();
        Assert.Equal("ok:ok ok:ok", Statuses(await server.AskAsync(ChromeOs(App(Lead, "1.0"), App(Lead + "_termina-dlc", "1.0")))));
    }

    [Fact]
    public async Task Part_is_held_when_its_lead_asks_and_gets_nothing()
    {
        await WithPartAsync();
        Assert.Equal("ok:noupdate ok:noupdate", Statuses(await server.AskAsync(ChromeOs(App(Lead, "15572.63.0"), App(Lead + "_termina-dlc", "1.0")))));
    }

    [Fact]
    public async Task Part_is_offered_when_its_lead_only_accompanies_it()
    {
        await WithPartAsync();
        Assert.Equal("ok: ok:ok", Statuses(await server.AskAsync(ChromeOs(App(Lead, "15572.63.0", ""), App(Lead + "_termina-dlc", "0.0.0.0")))));
    }

    [Theory]
    [InlineData(Lead + "_nobody")]
    [InlineData("{nobody}")]
    public async Task Unknown_app_beside_a_lead_gets_no_update_instead_of_an_error(string id) =>
        Assert.Equal("ok:ok ok:noupdate", Statuses(await server.AskAsync(ChromeOs(App(Lead, "1.0"), App(id, "1.0")))));

    [Fact]
    public async Task Unknown_lead_stays_an_error_and_holds_its_parts()
    {
        await WithPartAsync();
        Assert.Equal("error-unknownApplication: ok:noupdate", Statuses(await server.AskAsync(ChromeOs(App("{nobody}", "1.0"), App("{nobody}_x", "1.0")))));
    }

    [Fact]
    public async Task App_for_other_platforms_only_is_an_unsupported_system_to_browsers_and_no_update_to_an_engine()
    {
        Assert.Equal("ok:error-osnotsupported", Statuses(await server.AskAsync($"<request protocol=\"3.0\" updater=\"Omaha\"><os platform=\"mac\" arch=\"x64\"/><app appid=\"{Fleet.ChromeId}\" version=\"1.0\"><updatecheck/></app></request>")));
        Assert.Equal("ok:noupdate", Statuses(await server.AskAsync($"<request protocol=\"3.0\"><os platform=\"CoreOS\"/><app appid=\"{Fleet.ChromeId}\" version=\"1.0\"><updatecheck/></app></request>")));
    }

    [Fact]
    public async Task Rollback_is_named_to_ChromeOS_with_its_key_versions()
    {
        var document = Fleet.ChromeOs();
        document.Spec!.Channels!["stable"].Rollback = true;
        document.Spec.Releases![0].KernelVersion = "1.2";
        foreach (var history in document.State!.Channels!["stable"].Targets!.Values) history[0].Digest = ReleaseDigest.Of(document.Spec.Releases[0]);
        await server.WriteAsync(document);

        var check = (await server.AskAsync(ChromeOs(App(Lead, "16000.0.0", "<updatecheck targetversionprefix=\"15572.\" rollback_allowed=\"true\"/>")))).Descendants("updatecheck").Single();
        Assert.Equal("ok", (string?)check.Attribute("status"));
        Assert.Equal("true", (string?)check.Attribute("_rollback"));
        Assert.Equal("1.2", (string?)check.Attribute("_kernel_version"));
        await server.WriteAsync(Fleet.ChromeOs());
    }

    [Fact]
    public async Task Unsupported_system_is_an_error_with_a_link_to_Google_Update_and_no_update_to_an_engine()
    {
        var document = Fleet.Chrome();
        document.Spec!.ErrorUrl = "https://help.example.test/?a&b";
        document.Spec.Releases![0].Gates = new GatesSpec { MinOsVersion = "10.0" };
        foreach (var history in document.State!.Channels!["stable"].Targets!.Values) history[0].Digest = ReleaseDigest.Of(document.Spec.Releases[0]);
        await server.WriteAsync(document);

        var check = (await server.AskAsync($"{Windows}<app appid=\"{Fleet.ChromeId}\" version=\"1.0\"><updatecheck/></app></request>")).Descendants("updatecheck").Single();
        Assert.Equal("error-osnotsupported", (string?)check.Attribute("status"));
        Assert.Equal("https://help.example.test/?a&b", (string?)check.Attribute("errorurl"));

        check = (await server.AskAsync($"<request protocol=\"3.0\" version=\"update_engine-0.4.10\"><os platform=\"win\" version=\"6.1\"/><app appid=\"{Fleet.ChromeId}\" version=\"1.0\"><updatecheck/></app></request>")).Descendants("updatecheck").Single();
        Assert.Equal("noupdate", (string?)check.Attribute("status"));
        await server.WriteAsync(Fleet.Chrome());
    }

    [Fact]
    public async Task Install_data_is_one_escaped_text()
    {
        var document = Fleet.Chrome();
        document.Spec!.InstallData = new() { ["verboselogging"] = "{ \"a\": \"<&]]>\" }" };
        await server.WriteAsync(document);

        var data = (await server.AskAsync($"{Windows}<app appid=\"{Fleet.ChromeId}\"><data name=\"install\" index=\"verboselogging\"/><data name=\"install\" index=\"other\"/></app></request>")).Descendants("data").ToList();
        Assert.Equal("{ \"a\": \"<&]]>\" }", Assert.IsType<XText>(Assert.Single(data[0].Nodes())).Value);
        Assert.Equal(["ok", "error-nodata"], data.Select(element => (string?)element.Attribute("status")));
        await server.WriteAsync(Fleet.Chrome());
    }

    [Fact]
    public async Task Restricted_app_says_so_and_nothing_else()
    {
        var document = Fleet.Chrome();
        document.Spec!.Restricted = true;
        await server.WriteAsync(document);
        var app = (await server.AskAsync($"{Windows}<app appid=\"{Fleet.ChromeId}\"><updatecheck/><ping/></app></request>")).Element("app")!;
        Assert.Equal("restricted", (string?)app.Attribute("status"));
        Assert.Empty(app.Elements());
        await server.WriteAsync(Fleet.Chrome());
    }

    [Theory]
    [InlineData("", "1:old", "")]
    [InlineData("1:new", "1:old", "1:new")]
    [InlineData("1:new", "1:new", null)]
    [InlineData("", "", null)]
    [InlineData(null, "1:old", null)]
    public async Task Cohort_is_said_only_where_it_changes(string? configured, string sent, string? said)
    {
        var document = Fleet.Extension();
        document.Spec!.Cohort = configured;
        await server.WriteAsync(document);
        var app = (await server.AskAsync($"<request protocol=\"3.1\"><app appid=\"{Fleet.ExtensionId}\" cohort=\"{sent}\"/></request>")).Element("app")!;
        Assert.Equal(said, (string?)app.Attribute("cohort"));
        await server.WriteAsync(Fleet.Extension());
    }

    [Fact]
    public async Task Engine_gets_one_action_where_others_get_all_and_caches_get_their_URLs_first()
    {
        var document = Fleet.Flatcar();
        foreach (var release in document.Spec!.Releases!)
        {
            release.Actions = [new ActionSpec { Event = "install", Run = "payload.gz" }];
            release.Codebases = ["https://a.example.test/", "http://b.example.test/"];
        }

        foreach (var (target, history) in document.State!.Channels!.Values.SelectMany(channel => channel.Targets!))
        {
            foreach (var complete in history) complete.Digest = ReleaseDigest.Of(document.Spec.Releases.Single(release => release.Version == complete.Version && release.Target == target));
        }

        await server.WriteAsync(document);
        var engine = await server.AskAsync(Fleet.FlatcarCheck());
        var other = await server.AskAsync($"<request protocol=\"3.0\" dlpref=\"cacheable\"><app appid=\"{Fleet.FlatcarId}\" version=\"1.0\" board=\"amd64-usr\"><updatecheck/></app></request>");

        Assert.Equal("postinstall", (string?)engine.Descendants("action").Single().Attribute("event"));
        Assert.Equal(["install", "postinstall"], other.Descendants("action").Select(action => (string?)action.Attribute("event")));
        Assert.Equal(["https://a.example.test/", "http://b.example.test/"], engine.Descendants("url").Select(url => (string?)url.Attribute("codebase")));
        Assert.Equal(["http://b.example.test/", "https://a.example.test/"], other.Descendants("url").Select(url => (string?)url.Attribute("codebase")));
        await server.WriteAsync(Fleet.Flatcar());
    }

    [Fact]
    public async Task Events_are_counted_by_what_they_mean_and_failures_by_code()
    {
        async Task<int> CountAsync(string name) => int.Parse(await server.MetricAsync(name), CultureInfo.InvariantCulture);
        const string routine = "omaha_events_total{event=\"Routine\"}", failed = "omaha_events_total{event=\"Failed\"}";
        var (routineBefore, failedBefore) = (await CountAsync(routine), await CountAsync(failed));

        await server.AskAsync(Fleet.FlatcarCheck());
        await server.AskAsync($"<request protocol=\"3.0\" version=\"update_engine-0.4.10\"><app appid=\"{Fleet.FlatcarId}\"><event eventtype=\"3\" eventresult=\"0\" errorcode=\"268435490\"/></app></request>");

        Assert.Equal(routineBefore + 1, await CountAsync(routine));
        Assert.Equal(failedBefore + 1, await CountAsync(failed));
        Assert.NotEqual(0, await CountAsync("omaha_event_errors_total{code=\"34\"}"));
    }
}
