using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>How a server stops.</summary>
public sealed class DrainTests
{
    private readonly FakeTimeProvider _time = new();

    /// <summary>A server whose draining goes by a clock of the test's. Kestrel alone would wait for ten minutes until it cuts connections off.</summary>
    private async Task<UpdateServer> StartAsync(string seconds)
    {
        var server = new UpdateServer
        {
            Settings = new Dictionary<string, string?> { ["Drain:Time"] = seconds, ["Limits:DataGrace"] = "120" },
            Customize = builder =>
            {
                builder.Services.AddSingleton(provider => new Drain(
                    provider.GetRequiredService<ServerOptions>(), provider.GetRequiredService<ConnectionGate>(), _time, provider.GetRequiredService<IHostApplicationLifetime>(), NullLogger<Drain>.Instance));
                builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromMinutes(10));
            },
        };
        await server.InitializeAsync();
        return server;
    }

    private Task PassUntilAsync(Func<bool> condition) => Eventually.IsTrueAsync(() =>
    {
        if (condition()) return true;
        _time.Advance(TimeSpan.FromSeconds(0.2));
        return false;
    });

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var reply = await client.GetAsync(new Uri(path, UriKind.Relative));
        return reply.StatusCode;
    }

    private static bool RefusesConnections(UpdateServer server)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, server.Address.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    [Fact]
    public async Task Server_that_was_told_to_stop_says_so_and_goes_on_answering()
    {
        await using var server = await StartAsync("60");
        using var open = await server.ConnectAsync();
        Assert.DoesNotContain("Connection: close", await open.AskAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server.Machines, "/healthz"));

        var stopped = server.TellToStop();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(server.Machines, "/healthz"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(server.Ops, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server.Ops, "/livez"));
        Assert.Equal("1", await server.MetricAsync("omaha_draining"));
        Assert.Equal("0", await server.MetricAsync("omaha_ready"));

        // On a connection from before, and on a new one.
        var reply = await open.AskAsync();
        Assert.StartsWith("HTTP/1.1 200 OK", reply, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", reply, StringComparison.Ordinal);
        Assert.Equal("", await open.ReadToEndAsync());
        using var late = await server.ConnectAsync();
        Assert.StartsWith("HTTP/1.1 200 OK", await late.AskAsync(), StringComparison.Ordinal);
        Assert.False(stopped.IsCompleted);

        await PassUntilAsync(() => stopped.IsCompleted);
        await stopped;
        Assert.True(RefusesConnections(server));
    }

    [Fact]
    public async Task Every_reply_ends_its_connection_while_the_server_drains()
    {
        await using var server = await StartAsync("60");
        var stopped = server.TellToStop();
        foreach (var request in (string[])["GET /healthz", "GET /v1/update", "GET /nothing", "POST /v1/update"])
        {
            using var wire = await server.ConnectAsync();
            await wire.SendAsync(request + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            Assert.Contains("\r\nConnection: close\r\n", await wire.ReadToEndAsync(), StringComparison.Ordinal);
        }

        await PassUntilAsync(() => stopped.IsCompleted);
    }

    [Fact]
    public async Task Whoever_still_comes_at_the_end_is_sent_elsewhere()
    {
        await using var server = await StartAsync("60");
        var drain = server.Services.GetRequiredService<Drain>();
        var stopped = server.TellToStop();
        await PassUntilAsync(() => drain.IsEnding);

        using var wire = await server.ConnectAsync();
        await wire.SendAsync(Wire.Request);
        var reply = await wire.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 503 ", reply, StringComparison.Ordinal);
        Assert.InRange(RetryTime.In(reply, "Retry-After"), 300, 600);
        Assert.InRange(RetryTime.In(reply, "X-Retry-After"), 300, 600);
        Assert.EndsWith("Stopping: the server stops; ask again later, or ask another server.\n", reply, StringComparison.Ordinal);
        Assert.Equal("1", await server.MetricAsync("omaha_refusals_total{refusal=\"Stopping\"}"));

        await PassUntilAsync(() => stopped.IsCompleted);
    }

    [Fact]
    public async Task Request_that_is_under_way_when_the_time_is_over_is_answered()
    {
        await using var server = await StartAsync("0");
        using var wire = await server.ConnectAsync();
        await wire.BeginAsync();

        var stopped = server.TellToStop();
        await Eventually.IsTrueAsync(() => RefusesConnections(server));

        Assert.StartsWith("HTTP/1.1 200 OK", await wire.EndAsync(), StringComparison.Ordinal);
        await stopped.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Idle_and_stuck_connections_do_not_keep_the_server_from_stopping()
    {
        await using var server = await StartAsync("5");
        using var silent = await server.ConnectAsync();
        using var idle = await server.ConnectAsync();
        await idle.AskAsync();
        using var stuck = await server.ConnectAsync();
        await stuck.BeginAsync();

        var stopped = server.TellToStop();
        await PassUntilAsync(() => stopped.IsCompleted);
        await stopped;
        Assert.Equal("", await silent.ReadToEndAsync());
        Assert.Equal("", await idle.ReadToEndAsync());
        Assert.Equal("", await stuck.ReadToEndAsync());
    }

    [Fact]
    public async Task Server_in_a_hurry_does_not_wait()
    {
        await using var server = await StartAsync("600");
        server.Services.GetRequiredService<Drain>().Hurry();
        await server.TellToStop().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(RefusesConnections(server));
    }
}
