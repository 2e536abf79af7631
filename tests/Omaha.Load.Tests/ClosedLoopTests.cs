using Microsoft.AspNetCore.Http;

namespace Omaha.Load.Tests;

/// <summary>Each connection asks again as soon as it has its reply.</summary>
public sealed class ClosedLoopTests : IDisposable
{
    private readonly Loading _loading = new();

    public void Dispose() => _loading.Dispose();

    [Fact]
    public async Task A_run_sends_as_many_requests_as_it_may_and_one_before()
    {
        await using var server = await WebServer.StartAsync();

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--requests", "100", "--connections", "3");

        Assert.Equal(0, exitCode);
        Assert.Equal(100, (long)result["requests"]!);
        Assert.Equal(100, (long)result["right"]!);
        Assert.Equal(101, server.Requests);
        Assert.Equal(3, server.Connections.Count);
    }

    [Fact]
    public async Task A_run_ends_when_its_time_is_over()
    {
        await using var server = await WebServer.StartAsync();

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--duration", "0.2", "--connections", "2");

        Assert.Equal(0, exitCode);
        Assert.InRange((double)result["seconds"]!, 0.2, 60);
        Assert.Equal(server.Requests - 1, (long)result["requests"]!);
    }

    [Fact]
    public async Task Requests_that_warm_up_are_not_counted()
    {
        await using var server = await WebServer.StartAsync();

        var (_, result) = await _loading.MeasureAsync(server.Url, "--requests", "50", "--warm-up", "60");

        Assert.Equal(50, (long)result["requests"]!);
        Assert.Equal(50 + 50 + 1, server.Requests);
    }

    [Fact]
    public async Task Each_request_has_a_connection_of_its_own_when_that_is_asked_for()
    {
        await using var server = await WebServer.StartAsync(async (http, number) =>
        {
            Assert.Equal("close", http.Request.Headers.Connection);
            await WebServer.Ok(http, number);
        });

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--requests", "20", "--connections", "4", "--new-connections");

        Assert.Equal(0, exitCode);
        Assert.True((bool)result["newConnections"]!);
        Assert.Equal(21, server.Connections.Count);
        Assert.All(server.Connections.Values, static count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task A_connection_that_the_server_ends_after_a_reply_is_opened_again()
    {
        await using var server = await WebServer.StartAsync((http, number) =>
        {
            http.Response.Headers.Connection = "close";
            return WebServer.Ok(http, number);
        });

        var (exitCode, _) = await _loading.MeasureAsync(server.Url, "--requests", "10", "--connections", "1");

        Assert.Equal(0, exitCode);
        Assert.Equal(11, server.Connections.Count);
    }

    [Fact]
    public async Task A_server_with_an_unknown_certificate_is_loaded_when_any_will_do()
    {
        await using var server = await WebServer.StartAsync(tls: true);

        var (refused, _, error) = await Loading.RunAsync("run", server.Url, "--body", _loading.Body);
        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--requests", "30", "--connections", "2", "--insecure");

        Assert.Equal(1, refused);
        Assert.Contains("(tls)", error, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
        Assert.Equal(30, (long)result["right"]!);
        Assert.Equal(2, server.Connections.Count);
    }

    [Fact]
    public async Task A_reply_that_comes_in_pieces_and_is_larger_than_a_buffer_is_read_whole()
    {
        var text = new string('x', 100_000) + "the end";
        await using var server = await WebServer.StartAsync(async (http, _) =>
        {
            http.Response.ContentLength = text.Length;
            foreach (var piece in text.Chunk(30_000))
            {
                await http.Response.WriteAsync(new string(piece));
                await http.Response.Body.FlushAsync();
            }
        });

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--requests", "5", "--expect", "the end");

        Assert.Equal(0, exitCode);
        Assert.Equal(5, (long)result["right"]!);
    }

    [Fact]
    public async Task Bodies_are_sent_in_turn_and_each_by_one_node_after_another()
    {
        await using var server = await WebServer.StartAsync();
        string a = _loading.Write("a.xml", "<a id='{machineid}'/>"), b = _loading.Write("b.xml", "<b id='{machineid}' app='{appid}' other='{braces}'/>");

        await _loading.MeasureAsync(server.Url, "--body", a, "--body", b, "--requests", "40", "--nodes", "5", "--apps", "3", "--connections", "1");

        var bodies = server.Bodies.Skip(2).ToList();
        Assert.Equal(20, bodies.Count(static body => body.StartsWith("<a ", StringComparison.Ordinal)));
        Assert.Equal(20, bodies.Count(static body => body.StartsWith("<b ", StringComparison.Ordinal)));
        Assert.All(bodies.Where(static body => body[1] == 'b'), static body => Assert.Matches("^<b id='[0-9a-f]{32}' app='\\{0a0a0a0a-0000-4000-8000-00000000000[012]\\}' other='\\{braces\\}'/>$", body));
        var ids = bodies.GroupBy(static body => (body[1], body.Substring(7, 32))).ToList();
        Assert.Equal(10, ids.Count);
        Assert.All(ids, static id => Assert.Equal(4, id.Count()));
        Assert.Equal(5, ids.Select(static id => id.Key.Item2).Distinct().Count());
    }

    [Fact]
    public async Task The_head_says_where_the_request_goes_and_what_was_asked_for()
    {
        var seen = new TaskCompletionSource<(string? Host, string? Type, string? Agent)>();
        await using var server = await WebServer.StartAsync((http, number) =>
        {
            seen.TrySetResult((http.Request.Headers.Host, http.Request.ContentType, http.Request.Headers.UserAgent));
            return WebServer.Ok(http, number);
        });

        await _loading.MeasureAsync(server.Url, "--requests", "1", "--header", "User-Agent: a machine");

        Assert.Equal((new Uri(server.Url).Authority, "text/xml", "a machine"), await seen.Task);
    }

    [Fact]
    public async Task An_interrupted_run_ends_with_what_it_has()
    {
        using var interrupt = new CancellationTokenSource();
        await using var server = await WebServer.StartAsync(async (http, number) =>
        {
            if (number == 50) await interrupt.CancelAsync();
            await WebServer.Ok(http, number);
        });
        var file = _loading.FileFor("result.json");

        var (exitCode, output, _) = await Loading.RunAsync(interrupt.Token, "run", server.Url, "--body", _loading.Body, "--warm-up", "0", "--duration", "600", "--json", file);

        Assert.Equal(1, exitCode);
        Assert.Contains("ended before its time", output, StringComparison.Ordinal);
        Assert.Contains("0 errors", output, StringComparison.Ordinal);
        var result = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        Assert.True((bool)result["interrupted"]!);
        Assert.InRange((long)result["right"]!, 1, server.Requests);
    }

    [Fact]
    public async Task An_interrupted_run_does_not_wait_for_a_reply_that_does_not_come()
    {
        using var interrupt = new CancellationTokenSource();
        await using var server = await WebServer.StartAsync(async (http, number) =>
        {
            if (number > 0)
            {
                await interrupt.CancelAsync();
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            }

            await WebServer.Ok(http, number);
        });

        var (exitCode, output, _) = await Loading.RunAsync(interrupt.Token, "run", server.Url, "--body", _loading.Body, "--warm-up", "0", "--duration", "600", "--timeout", "600");

        Assert.Equal(1, exitCode);
        Assert.Contains("ended before its time", output, StringComparison.Ordinal);
    }
}
