using System.Collections.Concurrent;
using System.Diagnostics;

namespace Omaha.Load.Tests;

/// <summary>Requests are due at a constant rate, whatever became of those before.</summary>
public sealed class OpenLoopTests : IDisposable
{
    private readonly Loading _loading = new();

    public void Dispose() => _loading.Dispose();

    [Fact]
    public async Task No_request_is_sent_before_it_is_due()
    {
        var came = new ConcurrentQueue<long>();
        await using var server = await WebServer.StartAsync((http, number) =>
        {
            came.Enqueue(Stopwatch.GetTimestamp());
            return WebServer.Ok(http, number);
        });

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--rate", "200", "--requests", "100");

        Assert.Equal(0, exitCode);
        Assert.Equal(100, (long)result["requests"]!);
        Assert.Equal(200, (double)result["rate"]!);
        Assert.InRange((double)result["seconds"]!, 0.4999, 60);
        Assert.InRange((double)result["throughput"]!, 0, 200.1);
        // The one before the load came before the start, so request n cannot come earlier than n * 5 ms after it.
        var since = came.Order().ToList();
        for (var n = 0; n < 100; n++) Assert.InRange(Stopwatch.GetElapsedTime(since[0], since[n + 1]).TotalMilliseconds, 5 * n, double.MaxValue);
    }

    [Fact]
    public async Task Every_request_that_is_due_in_time_is_sent()
    {
        await using var server = await WebServer.StartAsync();

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--rate", "300", "--duration", "1", "--timeout", "60");

        Assert.Equal(0, exitCode);
        Assert.Equal(300, (long)result["requests"]!);
        Assert.Equal(300, (long)result["right"]!);
        Assert.Equal(301, server.Requests);
    }

    [Fact]
    public async Task Requests_that_had_to_wait_are_counted_from_when_they_were_due()
    {
        // One connection, and a server that keeps the first request for half a second: the others wait in the generator, each a little less.
        await using var server = await WebServer.StartAsync(async (http, number) =>
        {
            if (number == 1) await Task.Delay(500);
            await WebServer.Ok(http, number);
        });

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--connections", "1", "--rate", "100", "--requests", "20", "--timeout", "60");

        Assert.Equal(0, exitCode);
        Assert.Equal(20, (long)result["right"]!);
        // The last was due 190 ms after the first and cannot have been answered before it: 310 ms late at least, less what a timer may be early.
        Assert.InRange((double)result["percentiles"]![0]!["milliseconds"]!, 300, double.MaxValue);
        Assert.InRange((double)result["latency"]!["meanMilliseconds"]!, 300, double.MaxValue);
        // All but the first waited in the generator, the second longest.
        Assert.InRange((double)result["delay"]!["maxMilliseconds"]!, 470, double.MaxValue);
        Assert.InRange((double)result["delay"]!["p50Milliseconds"]!, 300, double.MaxValue);
        // The first alone had to wait for the server.
        Assert.InRange((double)result["served"]!["maxMilliseconds"]!, 470, double.MaxValue);
        Assert.True((double)result["served"]!["p50Milliseconds"]! < (double)result["latency"]!["p50Milliseconds"]!);
    }

    [Fact]
    public async Task Requests_that_nobody_could_send_are_errors()
    {
        await using var server = await WebServer.StartAsync(async (http, number) =>
        {
            if (number > 0) await Task.Delay(1000);
            await WebServer.Ok(http, number);
        });

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--connections", "1", "--rate", "100", "--duration", "0.5", "--timeout", "2");

        Assert.Equal(1, exitCode);
        Assert.Equal(50, (long)result["requests"]!);
        var unsent = (long)result["errors"]!["byKind"]!["unsent"]!;
        Assert.InRange(unsent, 1, 49);
        Assert.Equal(50 - unsent, server.Requests - 1);
        Assert.Contains("no connection was free", (string)result["errors"]!["examples"]!["unsent"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_run_ends_at_once_when_nothing_is_under_way()
    {
        using var interrupt = new CancellationTokenSource();
        await using var server = await WebServer.StartAsync(async (http, number) =>
        {
            await WebServer.Ok(http, number);
            await interrupt.CancelAsync();
        });

        // The first request is asked before the load and interrupts; the next would be due in ten seconds.
        var (exitCode, output, _) = await Loading.RunAsync(interrupt.Token, "run", server.Url, "--body", _loading.Body, "--rate", "0.1", "--duration", "3600");

        Assert.Equal(1, exitCode);
        Assert.Contains("0 errors    ended before its time", output, StringComparison.Ordinal);
    }
}
