using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Omaha.Load.Tests;

/// <summary>What a run leaves: text, JSON and a picture.</summary>
public sealed class ResultTests : IAsyncLifetime
{
    private readonly Loading _loading = new();
    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _loading.Dispose();
    }

    [Fact]
    public async Task The_JSON_says_what_was_asked_and_what_was_seen()
    {
        var pid = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var (_, result) = await _loading.MeasureAsync(_server.Url, "--requests", "500", "--connections", "8", "--nodes", "77", "--pid", pid, "--label", "build=aot", "--label", "round=3");

        Assert.Equal(
            [
                "started", "url", "labels", "bodies", "connections", "newConnections", "nodes", "rate", "seconds", "interrupted", "requests", "right", "throughput",
                "errors", "latency", "delay", "served", "generator", "server", "percentiles", "intervals",
            ],
            result.AsObject().Select(static member => member.Key));
        Assert.Equal(_server.Url, (string)result["url"]!);
        Assert.Equal("aot", (string)result["labels"]!["build"]!);
        Assert.Equal("3", (string)result["labels"]!["round"]!);
        Assert.Equal(10, (int)result["bodies"]![0]!["bytes"]!);
        Assert.Equal((8, 77, false), ((int)result["connections"]!, (int)result["nodes"]!, (bool)result["newConnections"]!));
        Assert.Null(result["rate"]);
        Assert.Equal(0, (long)result["errors"]!["total"]!);
        Assert.Empty(result["errors"]!["byKind"]!.AsObject());

        var latency = result["latency"]!;
        double[] ascending = [0, (double)latency["p50Milliseconds"]!, (double)latency["p90Milliseconds"]!, (double)latency["p99Milliseconds"]!, (double)latency["p99.9Milliseconds"]!, (double)latency["maxMilliseconds"]!];
        Assert.Equal(ascending.Order(), ascending);
        Assert.InRange((double)latency["p50Milliseconds"]!, 1e-6, (double)result["seconds"]! * 1000);
        Assert.Equal(500, result["intervals"]!.AsArray().Sum(static interval => (long)interval!["right"]!));

        var server = result["server"]!;
        Assert.Equal(pid, server["pid"]!.ToString());
        Assert.InRange((double)server["cpuMicrosecondsPerRequest"]!, 0.1, double.MaxValue);
        Assert.InRange((double)server["memoryMiB"]!, 1, (double)server["peakMemoryMiB"]!);
    }

    [Fact]
    public async Task A_process_that_was_not_named_is_not_measured()
    {
        var (_, result) = await _loading.MeasureAsync(_server.Url, "--requests", "10");

        Assert.Null(result["server"]);
    }

    [Fact]
    public async Task The_text_has_the_figures_and_the_progress_goes_to_standard_error()
    {
        var (exitCode, output, error) = await Loading.RunAsync("run", _server.Url, "--body", _loading.Body, "--warm-up", "0.1", "--duration", "1.5", "--connections", "2");

        Assert.Equal(0, exitCode);
        Assert.StartsWith($"{_server.Url}    closed loop, 2 connections, 1 000 nodes, check.xml (10 bytes)\n", output, StringComparison.Ordinal);
        Assert.Matches("(?m)^latency +p50 [0-9.]+ +p90 [0-9.]+ +p99 [0-9.]+ +p99.9 [0-9.]+ +max [0-9.]+ ms$", output);
        Assert.Matches("(?m)^generator +[0-9.]+ us CPU a request +[0-9.]+ cores", output);
        Assert.Matches("(?m)^ *[0-9.]+ s +[0-9 ]+ a second +p99 [0-9.]+ ms +0 errors$", error);
    }

    [Fact]
    public async Task A_quiet_run_writes_its_files_only()
    {
        var file = _loading.FileFor("result.json");

        var (exitCode, output, error) = await Loading.RunAsync("run", _server.Url, "--body", _loading.Body, "--warm-up", "0", "--requests", "5", "--quiet", "--json", file);

        Assert.Equal((0, "", ""), (exitCode, output, error));
        Assert.Equal(5, (long)JsonNode.Parse(await File.ReadAllTextAsync(file))!["right"]!);
    }

    [Fact]
    public async Task The_picture_is_an_SVG_with_a_curve_for_latency_and_one_for_throughput()
    {
        var file = _loading.FileFor("run.svg");

        await Loading.RunAsync("run", _server.Url + "?a=1&b=<2>", "--body", _loading.Body, "--warm-up", "0", "--duration", "0.5", "--plot", file);

        var svg = XDocument.Parse(await File.ReadAllTextAsync(file)).Root!;
        Assert.Equal("svg", svg.Name.LocalName);
        var texts = svg.Elements().Where(static element => element.Name.LocalName == "text").Select(static text => text.Value).ToList();
        Assert.Contains("Latency by percentile, ms", texts);
        Assert.Contains("99 %", texts);
        Assert.Contains(texts, static text => text.Contains("closed loop", StringComparison.Ordinal));
        var curves = svg.Elements().Where(static element => element.Name.LocalName == "polyline").Select(static curve => curve.Attribute("points")!.Value.Split(' ').Length).ToList();
        Assert.Equal(5, curves.Count);
        Assert.All(curves, static points => Assert.InRange(points, 2, 1000));
    }
}
