using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Omaha.Load.Tests;

/// <summary>A real web server on a free port that answers as a test wants it to and remembers what it was asked.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private WebServer(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    /// <summary>Requests that came, the one before the load included.</summary>
    public int Requests => _requests;

    /// <summary>Bodies as they came.</summary>
    public ConcurrentQueue<string> Bodies { get; } = [];

    /// <summary>Connections that requests came on.</summary>
    public ConcurrentDictionary<string, int> Connections { get; } = [];

    /// <summary>Starts a server.</summary>
    /// <param name="answer">Answers the request with a number, counted from 0.</param>
    /// <param name="tls">Whether it speaks TLS, with a certificate that nobody knows.</param>
    public static async Task<WebServer> StartAsync(Func<HttpContext, int, Task>? answer = null, bool tls = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls) listen.UseHttps(Certificate());
        }));
        var app = builder.Build();
        var server = new WebServer(app);
        app.Run(async http =>
        {
            var number = Interlocked.Increment(ref server._requests) - 1;
            server.Connections.AddOrUpdate(http.Connection.Id, 1, static (_, count) => count + 1);
            using var reader = new StreamReader(http.Request.Body);
            server.Bodies.Enqueue(await reader.ReadToEndAsync());
            await (answer ?? Ok)(http, number);
        });
        await app.StartAsync();
        server.Url = app.Urls.Single() + "/v1/update";
        return server;
    }

    public static Task Ok(HttpContext http, int number) => SayAsync(http, "<response status=\"ok\"/>");

    public static Task SayAsync(HttpContext http, string text)
    {
        http.Response.ContentLength = text.Length;
        return http.Response.WriteAsync(text);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
