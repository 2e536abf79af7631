using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Omaha.Server.Tests;

/// <summary>One connection, byte by byte.</summary>
internal sealed class Wire(Socket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int Rest = 100;

    private static readonly string Check = Fleet.FlatcarCheck();

    /// <summary>Bytes of a whole request that is offered an update.</summary>
    public static string Request => Head() + Check;

    /// <summary>The head of a request with a body of a given length.</summary>
    public static string Head(int? length = null) =>
        string.Create(CultureInfo.InvariantCulture, $"POST /v1/update HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: {length ?? Encoding.UTF8.GetByteCount(Check)}\r\n\r\n");

    public async Task SendAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), patience.Token);
    }

    /// <summary>Sends and returns the reply to a check, head and body.</summary>
    public async Task<string> AskAsync()
    {
        await SendAsync(Request);
        return await ReadUntilAsync("</response>");
    }

    /// <summary>Sends a request but for its last bytes, and returns when its handler waits for those.</summary>
    public async Task BeginAsync()
    {
        await SendAsync(Head().Replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", StringComparison.Ordinal));
        await ReadUntilAsync("100 Continue\r\n\r\n");
        await SendAsync(Check[..^Rest]);
    }

    /// <summary>Sends the last bytes of a request that was begun, and returns the reply.</summary>
    public async Task<string> EndAsync()
    {
        await SendAsync(Check[^Rest..]);
        return await ReadUntilAsync("</response>");
    }

    /// <summary>What comes until a text is seen; fails when the connection ends before.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        var received = await ReadAsync(text => text.Contains(end, StringComparison.Ordinal));
        Assert.Contains(end, received, StringComparison.Ordinal);
        return received;
    }

    /// <summary>What comes until the server ends the connection; fails when it does not.</summary>
    public Task<string> ReadToEndAsync() => ReadAsync(static _ => false);

    public void Dispose() => socket.Dispose();

    private async Task<string> ReadAsync(Func<string, bool> isEnough)
    {
        using var patience = new CancellationTokenSource(Patience);
        var received = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (!isEnough(received.ToString()))
        {
            try
            {
                var count = await socket.ReceiveAsync(buffer, patience.Token);
                if (count == 0) break;
                received.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
            catch (SocketException)
            {
                break;
            }
        }

        return received.ToString();
    }
}
