using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Omaha.Redis;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>Servers that start while the store is away.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("omaha-outage-").FullName;
    private readonly HttpClient _http = new();

    private string SnapshotPath => Path.Combine(_folder, "catalogue.snapshot");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Server_without_a_catalogue_sends_machines_elsewhere()
    {
        await using var server = await StartAsync(snapshot: null);
        await server.Services.GetRequiredService<CatalogReplica>().UntilAsync(ReplicaState.Unreachable);

        using var reply = await AskAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.StatusCode);
        Assert.InRange(reply.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 300, 600);
        Assert.InRange(int.Parse(reply.Headers.GetValues("X-Retry-After").Single(), System.Globalization.CultureInfo.InvariantCulture), 300, 600);
        Assert.StartsWith("NoCatalog: ", await reply.Content.ReadAsStringAsync());
        using var ready = await _http.GetAsync(Ops(server, "/readyz"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("omaha_refusals_total{refusal=\"NoCatalog\"} 1\n", await _http.GetStringAsync(Ops(server, "/metrics")));
    }

    [Fact]
    public async Task Server_with_a_snapshot_answers_and_says_where_from()
    {
        await _store.StartAsync();
        await using (var connection = new StoreConnection(new RedisOptions { Configuration = _store.Configuration }))
        {
            var store = new CatalogStore(connection);
            await store.WriteAsync(new CatalogChange { Expected = await store.InitializeAsync(), Written = [Fleet.Flatcar()] });
        }

        await using (var first = await StartAsync(SnapshotPath))
        {
            var disk = first.Services.GetRequiredService<DiskSnapshot>();
            await Eventually.IsTrueAsync(() => disk.Status.Version.Revision == 1);
            Assert.Contains("omaha_snapshot_revision 1\n", await _http.GetStringAsync(Ops(first, "/metrics")));
            await first.StopAsync();
        }

        await _store.KillAsync();
        await using var server = await StartAsync(SnapshotPath);
        var probe = server.Services.GetRequiredService<SelfProbe>();
        await Eventually.IsTrueAsync(() => probe.Passed);

        using var reply = await AskAsync(server);
        Assert.Contains("<manifest version=", await reply.Content.ReadAsStringAsync());
        var ready = JsonNode.Parse(await _http.GetStringAsync(Ops(server, "/readyz")))!;
        Assert.True((bool)ready["fromDisk"]!);
        Assert.Equal(nameof(ReplicaState.Unreachable), (string?)ready["replica"]);
        Assert.Equal(SnapshotPath, (string?)ready["snapshot"]!["path"]);
        Assert.Equal((string?)ready["version"], (string?)ready["snapshot"]!["version"]);
        Assert.Contains("omaha_replica_from_disk 1\n", await _http.GetStringAsync(Ops(server, "/metrics")));
        await server.StopAsync();
    }

    [Theory]
    [InlineData("folder/")]
    [InlineData("/")]
    public void Snapshot_path_that_is_a_folder_is_refused(string path)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Snapshot:Path"] = path }).Build();

        Assert.Contains($"Snapshot:Path = \"{path}\"", Assert.Throws<Omaha.Hosting.SettingsException>(() => ServerOptions.Read(configuration)).Message);
    }

    private static Uri Ops(WebApplication server, string path) => new(server.Services.GetRequiredService<OpsHost>().Address, path);

    private async Task<HttpResponseMessage> AskAsync(WebApplication server)
    {
        using var content = new StringContent(Fleet.FlatcarCheck(), Encoding.UTF8, "text/xml");
        return await _http.PostAsync(new Uri(new Uri(server.Urls.First()), "/v1/update/"), content);
    }

    private async Task<WebApplication> StartAsync(string? snapshot)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listen:Public"] = "http://127.0.0.1:0",
            ["Listen:Ops"] = "http://127.0.0.1:0",
            ["Drain:Time"] = "0",
            ["Overload:Hold"] = "false", // The machine that tests may be busy.
            ["Redis:Configuration"] = _store.Configuration,
            ["Snapshot:Path"] = snapshot,
            ["Logging:LogLevel:Default"] = "Critical",
        }).Build();
        var server = ServerBuilder.Build(ServerOptions.Read(configuration), configuration);
        await server.StartAsync();
        return server;
    }
}
