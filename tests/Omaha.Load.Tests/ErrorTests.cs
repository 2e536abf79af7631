using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Omaha.Load.Tests;

/// <summary>Answers that are not as they should be.</summary>
public sealed class ErrorTests : IDisposable
{
    private readonly Loading _loading = new();

    public void Dispose() => _loading.Dispose();

    [Fact]
    public async Task Another_status_is_an_error()
    {
        await using var server = await WebServer.StartAsync((http, number) =>
        {
            http.Response.StatusCode = number % 10 == 5 ? 503 : 200;
            return WebServer.Ok(http, number);
        });

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--requests", "100", "--connections", "4");

        Assert.Equal(1, exitCode);
        Assert.Equal(100, (long)result["requests"]!);
        Assert.Equal(90, (long)result["right"]!);
        Assert.Equal(10, (long)result["errors"]!["total"]!);
        Assert.Equal(10, (long)result["errors"]!["byKind"]!["status"]!);
        Assert.Equal("status 503 in place of 200", (string)result["errors"]!["examples"]!["status"]!);
    }

    [Fact]
    public async Task A_reply_without_the_expected_text_is_an_error()
    {
        await using var server = await WebServer.StartAsync((http, number) => number % 4 == 3 ? WebServer.SayAsync(http, "<response status=\"noupdate\"/>") : WebServer.Ok(http, number));

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--requests", "40", "--expect", "status=\"ok\"");

        Assert.Equal(1, exitCode);
        Assert.Equal(10, (long)result["errors"]!["byKind"]!["text"]!);
        Assert.Equal(30, (long)result["right"]!);
    }

    [Fact]
    public async Task Another_status_is_right_when_it_is_expected()
    {
        await using var server = await WebServer.StartAsync((http, number) =>
        {
            http.Response.StatusCode = 400;
            return WebServer.SayAsync(http, "no");
        });

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--requests", "10", "--expect-status", "400");

        Assert.Equal(0, exitCode);
        Assert.Equal(10, (long)result["right"]!);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_an_error_and_its_connection_is_replaced()
    {
        await using var server = await WebServer.StartAsync(async (http, number) =>
        {
            if (number == 3) await Task.Delay(Timeout.Infinite, http.RequestAborted);
            await WebServer.Ok(http, number);
        });

        // The others may be slow as well on a busy machine, so only the least is known.
        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--requests", "10", "--connections", "1", "--timeout", "2");

        Assert.Equal(1, exitCode);
        Assert.Equal(10, (long)result["requests"]!);
        Assert.InRange((long)result["errors"]!["byKind"]!["timeout"]!, 1, 9);
        Assert.Equal("no whole reply within 2 s", (string)result["errors"]!["examples"]!["timeout"]!);
        Assert.InRange(server.Connections.Count, 2, 10);
    }

    [Fact]
    public async Task A_lost_connection_is_an_error_and_is_replaced()
    {
        await using var server = await WebServer.StartAsync((http, number) =>
        {
            if (number != 3) return WebServer.Ok(http, number);
            http.Abort();
            return Task.CompletedTask;
        });

        var (exitCode, result) = await _loading.MeasureAsync(server.Url, "--requests", "10", "--connections", "1");

        Assert.Equal(1, exitCode);
        Assert.Equal(1, (long)result["errors"]!["byKind"]!["closed"]!);
        Assert.Equal(9, (long)result["right"]!);
        Assert.Equal(2, server.Connections.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "no Content-Length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2x\r\n\r\n22", "length is \"2x\"")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n22", "more bytes came")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", "length is \"99999999\"")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "begins with \"SSH-2.0-OpenSSH_9.2\"")]
    public async Task A_server_that_does_not_speak_as_it_should_is_named_and_not_loaded(string reply, string complaint)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            _ = await client.GetStream().ReadAsync(new byte[4096]);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(reply));
            // Until the program hangs up.
            _ = await client.GetStream().ReadAsync(new byte[4096]);
        });

        var (exitCode, _, error) = await Loading.RunAsync("run", $"http://{listener.LocalEndpoint}/v1/update", "--body", _loading.Body);

        Assert.Equal(1, exitCode);
        Assert.Contains("(unreadable)", error, StringComparison.Ordinal);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
        await serving;
    }

    [Fact]
    public async Task A_server_that_answers_the_first_request_wrongly_is_not_loaded()
    {
        await using var server = await WebServer.StartAsync((http, _) =>
        {
            http.Response.StatusCode = 404;
            return WebServer.SayAsync(http, "no such page");
        });

        var (exitCode, _, error) = await Loading.RunAsync("run", server.Url, "--body", _loading.Body);

        Assert.Equal(1, exitCode);
        Assert.Equal(1, server.Requests);
        Assert.Contains("does not answer check.xml as it should (status): status 404 in place of 200; the reply begins with \"HTTP/1.1 404 Not Found", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}/v1/update";
        listener.Stop();

        var (exitCode, _, error) = await Loading.RunAsync("run", url, "--body", _loading.Body);

        Assert.Equal(1, exitCode);
        Assert.Contains($"{url} does not answer check.xml as it should (connect)", error, StringComparison.Ordinal);
    }
}
