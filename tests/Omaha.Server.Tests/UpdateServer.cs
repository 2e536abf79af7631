using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Omaha.Catalog;
using Omaha.Redis;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>A real server on real sockets with a real store behind it, shared by the tests of a class.</summary>
public sealed class UpdateServer : IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();
    private WebApplication? _app;
    private StoreConnection? _connection;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 4, 20, 0, 0, TimeSpan.Zero));

    /// <summary>Settings beyond those that every test needs.</summary>
    internal IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Changes to what the server is made of.</summary>
    internal Action<WebApplicationBuilder>? Customize { get; init; }

    internal IServiceProvider Services => _app!.Services;

    public HttpClient Machines { get; } = new();

    public HttpClient Ops { get; } = new();

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    internal CatalogReplica Replica => _app!.Services.GetRequiredService<CatalogReplica>();

    internal CatalogStore Store => new(_connection!);

    public async ValueTask InitializeAsync()
    {
        await _store.StartAsync();
        _connection = new StoreConnection(new RedisOptions { Configuration = _store.Configuration }.Patient());
        await Store.InitializeAsync();
        await WriteAsync(Fleet.Flatcar(), Fleet.Extension(), Fleet.Chrome(), Fleet.ChromeOs());

        var settings = new Dictionary<string, string?>(Settings);
        foreach (var (key, value) in new Dictionary<string, string?>
        {
            ["Listen:Public"] = "http://127.0.0.1:0",
            ["Listen:Ops"] = "http://127.0.0.1:0",
            ["Drain:Time"] = "0",
            ["Overload:Hold"] = "false", // The machine that tests may be busy.
            ["Redis:Configuration"] = _store.Configuration,
            ["Logging:LogLevel:Default"] = "Critical",
        })
        {
            settings.TryAdd(key, value);
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        // The clock of replies stands still; the replica and Kestrel keep the real one.
        _app = ServerBuilder.Build(ServerOptions.Read(configuration), configuration, builder =>
        {
            builder.Services.AddSingleton(provider => new DaystartClock(Time, provider.GetRequiredService<ServerOptions>().DaystartZone));
            Customize?.Invoke(builder);
        });
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First());
        Machines.BaseAddress = Address;
        Ops.BaseAddress = _app.Services.GetRequiredService<OpsHost>().Address;
        await Replica.UntilAsync(replica => replica.Current.AppCount == 4);
        var probe = _app.Services.GetRequiredService<SelfProbe>();
        await UntilAsync(() => Task.FromResult(probe.Passed));
    }

    public async ValueTask DisposeAsync()
    {
        Machines.Dispose();
        Ops.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_connection is not null) await _connection.DisposeAsync();
        await _store.DisposeAsync();
    }

    /// <summary>Tells the server to stop, as a signal would, and returns at once.</summary>
    /// <returns>Ends when the server has stopped.</returns>
    internal Task TellToStop()
    {
        var app = _app!;
        var stopped = app.WaitForShutdownAsync();
        app.Lifetime.StopApplication();
        return stopped;
    }

    /// <summary>A connection to the server.</summary>
    internal async Task<Wire> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        return new Wire(socket);
    }

    /// <summary>Writes apps and returns when the server, where there is one already, serves them.</summary>
    internal async Task WriteAsync(params AppDocument[] documents)
    {
        var head = await Store.ReadHeadAsync();
        var result = await Store.WriteAsync(new CatalogChange { Expected = head.Version, Written = documents });
        Assert.True(result.IsCommitted);
        if (_app is not null) await Replica.UntilAsync(replica => replica.Current.Version == result.Version);
    }

    internal async Task BrakeAsync(Brakes brakes)
    {
        var head = await Store.ReadHeadAsync();
        var result = await Store.WriteAsync(new CatalogChange { Expected = head.Version, Brakes = brakes });
        Assert.True(result.IsCommitted);
        await Replica.UntilAsync(replica => replica.Current.Version == result.Version);
    }

    public async Task<HttpResponseMessage> PostAsync(byte[] body, string path = "/v1/update/", string? contentType = "text/xml")
    {
        using var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await Machines.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    /// <summary>The reply to a request that must be answered, read by an independent parser.</summary>
    public async Task<XElement> AskAsync(string request)
    {
        using var reply = await PostAsync(Encoding.UTF8.GetBytes(request));
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return XElement.Parse(await reply.Content.ReadAsStringAsync());
    }

    public async Task<string> MetricAsync(string name)
    {
        var page = await Ops.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return page.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..];
    }

    /// <summary>Returns when a condition holds, and fails when it does not come to hold.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Sends bytes as they are, in the given pieces, and returns all that comes back until the server closes or <paramref name="enough"/> says so.</summary>
    public async Task<string> SendRawAsync(IEnumerable<byte[]> pieces, Func<string, bool> enough)
    {
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        var stream = socket.GetStream();
        foreach (var piece in pieces) await stream.WriteAsync(piece);

        var received = new StringBuilder();
        var buffer = new byte[64 * 1024];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!enough(received.ToString()))
        {
            var count = await stream.ReadAsync(buffer, patience.Token);
            if (count == 0) break;
            received.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return received.ToString();
    }
}
