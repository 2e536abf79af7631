using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Omaha.Conformance.Clients;
using Omaha.Redis;
using Omaha.Server;
using Omaha.Testing;

namespace Omaha.Conformance;

/// <summary>A real server on real sockets, and the ways to ask it.</summary>
public class OmahaServer : IAsyncDisposable
{
    private readonly HttpClient _ops = new();
    private readonly HttpClient _machines = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private WebApplication? _app;

    /// <summary>The clock of the replies: it stands still unless a test moves it. The store and the sockets keep the real one.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 4, 20, 0, 0, TimeSpan.Zero));

    /// <summary>Everything that the server has logged.</summary>
    public LogLines Log { get; } = new();

    private Uri Address { get; set; } = new("http://127.0.0.1");

    internal CatalogReplica Replica => _app!.Services.GetRequiredService<CatalogReplica>();

    public virtual async ValueTask DisposeAsync()
    {
        _machines.Dispose();
        _ops.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Starts on a store and returns when the server calls itself ready.</summary>
    internal async Task StartAsync(string store, params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["Listen:Public"] = "http://127.0.0.1:0",
            ["Listen:Ops"] = "http://127.0.0.1:0",
            ["Drain:Time"] = "0",
            ["Overload:Hold"] = "false", // The machine that tests may be busy.
            ["Redis:Configuration"] = store,
            ["Logging:LogLevel:Default"] = "Trace",
        };
        foreach (var (key, value) in settings) values[key] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        _app = ServerBuilder.Build(ServerOptions.Read(configuration), configuration, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(Log);
            builder.Services.AddSingleton(provider => new DaystartClock(Time, provider.GetRequiredService<ServerOptions>().DaystartZone));
        });
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First());
        _machines.BaseAddress = Address;
        _ops.BaseAddress = _app.Services.GetRequiredService<OpsHost>().Address;
        await UntilReadyAsync();
    }

    /// <summary>Posts a body and takes whatever comes back.</summary>
    public async Task<Reply> PostAsync(byte[] body, string path = "/v1/update/", string? contentType = "text/xml", params (string Name, string Value)[] headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        using var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request);
    }

    /// <inheritdoc cref="PostAsync(byte[], string, string?, ValueTuple{string, string}[])"/>
    public Task<Reply> PostAsync(string body, string path = "/v1/update/", string? contentType = "text/xml", params (string Name, string Value)[] headers) =>
        PostAsync(Encoding.UTF8.GetBytes(body), path, contentType, headers);

    /// <summary>A request without a body.</summary>
    public async Task<Reply> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        return await SendAsync(request);
    }

    /// <summary>The reply to a request that has to be answered, and that every client which could be sent it has to accept.</summary>
    internal async Task<Reply> AskAsync(byte[] request, ClientKinds except = ClientKinds.None)
    {
        var reply = await PostAsync(request);
        Assert.True(reply.Status == 200, $"{reply.Status}: {reply.Text}");
        Acceptance.Check(request, reply, except);
        return reply;
    }

    /// <inheritdoc cref="AskAsync(byte[], ClientKinds)"/>
    internal Task<Reply> AskAsync(string request, ClientKinds except = ClientKinds.None) => AskAsync(Encoding.UTF8.GetBytes(request), except);

    /// <summary>Sends bytes as they are, in the given pieces, and returns all that comes back until the server closes or <paramref name="enough"/> says so.</summary>
    public async Task<string> SendRawAsync(IEnumerable<byte[]> pieces, Func<string, bool> enough)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentNullException.ThrowIfNull(enough);
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

    /// <summary>A counter or gauge as the metrics page shows it; 0 for one that is not there (yet).</summary>
    public async Task<long> MetricAsync(string name)
    {
        var page = await _ops.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var line = page.Split('\n').SingleOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
    }

    /// <summary>By how much a counter grows while something is done.</summary>
    public async Task<long> GrowthAsync(string metric, Func<Task> deed)
    {
        ArgumentNullException.ThrowIfNull(deed);
        var before = await MetricAsync(metric);
        await deed();
        return await MetricAsync(metric) - before;
    }

    private async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using var response = await _machines.SendAsync(request);
        return await Reply.ReadAsync(response);
    }

    private async Task UntilReadyAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var ready = await _ops.GetAsync(new Uri("/readyz", UriKind.Relative), patience.Token);
            if (ready.IsSuccessStatusCode) return;
        }
    }
}
