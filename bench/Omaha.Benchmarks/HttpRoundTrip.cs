using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Omaha.Catalog;
using Omaha.Hosting;
using Omaha.Server;
using Omaha.Server.Tests;
using Omaha.Testing;

namespace Omaha.Benchmarks;

/// <summary>
/// One POST on a connection that stays open, through the whole of Kestrel but without sockets, beside an empty handler: the same Kestrel,
/// a body of the same size drained, a reply of the same size and with the same headers.
/// </summary>
[MemoryDiagnoser]
public class HttpRoundTrip
{
    private readonly Connection _omaha = Connection.To(Omaha());
    private readonly Connection _empty;

    public HttpRoundTrip() => _empty = Connection.To(Empty(_omaha.BodyBytes));

    [Benchmark(Baseline = true)]
    public void EmptyHandler() => _empty.Exchange();

    [Benchmark]
    public void FlatcarOffered() => _omaha.Exchange();

    private static (WebApplication Server, MemoryTransport Transport) Omaha()
    {
        var transport = new MemoryTransport();
        var server = ServerBuilder.Build(new ServerOptions(), new ConfigurationBuilder().Build(), builder =>
        {
            builder.WebHost.ConfigureKestrel(KeepOpen);
            builder.Services.RemoveAll<IHostedService>();
            builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
            builder.Services.AddSingleton<TimeProvider>(new StoppedClock());
            builder.Services.AddSingleton<ISnapshotSource>(new FixedCatalog(Benchmarks.Exchange.Catalog()));
        });
        return (server, transport);
    }

    private static (WebApplication Server, MemoryTransport Transport) Empty(int replyBytes)
    {
        var transport = new MemoryTransport();
        var builder = WebHosts.CreateBuilder(new ServerOptions().Public, new ConfigurationBuilder().Build());
        builder.WebHost.ConfigureKestrel(KeepOpen);
        builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        var reply = new ReadOnlyMemory<byte>(new byte[replyBytes]);
        var server = builder.Build();
        server.MapPost("/v1/update", (RequestDelegate)(http =>
        {
            if (!http.Request.BodyReader.TryRead(out var read) || !read.IsCompleted) throw new InvalidOperationException("The body did not come at once.");
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            http.Response.ContentLength = reply.Length;
            http.Response.Headers.ContentType = "text/xml; charset=utf-8";
            http.Response.Headers.CacheControl = "no-store";
            var write = http.Response.BodyWriter.WriteAsync(reply);
            return write.IsCompletedSuccessfully ? Task.CompletedTask : WaitAsync(write);
        }));
        return (server, transport);

        static async Task WaitAsync(ValueTask<FlushResult> write) => await write;
    }

    /// <summary>Other benchmarks run between two requests.</summary>
    private static void KeepOpen(KestrelServerOptions kestrel) => kestrel.Limits.KeepAliveTimeout = TimeSpan.FromDays(1);

    /// <summary>A connection to a server that runs on the caller's thread.</summary>
    private sealed class Connection
    {
        private static readonly byte[] Request = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST /v1/update/ HTTP/1.1\r\nHost: updates.example.test\r\nContent-Type: text/xml\r\nContent-Length: {Encoding.UTF8.GetByteCount(Requests.Flatcar)}\r\n\r\n{Requests.Flatcar}"));

        private readonly MemoryConnection _connection;
        private readonly int _replyBytes;

        private Connection(MemoryConnection connection, byte[] reply)
        {
            var text = Encoding.UTF8.GetString(reply);
            if (!text.StartsWith("HTTP/1.1 200 OK", StringComparison.Ordinal)) throw new InvalidOperationException(text);
            _connection = connection;
            _replyBytes = reply.Length;
            BodyBytes = reply.Length - text.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4;
        }

        public int BodyBytes { get; }

        public static Connection To((WebApplication Server, MemoryTransport Transport) site)
        {
            site.Server.Start();
            var connection = site.Transport.Connect();
            return new Connection(connection, connection.ExchangeOnceAsync(Request).GetAwaiter().GetResult());
        }

        public void Exchange() => _connection.Exchange(Request, _replyBytes);
    }
}
