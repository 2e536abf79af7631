using System.Net.Sockets;
using System.Text;

namespace Omaha.Load;

/// <summary>Connections that are open and do next to nothing.</summary>
/// <param name="target">What they are opened to.</param>
/// <param name="idle">How many ask once and then wait.</param>
/// <param name="slow">How many send the head of a request a byte at a time.</param>
internal sealed class HeldConnections(Target target, int idle, int slow) : IDisposable
{
    /// <summary>Connections that are being opened at once.</summary>
    private const int Opening = 64;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _opening = new(Opening);
    private readonly TaskCompletionSource<bool> _allOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private int _failed;
    private int _lost;
    private int _restarts;
    private string? _failure;

    /// <summary>True once all are open; false when the time was over before.</summary>
    public Task<bool> AllOpen => _allOpen.Task;

    /// <summary>Whether all could be opened and no idle one was lost.</summary>
    public bool IsComplete => _failed == 0 && _lost == 0 && _open == idle + slow;

    public string Report() =>
        FormattableString.Invariant($"{_open} of {idle + slow} connections were held; {_lost} idle ones were lost, slow ones began anew {_restarts} times, {_failed} could not be opened{(_failure is null ? "" : ": " + _failure)}");

    /// <summary>Holds them until the time is over.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        byte[] ask = [.. Head(ends: true), .. "<request/>"u8];
        var holding = Enumerable.Range(0, idle).Select(_ => HoldAsync(socket => IdleAsync(socket, ask, over), over))
            .Concat(Enumerable.Range(0, slow).Select(_ => HoldAsync(socket => SlowAsync(socket, over), over)));
        await Task.WhenAll(holding.ToList());
        _allOpen.TrySetResult(false);
    }

    public void Dispose() => _opening.Dispose();

    private byte[] Head(bool ends) =>
        Encoding.ASCII.GetBytes($"POST {target.Url.PathAndQuery} HTTP/1.1\r\nHost: {target.Url.Authority}\r\nContent-Length: 10\r\n{(ends ? "\r\n" : "X-Slow: " + new string('x', 3600))}");

    private async Task HoldAsync(Func<Socket, Task> hold, CancellationToken over)
    {
        using var socket = new Socket(target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await OpenAsync(socket, over);
            if (Interlocked.Increment(ref _open) == idle + slow) _allOpen.TrySetResult(true);
            await hold(socket);
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
        catch (SocketException error)
        {
            Interlocked.Increment(ref _failed);
            _failure ??= error.Message;
        }
    }

    private async Task OpenAsync(Socket socket, CancellationToken over)
    {
        await _opening.WaitAsync(over);
        try
        {
            await socket.ConnectAsync(target.Address, over);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>A request makes the server set up all that a connection has. Its answer does not matter.</summary>
    private async Task IdleAsync(Socket socket, byte[] ask, CancellationToken over)
    {
        var reply = new byte[1024];
        await socket.SendAsync(ask, over);
        try
        {
            while (await socket.ReceiveAsync(reply, over) > 0)
            {
                // The reply; the end only when the server closes.
            }
        }
        catch (SocketException)
        {
            // Closed rudely is closed as well.
        }

        Interlocked.Increment(ref _lost);
    }

    private async Task SlowAsync(Socket socket, CancellationToken over)
    {
        var head = Head(ends: false);
        var current = socket;
        try
        {
            while (true)
            {
                try
                {
                    foreach (var letter in head)
                    {
                        await current.SendAsync(new[] { letter }, over);
                        await Task.Delay(Beat, over);
                    }
                }
                catch (SocketException)
                {
                    // The server had enough.
                }

                Interlocked.Increment(ref _restarts);
                current.Dispose();
                current = new Socket(target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await OpenAsync(current, over);
            }
        }
        finally
        {
            current.Dispose();
        }
    }
}
