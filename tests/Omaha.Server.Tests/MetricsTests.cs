using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Omaha.Server.Metrics;

namespace Omaha.Server.Tests;

/// <summary>The metrics: their page, their documentation, and those that no other test looks at.</summary>
public sealed partial class MetricsTests(UpdateServer server) : IClassFixture<UpdateServer>
{
    private const string HalfACheck = "POST /v1/update HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n<request";

    private static async Task<IReadOnlyList<Metric>> TableAsync()
    {
        await using var app = ServerBuilder.Build(new ServerOptions(), new ConfigurationBuilder().Build());
        return app.Services.GetRequiredService<MetricTable>().Metrics;
    }

    private Task<string> PageAsync() => server.Ops.GetStringAsync(new Uri("/metrics", UriKind.Relative));

    private async Task<double> ValueAsync(string name) => double.Parse(await server.MetricAsync(name), CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_metric_is_documented_as_the_code_says()
    {
        var page = await File.ReadAllTextAsync(DocumentedIn());
        var documented = page.Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal));
        var table = (await TableAsync()).Select(static metric => $"| `{metric.Name}` | {MetricsPage.Word(metric.Kind)} | {string.Join(", ", metric.Labels.Select(static label => $"`{label}`"))} | {metric.Help} |");
        Assert.Equal(table, documented);
    }

    private static string DocumentedIn([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src", "Omaha.Server", "Metrics", "metrics.md");

    [Fact]
    public async Task Names_follow_the_conventions_of_Prometheus_and_are_there_once()
    {
        var table = await TableAsync();
        Assert.Equal(table.Count, table.Select(static metric => metric.Name).Distinct().Count());
        Assert.All(table, static metric =>
        {
            Assert.Matches("^(omaha|process|dotnet)_[a-z]+(_[a-z]+)*$", metric.Name);
            Assert.Equal(metric.Kind == MetricKind.Counter, metric.Name.EndsWith("_total", StringComparison.Ordinal));
            Assert.EndsWith(".", metric.Help, StringComparison.Ordinal);
            Assert.DoesNotContain('|', metric.Help);
            Assert.DoesNotContain('\n', metric.Help);
        });
    }

    [Fact]
    public async Task Page_has_help_and_type_of_every_metric_before_its_samples_and_no_other_samples()
    {
        var lines = (await PageAsync()).TrimEnd('\n').Split('\n').ToList();
        foreach (var metric in await TableAsync())
        {
            Assert.Equal($"# HELP {metric.Name} {metric.Help}", lines[0]);
            Assert.Equal($"# TYPE {metric.Name} {MetricsPage.Word(metric.Kind)}", lines[1]);
            lines.RemoveRange(0, 2);
            while (lines.Count > 0 && lines[0][0] != '#')
            {
                var sample = Sample().Match(lines[0]);
                Assert.True(sample.Success, lines[0]);
                Assert.Equal(metric.Name, metric.Kind == MetricKind.Histogram ? HistogramPart().Replace(sample.Groups[1].Value, "") : sample.Groups[1].Value);
                Assert.Equal(metric.Labels, sample.Groups[2].Captures.Select(static label => label.Value).Where(label => label != "le"));
                Assert.True(double.TryParse(sample.Groups[3].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _), lines[0]);
                lines.RemoveAt(0);
            }
        }

        Assert.Empty(lines);
    }

    [GeneratedRegex("""^([a-z_]+)(?:\{(?:([a-z]+)="[^"\\]*",?)+\})? (\S+)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();

    [Fact]
    public void Request_is_counted_in_the_bucket_of_the_time_that_it_took()
    {
        var time = new FakeTimeProvider();
        var times = new RequestTimes(time);
        foreach (var taken in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromMicroseconds(10), TimeSpan.FromMicroseconds(11), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11)])
        {
            var begun = times.Begin();
            Assert.Equal(1, times.InFlight);
            time.Advance(taken);
            times.End(begun);
            Assert.Equal(0, times.InFlight);
        }

        var buckets = times.Buckets();
        Assert.Equal((2, 1, 1, 1, 5), (buckets[0], buckets[1], buckets[^2], buckets[^1], buckets.Sum()));
        Assert.Equal(21.000021, times.Seconds, precision: 9);
    }

    [Fact]
    public async Task Every_request_is_in_the_histogram_answered_or_refused()
    {
        var before = await ValueAsync("omaha_request_duration_seconds_count");
        await server.AskAsync(Fleet.FlatcarCheck());
        using (await server.PostAsync("nonsense"u8.ToArray()))
        using (await server.PostAsync("{}"u8.ToArray(), contentType: "application/json"))
        {
            Assert.True(await ValueAsync("omaha_request_duration_seconds_count") >= before + 3);
        }

        var buckets = (await PageAsync()).Split('\n').Where(static line => line.StartsWith("omaha_request_duration_seconds_bucket", StringComparison.Ordinal)).Select(static line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(RequestTimes.Bounds.Length + 1, buckets.Count);
        Assert.Equal(buckets.Order(), buckets);
        Assert.True(await ValueAsync("omaha_request_duration_seconds_sum") > 0);
    }

    [Fact]
    public async Task Request_whose_body_is_awaited_is_in_flight_until_its_connection_is_lost()
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(HalfACheck));
            await UpdateServer.UntilAsync(async () => await ValueAsync("omaha_requests_in_flight") > 0);
        }

        await UpdateServer.UntilAsync(async () => await ValueAsync("omaha_requests_in_flight") == 0);
    }

    [Fact]
    public async Task Connections_are_counted_while_they_are_open_and_once_they_were()
    {
        var accepted = await ValueAsync("omaha_connections_total{outcome=\"accepted\"}");
        double open;
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            await UpdateServer.UntilAsync(async () => await ValueAsync("omaha_connections_total{outcome=\"accepted\"}") > accepted);
            open = await ValueAsync("omaha_connections");
            Assert.True(open > 0);
        }

        await UpdateServer.UntilAsync(async () => await ValueAsync("omaha_connections") < open);
    }

    [Fact]
    public async Task Process_and_runtime_tell_of_themselves()
    {
        Assert.InRange(await ValueAsync("process_resident_memory_bytes"), 1e6, 1e12);
        Assert.True(await ValueAsync("process_cpu_seconds_total") > 0);
        Assert.InRange(await ValueAsync("process_start_time_seconds"), DateTimeOffset.UtcNow.AddDays(-1).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        Assert.InRange(await ValueAsync("process_threads"), 1, 10_000);
        Assert.InRange(await ValueAsync("dotnet_gc_heap_bytes"), 1e5, 1e11);
        var collections = await ValueAsync("dotnet_gc_collections_total{generation=\"2\"}");
        GC.Collect();
        Assert.True(await ValueAsync("dotnet_gc_collections_total{generation=\"2\"}") > collections);
        if (!OperatingSystem.IsLinux()) return;

        var descriptors = await ValueAsync("process_open_fds");
        Assert.InRange(descriptors, 1, await ValueAsync("process_max_fds"));
    }
}
