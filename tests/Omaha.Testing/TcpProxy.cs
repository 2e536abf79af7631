using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Omaha.Testing;

/// <summary>What a network between a client and a server may do to them.</summary>
public enum LineFault
{
    /// <summary>All gets through.</summary>
    None,

    /// <summary>Open connections are reset, and new ones too: somebody says that nobody is there.</summary>
    Refused,

    /// <summary>Nothing gets through in either direction, and nobody says so.</summary>
    Silent,

    /// <summary>The server hears the client, and the client does not hear the server.</summary>
    SilentToClient,

    /// <summary>The client hears the server, and the server does not hear the client.</summary>
    SilentToServer,

    /// <summary>All gets through late, by <see cref="TcpProxy.Delay"/> in each direction.</summary>
    Slow,
}

/// <summary>Stands between clients and a server, and lets the network between them fail in a way of one's choice.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _clients = [];
    private readonly Task _accepting;
    private LineFault _fault;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="serverPort">Where the server listens on this machine, now or later.</param>
    public TcpProxy(int serverPort)
    {
        ServerPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int ServerPort { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What a client connects with.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>How late everything is when the line is slow.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>What the line does from now on, also to what is under way. What is held back by a silent line arrives when it is no longer silent.</summary>
    public LineFault Fault
    {
        get => _fault;
        set
        {
            TaskCompletionSource changed;
            lock (_gate)
            {
                _fault = value;
                changed = _changed;
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            changed.TrySetResult();
            if (value == LineFault.Refused) Reset();
        }
    }

    /// <summary>Ends every open connection with a reset; new ones get through.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            foreach (var client in _clients) Reset(client);
            _clients.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Reset();
        await _accepting;
        _stop.Dispose();
    }

    private static void Reset(Socket client)
    {
        try
        {
            client.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        client.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                if (Fault == LineFault.Refused) Reset(client);
                else lines.Add(ServeAsync(client));
                lines.RemoveAll(static line => line.IsCompleted);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }

        await Task.WhenAll(lines);
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        lock (_gate) _clients.UnionWith([client, server]);
        try
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, ServerPort, _stop.Token);
            await await Task.WhenAny(
                CopyAsync(client, server, static fault => fault is LineFault.Silent or LineFault.SilentToServer),
                CopyAsync(server, client, static fault => fault is LineFault.Silent or LineFault.SilentToClient));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Either side hung up.
        }
        finally
        {
            lock (_gate) _clients.ExceptWith([client, server]);
            Reset(client);
            Reset(server);
        }
    }

    private async Task CopyAsync(Socket from, Socket to, Func<LineFault, bool> isSilent)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (Fault == LineFault.Slow) await Task.Delay(Delay, _stop.Token);
            while (true)
            {
                Task changed;
                lock (_gate) changed = _changed.Task;
                if (!isSilent(Fault)) break;
                await changed.WaitAsync(_stop.Token);
            }

            for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent..count), _stop.Token);
        }
    }
}
