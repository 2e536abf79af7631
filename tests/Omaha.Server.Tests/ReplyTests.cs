using System.Xml.Linq;
using Omaha.Catalog;

namespace Omaha.Server.Tests;

/// <summary>What a reply says, read by an independent parser over a real connection.</summary>
public sealed class ReplyTests(UpdateServer server) : IClassFixture<UpdateServer>
{
    private static string? Status(XElement reply, int app = 0) => (string?)reply.Elements("app").ElementAt(app).Attribute("status");

    private static string? CheckStatus(XElement reply, int app = 0) => (string?)reply.Elements("app").ElementAt(app).Element("updatecheck")?.Attribute("status");

    [Fact]
    public async Task Offer_has_everything_in_its_order()
    {
        var reply = await server.AskAsync(Fleet.FlatcarCheck());
        var app = reply.Elements("app").Single();

        Assert.Equal("3.0", (string?)reply.Attribute("protocol"));
        Assert.Equal(Fleet.FlatcarId, (string?)app.Attribute("appid"));
        Assert.Equal(["ping", "updatecheck", "event"], app.Elements().Select(element => element.Name.LocalName));
        Assert.Equal("ok", (string?)app.Element("updatecheck")!.Attribute("status"));
        Assert.Equal("4081.3.1", (string?)app.Descendants("manifest").Single().Attribute("version"));
        Assert.Equal("https://dl.example.test/any/amd64/4081.3.1/", (string?)app.Descendants("url").Single().Attribute("codebase"));
        Assert.Equal(["payload.gz", "oem-vmware.gz", "flatcar-python.gz"], app.Descendants("package").Select(package => (string?)package.Attribute("name")));
    }

    [Fact]
    public async Task Daystart_counts_days_and_seconds_of_the_configured_zone()
    {
        // 2026-03-04 20:00 UTC is noon in Los Angeles.
        var daystart = (await server.AskAsync(Fleet.FlatcarCheck())).Element("daystart")!;
        Assert.Equal("7002", (string?)daystart.Attribute("elapsed_days"));
        Assert.Equal("43200", (string?)daystart.Attribute("elapsed_seconds"));
    }

    [Fact]
    public async Task Protocol_of_the_request_is_echoed() =>
        Assert.Equal("3.1", (string?)(await server.AskAsync("<request protocol=\"3.1\"/>")).Attribute("protocol"));

    [Theory]
    [InlineData("4081.3.1", "noupdate")]
    [InlineData("4152.0.0", "noupdate")]
    [InlineData("", "ok")]
    [InlineData("ForcedUpdate", "ok")]
    public async Task Only_an_older_machine_gets_an_offer(string version, string status) =>
        Assert.Equal(status, CheckStatus(await server.AskAsync(Fleet.FlatcarCheck(version))));

    [Fact]
    public async Task Unknown_track_is_no_update_and_counted()
    {
        var before = await server.MetricAsync("omaha_checks_total{decision=\"UnknownTrack\"}");
        var reply = await server.AskAsync(Fleet.FlatcarCheck(track: "foo"));
        Assert.Equal("ok", Status(reply));
        Assert.Equal("noupdate", CheckStatus(reply));
        Assert.NotEqual(before, await server.MetricAsync("omaha_checks_total{decision=\"UnknownTrack\"}"));
    }

    [Fact]
    public async Task Bad_app_costs_its_neighbours_nothing()
    {
        var reply = await server.AskAsync(
            $"<request protocol=\"3.0\"><app appid=\"unknown\"><updatecheck/></app><app appid=\"\"><updatecheck/></app><app/><app appid=\"{Fleet.ExtensionId}\" version=\"0.9\"><updatecheck/></app></request>");

        Assert.Equal(["error-unknownApplication", "error-invalidAppId", "error-invalidAppId", "ok"], reply.Elements("app").Select(app => (string?)app.Attribute("status")));
        Assert.All(reply.Elements("app").Take(3), app => Assert.Empty(app.Elements()));
        Assert.Equal("ok", CheckStatus(reply, app: 3));
    }

    [Fact]
    public async Task Id_is_echoed_as_it_was_sent_whatever_it_holds()
    {
        const string id = "a\"><x y='&amp;'/>\t\n\u00e4\U0001F600";
        var request = new XElement("request", new XAttribute("protocol", "3.0"), new XElement("app", new XAttribute("appid", id)));
        Assert.Equal(id, (string?)(await server.AskAsync(request.ToString(SaveOptions.DisableFormatting))).Element("app")!.Attribute("appid"));
    }

