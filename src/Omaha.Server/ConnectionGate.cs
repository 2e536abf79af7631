using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Omaha.Server;

/// <summary>
/// Lets connections to the public port in, as many and as fast as <see cref="LimitOptions"/> says. One above the bound is closed before
/// anything is set up for it; one that comes too fast is left in the queue of the operating system, which makes clients wait by itself
/// when it is full.
/// </summary>
public sealed class ConnectionGate
{
    /// <summary>Connections that may come at once, as a part of a second's worth.</summary>
    private const double Burst = 0.1;

    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new();
    private readonly long _interval;
    private readonly long _burst;
    private readonly int _crowd;
    private long _due;
    private int _count;
    private long _accepted;
    private long _shed;

    public ConnectionGate(LimitOptions limits, TimeProvider time, ILogger<ConnectionGate> log)
    {
        _time = time;
        var files = FileLimit.Connections();
        if (files < limits.Connections) log.ConnectionsAreLimitedByFiles(limits.Connections, files);
        Bound = Math.Min(limits.Connections, files);
        _crowd = Bound - (Bound / 10);
        _interval = Math.Max(1, time.TimestampFrequency / limits.AcceptRate);
        _burst = (long)(time.TimestampFrequency * Burst);
    }

    /// <summary>Most connections that are open at once.</summary>
    public int Bound { get; }

    /// <summary>Connections that are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Connections that were let in since the start.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that were closed because <see cref="Bound"/> were open.</summary>
    public long Shed => Volatile.Read(ref _shed);

    /// <summary>More than nine tenths of the bound are open: connections should not outlive their reply.</summary>
    public bool IsCrowded => Volatile.Read(ref _count) > _crowd;

    /// <summary>Ends every connection that is open, whatever it does.</summary>
    public void AbortAll()
    {
        foreach (var connection in _open.Keys) connection.Abort(new ConnectionAbortedException("The server stops."));
    }

    /// <summary>A transport whose listeners let connections through this gate only.</summary>
    internal IConnectionListenerFactory Before(IConnectionListenerFactory transport) => new GatedTransport(this, transport);

    /// <summary>Waits until another connection may be let in.</summary>
    private async ValueTask WaitAsync(CancellationToken stop)
    {
        var now = _time.GetTimestamp();
        _due = Math.Max(_due, now) + _interval;
        if (_due - now > _burst) await Task.Delay(_time.GetElapsedTime(0, _due - now - _burst), _time, stop);
    }

    /// <summary>Counts a connection in, or closes it.</summary>
    private async ValueTask<bool> AdmitAsync(ConnectionContext connection)
    {
        if (Interlocked.Increment(ref _count) > Bound)
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Increment(ref _shed);
            connection.Abort(new ConnectionAbortedException("Too many connections are open."));
            await connection.DisposeAsync();
            return false;
        }

        Interlocked.Increment(ref _accepted);
        _open[connection] = true;
        connection.ConnectionClosed.UnsafeRegister(static state => ((Leaving)state!).Leave(), new Leaving(this, connection));
        return true;
    }

    private sealed class Leaving(ConnectionGate gate, ConnectionContext connection)
    {
        public void Leave()
        {
            if (gate._open.TryRemove(connection, out _)) Interlocked.Decrement(ref gate._count);
        }
    }

    private sealed class GatedTransport(ConnectionGate gate, IConnectionListenerFactory transport) : IConnectionListenerFactory, IConnectionListenerFactorySelector
    {
        public bool CanBind(EndPoint endpoint) => transport is not IConnectionListenerFactorySelector selector || selector.CanBind(endpoint);

        public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            new GatedListener(gate, await transport.BindAsync(endpoint, cancellationToken));
    }

    private sealed class GatedListener(ConnectionGate gate, IConnectionListener listener) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    await gate.WaitAsync(_unbound.Token);
                }
                catch (OperationCanceledException) when (_unbound.IsCancellationRequested)
                {
                    return null;
                }

                if (await listener.AcceptAsync(cancellationToken) is not { } connection) return null;
                if (await gate.AdmitAsync(connection)) return connection;
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await listener.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await listener.DisposeAsync();
            _unbound.Dispose();
        }
    }
}
