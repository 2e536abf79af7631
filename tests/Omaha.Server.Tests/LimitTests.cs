using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>What connections may cost, over real sockets: the slow, the idle, the large and the many.</summary>
public sealed class LimitTests
{
    private static async Task<UpdateServer> StartAsync(params (string Key, string Value)[] settings)
    {
        var server = new UpdateServer { Settings = settings.ToDictionary(static setting => setting.Key, static setting => (string?)setting.Value) };
        await server.InitializeAsync();
        return server;
    }

    private static async Task AssertAnswersAsync(UpdateServer server)
    {
        using var wire = await server.ConnectAsync();
        Assert.StartsWith("HTTP/1.1 200 OK", await wire.AskAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_comes_too_slowly_is_given_up()
    {
        await using var server = await StartAsync(("Limits:DataRate", "1000000"), ("Limits:DataGrace", "2"));
        using var wire = await server.ConnectAsync();
        await wire.SendAsync(Wire.Head(1000) + "<request");

        Assert.StartsWith("HTTP/1.1 408 ", await wire.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("1", await server.MetricAsync("omaha_refusals_total{refusal=\"BodyIncomplete\"}"));
        await AssertAnswersAsync(server);
    }

    [Fact]
    public async Task Head_that_does_not_come_to_its_end_is_given_up()
    {
        await using var server = await StartAsync(("Limits:HeadersTimeout", "1"));
        using var wire = await server.ConnectAsync();
        await wire.SendAsync("POST /v1/update HTTP/1.1\r\nHost: loc");

        Assert.StartsWith("HTTP/1.1 408 ", await wire.ReadToEndAsync(), StringComparison.Ordinal);
        await AssertAnswersAsync(server);
    }

    [Fact]
    public async Task Connection_that_asks_nothing_is_closed()
    {
        await using var server = await StartAsync(("Limits:IdleTimeout", "1"));
        using var silent = await server.ConnectAsync();
        using var idle = await server.ConnectAsync();
        await idle.AskAsync();

        Assert.Equal("", await silent.ReadToEndAsync());
        Assert.Equal("", await idle.ReadToEndAsync());
        await Eventually.IsTrueAsync(() => server.Services.GetRequiredService<ConnectionGate>().Count == 0);
    }

    [Fact]
    public async Task Flood_of_requests_whose_replies_nobody_takes_is_cut_off()
    {
        await using var server = await StartAsync(("Limits:DataRate", "1000000"), ("Limits:DataGrace", "2"));
        using var wire = await server.ConnectAsync();
        var flood = string.Concat(Enumerable.Repeat(Wire.Request, 50));

        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true) await wire.SendAsync(flood);
        });
        await AssertAnswersAsync(server);
    }