    [Fact]
    public async Task Every_spelling_of_an_id_means_the_app()
    {
        string[] ids = [Fleet.FlatcarId, Fleet.FlatcarId.ToUpperInvariant(), Fleet.FlatcarId.Trim('{', '}'), $" {Fleet.FlatcarId} ", "{103867da-e3a2-4c92-b0b3-7fbd7f7d8b71}"];
        var reply = await server.AskAsync($"<request protocol=\"3.0\">{string.Concat(ids.Select(id => $"<app appid=\"{id}\" version=\"1\" board=\"amd64-usr\"><updatecheck/></app>"))}</request>");
        Assert.Equal(ids, reply.Elements("app").Select(app => (string?)app.Attribute("appid")));
        Assert.All(reply.Elements("app"), app => Assert.Equal("ok", (string?)app.Element("updatecheck")!.Attribute("status")));
    }

    [Fact]
    public async Task Sixty_four_apps_are_answered_and_sixty_five_refused()
    {
        static string Request(int apps) => $"<request protocol=\"3.0\">{string.Concat(Enumerable.Repeat("<app appid=\"a\"/>", apps))}</request>";
        Assert.Equal(64, (await server.AskAsync(Request(64))).Elements("app").Count());
        using var refused = await server.PostAsync(System.Text.Encoding.UTF8.GetBytes(Request(65)));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData("<ping active=\"1\"/>", "ping")]
    [InlineData("<event eventtype=\"13\" eventresult=\"1\"/>", "event")]
    [InlineData("", "")]
    public async Task App_that_does_not_ask_for_an_update_gets_no_updatecheck(string children, string answered)
    {
        var app = (await server.AskAsync($"<request protocol=\"3.0\"><app appid=\"{Fleet.FlatcarId}\">{children}</app></request>")).Element("app")!;
        Assert.Equal("ok", (string?)app.Attribute("status"));
        Assert.Equal(answered, string.Join(',', app.Elements().Select(element => element.Name.LocalName)));
    }

    [Fact]
    public async Task Every_event_is_acknowledged()
    {
        var events = string.Concat(Enumerable.Range(0, 14).Select(i => $"<event eventtype=\"{i * 60}\" eventresult=\"x\"/>"));
        var app = (await server.AskAsync($"<request protocol=\"3.0\"><app appid=\"{Fleet.FlatcarId}\">{events}</app></request>")).Element("app")!;
        Assert.Equal(14, app.Elements("event").Count(element => (string?)element.Attribute("status") == "ok"));
    }

    [Fact]
    public async Task Data_elements_are_answered_by_name()
    {
        var app = (await server.AskAsync($"<request protocol=\"3.0\"><app appid=\"{Fleet.ChromeId}\"><data name=\"install\" index=\"a&lt;b\"/><data name=\"untrusted\">x</data><data name=\"other\"/></app></request>")).Element("app")!;
        Assert.Equal(["install a<b error-nodata", "untrusted  ok"], app.Elements("data").Select(data => $"{(string?)data.Attribute("name")} {(string?)data.Attribute("index")} {(string?)data.Attribute("status")}"));
    }

    [Fact]
    public async Task Probes_are_answered_and_not_counted()
    {
        var before = await server.MetricAsync("omaha_checks_total{decision=\"Offered\"}");
        var reply = await server.AskAsync(Fleet.FlatcarCheck().Replace("ismachine", "testsource=\"prober\" ismachine", StringComparison.Ordinal));
        Assert.Equal("ok", CheckStatus(reply));
        Assert.Equal(before, await server.MetricAsync("omaha_checks_total{decision=\"Offered\"}"));
    }

    [Fact]
    public async Task Identical_checks_get_identical_bytes()
    {
        using var one = await server.PostAsync(System.Text.Encoding.UTF8.GetBytes(Fleet.FlatcarCheck()));
        using var other = await server.PostAsync(System.Text.Encoding.UTF8.GetBytes(Fleet.FlatcarCheck()));
        Assert.Equal(await one.Content.ReadAsByteArrayAsync(), await other.Content.ReadAsByteArrayAsync());
    }
}
