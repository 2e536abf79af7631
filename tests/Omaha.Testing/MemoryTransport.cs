using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Omaha.Testing;

/// <summary>A transport for Kestrel without sockets: the whole HTTP pipeline in one process, so that what a request allocates can be counted exactly.</summary>
public sealed class MemoryTransport : IConnectionListenerFactory
{
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();

    /// <summary>Opens a connection to the server.</summary>
    public MemoryConnection Connect()
    {
        // Synchronous schedulers: a flush runs the other side at once, on the caller's thread, so nothing is allocated for a hand-over.
        var options = new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);
        var pair = DuplexPair.Create(options);
        var server = new DefaultConnectionContext(Guid.NewGuid().ToString("N"), pair.Client, pair.Server)
        {
            LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 80),
            RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 12345),
        };
        server.Transport = pair.Server;
        _accepted.Writer.TryWrite(server);
        return new MemoryConnection(pair.Client);
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new Listener(endpoint, _accepted));

    private sealed class Listener(EndPoint endpoint, Channel<ConnectionContext> accepted) : IConnectionListener
    {
        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await accepted.Reader.WaitToReadAsync(cancellationToken))
            {
                if (accepted.Reader.TryRead(out var connection)) return connection;
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            accepted.Writer.TryComplete();
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class DuplexPair : IDuplexPipe
    {
        private DuplexPair(PipeReader input, PipeWriter output)
        {
            Input = input;
            Output = output;
        }

        public PipeReader Input { get; }

        public PipeWriter Output { get; }

        public static (IDuplexPipe Client, IDuplexPipe Server) Create(PipeOptions options)
        {
            var toServer = new Pipe(options);
            var toClient = new Pipe(options);
            return (new DuplexPair(toClient.Reader, toServer.Writer), new DuplexPair(toServer.Reader, toClient.Writer));
        }
    }
}

/// <summary>The client's end of a connection of <see cref="MemoryTransport"/>.</summary>
public sealed class MemoryConnection(IDuplexPipe pipe)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Sends one whole request and takes its reply of a known length. Allocates nothing: it spins instead of waiting, since a wait costs a state machine.</summary>
    /// <exception cref="TimeoutException">The reply did not come.</exception>
    public void Exchange(ReadOnlyMemory<byte> request, int replyBytes)
    {
        var flush = pipe.Output.WriteAsync(request);
        var spin = default(SpinWait);
        while (!flush.IsCompleted) spin.SpinOnce();
        flush.GetAwaiter().GetResult();
        var started = 0L;
        for (long received = 0; received < replyBytes;)
        {
            if (pipe.Input.TryRead(out var read))
            {
                received += read.Buffer.Length;
                pipe.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) throw new InvalidOperationException("The server closed the connection.");
            }
            else
            {
                if (started == 0) started = Stopwatch.GetTimestamp();
                else if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException("The server has closed the connection without a word, or does not answer.");
                spin.SpinOnce();
            }
        }
    }

    /// <summary>Sends one whole request and reads what comes back until the server has nothing more to say for now.</summary>
    public async Task<byte[]> ExchangeOnceAsync(ReadOnlyMemory<byte> request)
    {
        await pipe.Output.WriteAsync(request);
        var read = await pipe.Input.ReadAsync();
        var bytes = System.Buffers.BuffersExtensions.ToArray(read.Buffer);
        pipe.Input.AdvanceTo(read.Buffer.End);

        // The server's flush runs this continuation on its own stack; a caller that then spins would wait for itself.
        await Task.Yield();
        return bytes;
    }
}
