using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Omaha.Testing;

/// <summary>
/// Stands between a client and a store. Lets something happen before each command, and cuts the line at a chosen one: before the store hears it, or
/// after it was carried out and before the client learns that.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    /// <summary>What a client says by itself, at any time.</summary>
    private static readonly HashSet<string> Chatter = new(StringComparer.OrdinalIgnoreCase) { "AUTH", "CLIENT", "CLUSTER", "CONFIG", "ECHO", "HELLO", "INFO", "PING", "QUIT", "SELECT", "SENTINEL", "SUBSCRIBE" };

    /// <summary>A connection to the store asks this by itself, to see whether it reaches the primary.</summary>
    private static readonly byte[] Look = RedisProcess.Command(["EXISTS", "{omaha}:head"]);

    /// <summary>The store is asked to say this after the command whose answer is kept back. It answers in order, so then the command is done.</summary>
    private const string Done = "omaha-tests:the-command-is-done";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _clients = [];
    private readonly int _storePort;
    private readonly Func<Task>? _kill;
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private int _left = -1;
    private bool _afterwards;
    private int _commands;
    private volatile bool _isCut;

    /// <param name="storePort">Where the store listens.</param>
    /// <param name="kill">Ends the store where the line is cut; null leaves it alone.</param>
    public CuttingProxy(int storePort, Func<Task>? kill = null)
    {
        (_storePort, _kill) = (storePort, kill);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What a client connects with.</summary>
    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Is waited for before each command goes through; what a client says by itself does not count.</summary>
    public Func<Task>? BeforeEach { get; set; }

    /// <summary>How many commands went through, without what a client says by itself.</summary>
    public int Commands => Volatile.Read(ref _commands);

    /// <summary>Whether the line is cut.</summary>
    public bool IsCut => _isCut;

    /// <summary>Completes when the line is cut and, where the store was to be killed, that is over.</summary>
    public Task Cut => _cut.Task;

    /// <summary>Cuts the line at a command, counted from now, from 1 on. Nothing gets through after that.</summary>
    public void CutAt(int command, bool afterwards)
    {
        lock (_gate) (_left, _afterwards) = (command, afterwards);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        HangUp();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                if (_isCut) client.Dispose();
                else lines.Add(ServeAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }

        await Task.WhenAll(lines);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var store = new TcpClient();
        lock (_gate) _clients.AddRange([client, store]);
        try
        {
            client.NoDelay = store.NoDelay = true;
            await store.ConnectAsync(IPAddress.Loopback, _storePort);
            var line = new Line(client.GetStream(), store.GetStream());
            await await Task.WhenAny(ForwardAsync(line), AnswerAsync(line));
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException or NotSupportedException)
        {
            // Either side hung up.
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task ForwardAsync(Line line)
    {
        await using var client = new BufferedStream(line.Client, 64 * 1024);
        var reader = new CommandReader(client);
        while (await reader.ReadAsync() is var (bytes, name) && bytes.Length > 0)
        {
            var counts = !Chatter.Contains(name) && !bytes.AsSpan().SequenceEqual(Look);
            if (counts && BeforeEach is { } before) await before();
            bool isHere = false, afterwards;
            lock (_gate)
            {
                if (counts)
                {
                    _commands++;
                    isHere = _left > 0 && --_left == 0;
                }

                afterwards = _afterwards;
            }

            if (isHere && !afterwards)
            {
                await CutAsync();
                return;
            }

            if (!isHere)
            {
                await line.Store.WriteAsync(bytes);
                continue;
            }

            // What the client sent right after it must not get through.
            line.IsMute = true;
            await line.Store.WriteAsync((byte[])[.. bytes, .. RedisProcess.Command(["ECHO", Done])]);
            await Cut.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
    }

    private async Task AnswerAsync(Line line)
    {
        var buffer = new byte[64 * 1024];
        using var keptBack = new MemoryStream();
        while (await line.Store.ReadAsync(buffer) is > 0 and var count)
        {
            if (!line.IsMute)
            {
                await line.Client.WriteAsync(buffer.AsMemory(0, count));
                continue;
            }

            keptBack.Write(buffer, 0, count);
            if (Encoding.Latin1.GetString(keptBack.GetBuffer(), 0, (int)keptBack.Length).Contains(Done, StringComparison.Ordinal)) break;
        }

        if (line.IsMute) await CutAsync();
    }

    private async Task CutAsync()
    {
        _isCut = true;
        try
        {
            if (_kill is not null) await _kill();
            HangUp();
            _cut.TrySetResult();
        }
        catch (Exception error)
        {
            _cut.TrySetException(error);
        }
    }

    private void HangUp()
    {
        lock (_gate)
        {
            foreach (var client in _clients) client.Dispose();
            _clients.Clear();
        }
    }

    private sealed class Line(NetworkStream client, NetworkStream store)
    {
        public NetworkStream Client => client;

        public NetworkStream Store => store;

        public volatile bool IsMute;
    }

    /// <summary>Takes the commands, which are arrays of strings with lengths, from what a client sends.</summary>
    private sealed class CommandReader(Stream client)
    {
        /// <summary>The bytes of the next command and its name; nothing when the client hung up.</summary>
        public async Task<(byte[] Bytes, string Name)> ReadAsync()
        {
            using var command = new MemoryStream();
            var head = await LineAsync(command);
            if (head.Length == 0) return ([], "");
            var name = "";
            for (var left = Count(head, '*'); left > 0; left--)
            {
                var length = Count(await LineAsync(command), '$');
                var start = (int)command.Length;
                await CopyAsync(command, length + 2);
                if (name.Length == 0) name = Encoding.ASCII.GetString(command.GetBuffer(), start, length);
            }

            return (command.ToArray(), name);
        }

        private static int Count(string line, char sign) =>
            line.StartsWith(sign) ? int.Parse(line[1..], CultureInfo.InvariantCulture) : throw new InvalidOperationException($"\"{line}\" does not begin with {sign}.");

        private async Task<string> LineAsync(MemoryStream command)
        {
            var text = new StringBuilder();
            var one = new byte[1];
            while (await client.ReadAsync(one) == 1)
            {
                command.Write(one);
                if (one[0] == '\n') return text.ToString().TrimEnd('\r');
                text.Append((char)one[0]);
            }

            return "";
        }

        private async Task CopyAsync(MemoryStream command, int count)
        {
            var bytes = new byte[count];
            await client.ReadExactlyAsync(bytes);
            command.Write(bytes);
        }
    }
}