    [Theory]
    [InlineData("X-Large: ", 1_500, 1, "431")]
    [InlineData("X-Many-", 1, 101, "431")]
    public async Task Headers_beyond_their_limits_are_refused(string name, int length, int count, string status)
    {
        await using var server = await StartAsync(("Limits:HeaderBytes", count == 1 ? "1024" : "65536"));
        using var wire = await server.ConnectAsync();
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => count == 1 ? $"{name}{new string('x', length)}\r\n" : $"{name}{i}: x\r\n"));
        await wire.SendAsync($"POST /v1/update HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", await wire.ReadToEndAsync(), StringComparison.Ordinal);
        await AssertAnswersAsync(server);
    }

    [Fact]
    public async Task Request_line_beyond_its_limit_is_refused()
    {
        await using var server = await StartAsync();
        using var wire = await server.ConnectAsync();
        await wire.SendAsync($"POST /v1/update?{new string('x', 9_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 414 ", await wire.ReadToEndAsync(), StringComparison.Ordinal);
        await AssertAnswersAsync(server);
    }

    [Fact]
    public async Task Connection_beyond_the_bound_is_closed_and_counted_and_the_others_live_on()
    {
        await using var server = await StartAsync(("Limits:Connections", "5"));
        var wires = new List<Wire>();
        for (var i = 0; i < 5; i++)
        {
            wires.Add(await server.ConnectAsync());
            await wires[i].AskAsync();
        }

        Assert.Equal("", await ReadToEndOfAnotherAsync(server));
        Assert.Equal("1", await server.MetricAsync("omaha_connections_total{outcome=\"shed\"}"));
        Assert.Equal("5", await server.MetricAsync("omaha_connections_total{outcome=\"accepted\"}"));
        Assert.Equal("5", await server.MetricAsync("omaha_connections"));
        Assert.Equal("5", await server.MetricAsync("omaha_connections_limit"));
        foreach (var wire in wires) await wire.AskAsync();

        wires[0].Dispose();
        await UpdateServer.UntilAsync(async () => await server.MetricAsync("omaha_connections") == "4");
        await AssertAnswersAsync(server);
        foreach (var wire in wires) wire.Dispose();
    }

    /// <summary>A connection may be closed so early that it cannot even be opened.</summary>
    private static async Task<string> ReadToEndOfAnotherAsync(UpdateServer server)
    {
        try
        {
            using var wire = await server.ConnectAsync();
            return await wire.ReadToEndAsync();
        }
        catch (SocketException)
        {
            return "";
        }
    }

    [Fact]
    public async Task Connections_end_with_their_reply_while_nearly_as_many_as_allowed_are_open()
    {
        await using var server = await StartAsync(("Limits:Connections", "10"));
        var wires = new List<Wire>();
        for (var i = 0; i < 9; i++)
        {
            wires.Add(await server.ConnectAsync());
            Assert.DoesNotContain("Connection: close", await wires[i].AskAsync(), StringComparison.Ordinal);
        }

        using (var tenth = await server.ConnectAsync())
        {
            Assert.Contains("Connection: close", await tenth.AskAsync(), StringComparison.Ordinal);
            Assert.Equal("", await tenth.ReadToEndAsync());
        }

        foreach (var wire in wires) wire.Dispose();
    }

    [Fact]
    public async Task Connections_that_come_too_fast_wait_their_turn()
    {
        var time = new FakeTimeProvider();
        await using var server = new UpdateServer
        {
            Customize = builder => builder.Services.AddSingleton(new ConnectionGate(new LimitOptions { AcceptRate = 10 }, time, NullLogger<ConnectionGate>.Instance)),
        };
        await server.InitializeAsync();
        var gate = server.Services.GetRequiredService<ConnectionGate>();
        using var first = await server.ConnectAsync();
        await first.AskAsync();
        using var second = await server.ConnectAsync();
        await second.SendAsync(Wire.Request);
        await first.AskAsync();
        Assert.Equal(1, gate.Accepted);

        time.Advance(TimeSpan.FromSeconds(0.1));
        await second.ReadUntilAsync("</response>");
        Assert.Equal(2, gate.Accepted);
    }

    [Fact]
    public async Task Health_page_answers_on_the_public_port()
    {
        await using var server = await StartAsync();
        using var wire = await server.ConnectAsync();
        await wire.SendAsync("GET /healthz HTTP/1.1\r\nHost: omaha\r\nConnection: close\r\n\r\n");
        Assert.EndsWith("\r\n\r\nready\n", await wire.ReadToEndAsync(), StringComparison.Ordinal);

        using var head = await server.ConnectAsync();
        await head.SendAsync("HEAD /healthz HTTP/1.0\r\n\r\n");
        var reply = await head.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200 OK", reply, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_measures_its_own_load()
    {
        await using var server = await StartAsync();
        await UpdateServer.UntilAsync(async () => double.Parse(await server.MetricAsync("omaha_overload_cpu_ratio"), CultureInfo.InvariantCulture) > 0);
        await UpdateServer.UntilAsync(async () => double.Parse(await server.MetricAsync("omaha_overload_lag_seconds"), CultureInfo.InvariantCulture) > 0);
    }
}
