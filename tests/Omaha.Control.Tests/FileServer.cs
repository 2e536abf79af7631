using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Omaha.Hosting;

namespace Omaha.Control.Tests;

/// <summary>A mirror: serves files from memory, with ranges, and misbehaves where it is told to.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private int _refusals;
    private int _cuts;
    private int _cutAt;

    private FileServer(WebApplication app) => _app = app;

    /// <summary>URL of the folder, ending with a slash.</summary>
    public string Codebase => $"{_app.Urls.Single()}/files/";

    /// <summary>What was asked for, in order: the path, and the range behind a blank.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>False: every answer is the whole file.</summary>
    public bool KnowsRanges { get; set; } = true;

    /// <summary>False: an answer does not tell its length.</summary>
    public bool TellsLength { get; set; } = true;

    /// <summary>Serves nothing while it is not null, but waits for it.</summary>
    public Task? Hold { get; set; }

    public static async Task<FileServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FileServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public void Put(string name, byte[] content) => _files[name] = content;

    /// <summary>The next answers are 503.</summary>
    public void Refuse(int times) => _refusals = times;

    /// <summary>The next answers end after so many bytes, as when a connection is lost.</summary>
    public void Cut(int times, int after) => (_cuts, _cutAt) = (times, after);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        Requests.Enqueue($"{http.Request.Path} {http.Request.Headers.Range}".TrimEnd());
        if (Hold is { } hold) await hold.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var name = http.Request.Path.Value!.Split('/')[^1];
        if (!_files.TryGetValue(name, out var content))
        {
            http.Response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        if (Interlocked.Decrement(ref _refusals) >= 0)
        {
            http.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return;
        }

        var start = 0;
        if (KnowsRanges && http.Request.GetTypedHeaders().Range is { } range)
        {
            start = (int)range.Ranges.Single().From!.Value;
            http.Response.StatusCode = (int)HttpStatusCode.PartialContent;
            http.Response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(start, content.Length - 1, content.Length);
        }

        http.Response.Headers.ETag = "\"one\"";
        if (TellsLength) http.Response.ContentLength = content.Length - start;
        var rest = content.AsMemory(start);
        if (Interlocked.Decrement(ref _cuts) >= 0)
        {
            await http.Response.Body.WriteAsync(rest[..Math.Min(_cutAt, rest.Length)]);
            await http.Response.Body.FlushAsync();
            http.Abort();
            return;
        }

        await http.Response.Body.WriteAsync(rest);
    }
}
