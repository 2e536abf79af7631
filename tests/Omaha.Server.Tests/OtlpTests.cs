using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omaha.Catalog;
using Omaha.Hosting;
using Omaha.Server.Metrics;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>Metrics by OTLP, as a collector gets them.</summary>
[Collection("Alone")]
public sealed class OtlpTests
{
    private static IConfigurationRoot Configuration(string? endpoint, string? interval = "3600") => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Listen:Public"] = "http://127.0.0.1:0",
        ["Listen:Ops"] = "http://127.0.0.1:0",
        ["Redis:Configuration"] = "127.0.0.1:1",
        ["Otlp:Endpoint"] = endpoint,
        ["Otlp:Interval"] = interval,
        ["Otlp:Headers"] = "authorization=Bearer secret",
    }).Build();

    private static WebApplication Build(IConfiguration configuration, LogLines log) => ServerBuilder.Build(ServerOptions.Read(configuration), configuration, builder =>
    {
        builder.Services.AddSingleton<ISnapshotSource>(new FixedCatalog(Fleet.Snapshot(Fleet.Flatcar())));
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
    });

    private static async Task AskAsync(WebApplication app)
    {
        using var client = new HttpClient();
        using var check = new ByteArrayContent(Encoding.UTF8.GetBytes(Fleet.FlatcarCheck()));
        using var reply = await client.PostAsync(new Uri(new Uri(app.Urls.First()), "/v1/update"), check);
        reply.EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Collector_gets_every_metric_with_the_values_of_the_page_the_last_time_at_the_end()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var log = new LogLines();
        await using var app = Build(Configuration(receiver.Address), log);
        await app.StartAsync();
        await AskAsync(app);
        await AskAsync(app);
        await app.StopAsync();

        var received = Assert.Single(receiver.Received);
        Assert.Equal(("application/x-protobuf", "Bearer secret"), (received.ContentType, received.Authorization));
        Assert.Equal("omaha-server", received.Resource["service.name"]);
        Assert.Equal(2, received.Number("omaha_checks_total", "Offered"));
        Assert.Equal(0, received.Number("omaha_checks_total", "UnknownApp"));
        Assert.Equal(0, received.Number("omaha_store_connected"));
        var (count, buckets, bounds) = received.Histogram("omaha_request_duration_seconds");
        Assert.Equal((2, 2), (count, buckets.Sum()));
        Assert.Equal(RequestTimes.Bounds, bounds);

        // A metric without samples is not sent.
        var withSamples = app.Services.GetRequiredService<MetricTable>().Metrics.Where(static metric => metric.Read().Any()).Select(static metric => metric.Name);
        Assert.Equal(withSamples.Order(), received.Names.Order());
    }

    [Fact]
    public async Task Collector_that_refuses_is_said_once_and_gets_what_was_counted_meanwhile()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Status = StatusCodes.Status400BadRequest;
        using var log = new LogLines();
        await using var app = Build(Configuration(receiver.Address, interval: "1"), log);
        await app.StartAsync();
        await AskAsync(app);
        await log.UntilAsync("Metrics cannot be sent");
        receiver.Status = StatusCodes.Status200OK;
        await log.UntilAsync("Metrics are sent to");
        await app.StopAsync();

        Assert.Equal(1, receiver.Received.First().Number("omaha_checks_total", "Offered"));
        Assert.Single(log.Written, static line => line.Contains("cannot be sent", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Written, static line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_of_it_exists_where_no_collector_is_named()
    {
        using var log = new LogLines();
        await using var app = Build(Configuration(endpoint: null), log);
        Assert.DoesNotContain(app.Services.GetServices<IHostedService>(), static service => service is OtlpExport);
    }

    [Fact]
    public async Task Recording_of_request_times_allocates_nothing_while_they_are_sent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var log = new LogLines();
        await using var app = Build(Configuration(receiver.Address), log);
        await app.StartAsync();
        var times = app.Services.GetRequiredService<RequestTimes>();
        Assert.Equal(0, Allocations.PerCall(() => times.End(times.Begin())));
        await app.StopAsync();
        Assert.True(Assert.Single(receiver.Received).Histogram("omaha_request_duration_seconds").Count > 1000);
    }

    [Theory]
    [InlineData("collector:4318", "Otlp:Endpoint = \"collector:4318\" is not usable")]
    [InlineData("ftp://collector", "Otlp:Endpoint = \"ftp://collector\" is not usable")]
    public void Endpoint_that_is_no_URL_is_refused(string endpoint, string words) =>
        Assert.Contains(words, Assert.Throws<SettingsException>(() => ServerOptions.Read(Configuration(endpoint))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/metrics")]
    [InlineData("https://collector.example/", "https://collector.example/v1/metrics")]
    [InlineData("https://collector.example/otlp/metrics", "https://collector.example/otlp/metrics")]
    public void Path_is_added_where_there_is_none(string endpoint, string sent) =>
        Assert.Equal(sent, ServerOptions.Read(Configuration(endpoint)).Otlp!.Endpoint.ToString());
}
