using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Omaha.Catalog;
using Omaha.Redis;
using Omaha.Server;
using Omaha.Testing;

namespace Omaha.Load.Tests;

/// <summary>The catalogue of numbered apps, from the store to the answers of a server.</summary>
public sealed class SeedTests : IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();
    private readonly Loading _loading = new();

    public async ValueTask InitializeAsync() => await _store.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _loading.Dispose();
    }

    [Fact]
    public async Task Every_seeded_app_is_offered_to_machines_that_ask_for_one_at_random_with_a_manifest_as_long_as_promised()
    {
        var (exitCode, output, error) = await Loading.RunAsync("seed", "--redis", _store.Configuration, "--apps", "1100");
        Assert.True(exitCode == 0, error);
        Assert.Contains("1 100 apps in ", output, StringComparison.Ordinal);

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listen:Public"] = "http://127.0.0.1:0",
            ["Listen:Ops"] = "http://127.0.0.1:0",
            ["Drain:Time"] = "0",
            ["Overload:Hold"] = "false", // The machine that tests may be busy.
            ["Redis:Configuration"] = _store.Configuration,
            ["Logging:LogLevel:Default"] = "Critical",
        }).Build();
        await using var server = ServerBuilder.Build(ServerOptions.Read(configuration), configuration);
        await server.StartAsync();
        var replica = server.Services.GetRequiredService<CatalogReplica>();
        await replica.UntilAsync(static replica => replica.Current.AppCount == 1100);
        var body = _loading.Write("offered.xml", "<request protocol='3.0'><app appid='{appid}' version='1.0.0' track='stable' board='amd64-usr' machineid='{machineid}'><updatecheck/></app></request>");

        var (asked, result) = await _loading.MeasureAsync(server.Urls.First() + "/v1/update", "--body", body, "--apps", "1100", "--requests", "3000", "--expect", "<manifest version=\"2.0.0\">");

        Assert.Equal(0, asked);
        Assert.Equal(3000, (long)result["right"]!);

        using var machine = new HttpClient();
        using var check = new StringContent("<request protocol='3.0'><app appid='{0a0a0a0a-0000-4000-8000-00000000044b}' version='1.0.0' board='amd64-usr'><updatecheck/></app></request>");
        using var reply = await machine.PostAsync(new Uri(server.Urls.First() + "/v1/update"), check);
        var xml = await reply.Content.ReadAsStringAsync();
        var manifest = xml[xml.IndexOf("<urls>", StringComparison.Ordinal)..(xml.IndexOf("</manifest>", StringComparison.Ordinal) + "</manifest>".Length)];
        Assert.Equal(SeedCommand.ManifestBytes, manifest.Length);
    }

    [Fact]
    public void Seeded_apps_are_valid_documents() =>
        Assert.All([0, 1, SeededApps.Most - 1], static number => Assert.Empty(AppValidator.Check(SeedCommand.App(number))));

    [Fact]
    public async Task A_store_that_is_not_empty_is_left_alone()
    {
        await Loading.RunAsync("seed", "--redis", _store.Configuration, "--apps", "3");
        await using var connection = new StoreConnection(new RedisOptions { Configuration = _store.Configuration }.Patient());
        var before = await new CatalogStore(connection).ReadHeadAsync();

        var (exitCode, _, error) = await Loading.RunAsync("seed", "--redis", _store.Configuration, "--apps", "5");

        Assert.Equal(1, exitCode);
        Assert.Contains("the store is not empty; its catalogue is left alone", error, StringComparison.Ordinal);
        Assert.Equal(before.Version, (await new CatalogStore(connection).ReadHeadAsync()).Version);
    }

    [Theory]
    [InlineData("192.0.2.1:6379", "--redis names 192.0.2.1:6379: only a store on this machine is filled")]
    [InlineData("", "--redis is not usable: it must be a StackExchange.Redis configuration")]
    public async Task Only_a_store_of_this_machine_is_filled(string redis, string complaint)
    {
        var (exitCode, _, error) = await Loading.RunAsync("seed", "--redis", redis);

        Assert.Equal(2, exitCode);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }
}
