using System.Net;
using System.Text.Json.Nodes;
using Omaha.Catalog;
using Omaha.Redis;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>What machines see of the store: changes, brakes, and documents that are broken.</summary>
public sealed class StoreTests(UpdateServer server) : IClassFixture<UpdateServer>
{
    private async Task<string?> StatusAsync() => (string?)(await server.AskAsync(Fleet.FlatcarCheck())).Descendants("updatecheck").Single().Attribute("status");

    private async Task<JsonNode> ReadyAsync()
    {
        using var reply = await server.Ops.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return JsonNode.Parse(await reply.Content.ReadAsStringAsync())!;
    }

    [Fact]
    public async Task Brake_holds_every_offer_also_while_a_document_is_faulty_and_lets_go_again()
    {
        var broken = Fleet.Extension();
        broken.Spec!.Releases![0].Packages![0].Size = -1;
        await server.WriteAsync(broken);
        Assert.Equal("ok", await StatusAsync());
        Assert.Equal(1, (int)(await ReadyAsync())["faultyApps"]!);

        await server.BrakeAsync(new Brakes { PauseAll = new Mark { By = "tests", Reason = "smoke" } });
        Assert.Equal("noupdate", await StatusAsync());
        Assert.Equal("smoke", (string?)(await ReadyAsync())["pausedAll"]!["reason"]);
        Assert.Equal("1", await server.MetricAsync("omaha_paused_all"));

        await server.BrakeAsync(Brakes.None);
        Assert.Equal("ok", await StatusAsync());

        var extension = await server.AskAsync($"<request protocol=\"3.0\"><app appid=\"{Fleet.ExtensionId}\" version=\"0.9\"><updatecheck/></app></request>");
        Assert.Equal("1.0.0", (string?)extension.Descendants("manifest").Single().Attribute("version"));
        await server.WriteAsync(Fleet.Extension());
        Assert.Equal(0, (int)(await ReadyAsync())["faultyApps"]!);
    }

    [Fact]
    public async Task App_with_unknown_requirements_is_answered_without_an_offer_and_shown()
    {
        var document = Fleet.Chrome();
        document.Requires = ["teleportation"];
        await server.WriteAsync(document);
        var reply = await server.AskAsync($"<request protocol=\"3.0\"><os platform=\"win\"/><app appid=\"{Fleet.ChromeId}\" version=\"1.0\"><updatecheck/></app></request>");

        Assert.Equal("noupdate", (string?)reply.Descendants("updatecheck").Single().Attribute("status"));
        Assert.Equal("1", await server.MetricAsync("omaha_apps_unsupported"));
        await server.WriteAsync(Fleet.Chrome());
    }

    [Fact]
    public async Task Changed_pointer_changes_the_answer()
    {
        var document = Fleet.ChromeOs();
        const string check = $"<request protocol=\"3.0\"><os platform=\"Chrome OS\" sp=\"1_x86_64\"/><app appid=\"{Fleet.ChromeOsId}\" version=\"1.0\" track=\"stable-channel\"><updatecheck/></app></request>";
        Assert.Equal("15572.63.0", (string?)(await server.AskAsync(check)).Descendants("manifest").Single().Attribute("version"));

        document.State = null;
        await server.WriteAsync(document);
        Assert.Equal("noupdate", (string?)(await server.AskAsync(check)).Descendants("updatecheck").Single().Attribute("status"));
        await server.WriteAsync(Fleet.ChromeOs());
    }

    [Fact]
    public async Task Apps_that_ask_for_it_are_counted_by_name()
    {
        var document = Fleet.Flatcar();
        document.Spec!.Metrics = true;
        await server.WriteAsync(document);
        await StatusAsync();
        Assert.NotEqual("0", await server.MetricAsync($"omaha_app_checks_total{{app=\"{Fleet.FlatcarId}\",decision=\"Offered\"}}"));
        await server.WriteAsync(Fleet.Flatcar());
    }

    [Fact]
    public async Task Live_and_ready_pages_say_how_things_stand()
    {
        Assert.Equal("live\n", await server.Ops.GetStringAsync(new Uri("/livez", UriKind.Relative)));
        var ready = await ReadyAsync();
        Assert.True((bool)ready["ready"]!);
        Assert.Equal(nameof(ReplicaState.Following), (string?)ready["replica"]);
    }

    [Fact]
    public async Task Ops_pages_are_not_on_the_public_port_nor_updates_on_the_ops_port()
    {
        using var metrics = await server.Machines.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, metrics.StatusCode);
        using var content = new StringContent(Fleet.FlatcarCheck());
        using var update = await server.Ops.PostAsync(new Uri("/v1/update", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.NotFound, update.StatusCode);
    }
}
