using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>What bad requests leave in the log.</summary>
public sealed class RefusalLogTests
{
    [Fact]
    public async Task Bad_requests_leave_one_line_a_minute_and_nothing_of_their_own()
    {
        await using var store = new GarnetInProcess();
        await store.StartAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listen:Public"] = "http://127.0.0.1:0",
            ["Listen:Ops"] = "http://127.0.0.1:0",
            ["Drain:Time"] = "0",
            ["Overload:Hold"] = "false", // The machine that tests may be busy.
            ["Redis:Configuration"] = store.Configuration,
        }).Build();
        var time = new FakeTimeProvider();
        using var lines = new LogLines();
        await using var app = ServerBuilder.Build(ServerOptions.Read(configuration), configuration, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(lines);
        });
        await app.StartAsync();
        using var machines = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        for (var i = 0; i < 3; i++)
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("<evil\n2026 fake log line"));
            using var reply = await machines.PostAsync(new Uri("/v1/update", UriKind.Relative), content);
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, reply.StatusCode);
        }

        await UpdateServer.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return Task.FromResult(lines.Written.Any(static line => line.Contains("refused", StringComparison.Ordinal)));
        });
        for (var i = 0; i < 3; i++) await CutOffAsync(app.Urls.First());
        await app.StopAsync();

        Assert.DoesNotContain(lines.Written, static line => line.Contains("abnormally", StringComparison.Ordinal));
        Assert.Equal("Requests refused in the last minute: Malformed 3.", Assert.Single(lines.Written, static line => line.Contains("refused", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines.Written, static line => line.Contains("evil", StringComparison.Ordinal) || line.Contains("fake", StringComparison.Ordinal));
    }

    /// <summary>Ends its side of a connection in the middle of a body; returns when the server has ended its own.</summary>
    private static async Task CutOffAsync(string address)
    {
        var server = new Uri(address);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("POST /v1/update HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n<request"u8.ToArray());
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        try
        {
            await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            // Reset, which is an end too.
        }
    }
}
