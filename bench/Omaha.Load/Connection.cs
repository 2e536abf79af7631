using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;

namespace Omaha.Load;

/// <summary>One connection and its buffers: sends a request in one write, takes its reply, judges it, and asks for the next. Allocates nothing for a request that is answered as it should be.</summary>
internal sealed class Connection(LoadPlan plan, int index) : IDisposable
{
    /// <summary>Marks a request whose time is up.</summary>
    private const long GivenUp = -1;

    private readonly byte[][] _expected = plan.ExpectedBytes;
    private readonly Turn _turn = new();
    private readonly Random _random = new(index);
    private readonly byte[] _request = new byte[plan.BufferBytes];
    private byte[] _reply = new byte[4096];
    private Socket? _socket;
    private Stream? _stream;

    /// <summary>Since when a request has been under way, by <see cref="Clock"/>; 0: there is none.</summary>
    private long _since;

    /// <summary>Sends what is due until there is no more.</summary>
    public async Task RunAsync(Arrivals arrivals, Measurements measured)
    {
        while (true)
        {
            var arrival = await arrivals.NextAsync(_turn);
            if (arrival.IsNone) return;

            var begun = Begin();
            var outcome = End(await ExchangeAsync(plan.Render(arrival.Number, _random, _request)));
            measured.Add(arrival.Due, begun, Clock.Now, outcome);

            // A server that is away must not be asked as fast as this machine can fail.
            if (outcome.Fault is Fault.Connect or Fault.Tls) await Task.Delay(20);
        }
    }

    /// <summary>Sends one request, now.</summary>
    /// <param name="number">Which.</param>
    /// <returns>What became of it, and how the reply begins, as far as one came.</returns>
    public async Task<(Outcome Outcome, string Reply)> AskOnceAsync(long number)
    {
        Array.Clear(_reply);
        Begin();
        var outcome = End(await ExchangeAsync(plan.Render(number, _random, _request)));
        return (outcome, ReplyHead.Start(_reply.AsSpan().TrimEnd((byte)0)));
    }

    /// <summary>Ends the request that is under way if it began before a moment.</summary>
    public void GiveUpIfBegunBefore(long moment)
    {
        var since = Volatile.Read(ref _since);
        if (since > 0 && since < moment && Interlocked.CompareExchange(ref _since, GivenUp, since) == since) _socket?.Dispose();
    }

    public void Dispose() => Close();

    private long Begin()
    {
        var now = Clock.Now;
        Volatile.Write(ref _since, now);
        return now;
    }

    private Outcome End(Outcome outcome)
    {
        var isLate = Interlocked.Exchange(ref _since, 0) == GivenUp;
        if (isLate || plan.NewConnections || !outcome.IsReply) Close();
        return isLate ? new Outcome(Fault.Timeout, $"no whole reply within {plan.Timeout.TotalSeconds:0.#} s") : outcome;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        var stage = Fault.Connect;
        try
        {
            if (_stream is null)
            {
                _socket = new Socket(plan.Target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await _socket.ConnectAsync(plan.Target.Address);
                stage = Fault.Tls;
                _stream = await StreamAsync(_socket);
            }

            stage = Fault.Closed;
            await _stream.WriteAsync(request);

            ReplyHead head = default;
            for (var received = 0; !head.IsKnown || received < head.TotalBytes;)
            {
                var count = await _stream.ReadAsync(_reply.AsMemory(received));
                if (count == 0) return new Outcome(Fault.Closed, $"the server closed the connection after {received} bytes of a reply");
                received += count;
                if (!head.IsKnown)
                {
                    if (ReplyHead.Read(_reply.AsSpan(0, received), out head) is { } fault) return new Outcome(Fault.Unreadable, fault);
                    var needed = head.IsKnown ? head.TotalBytes : received + 1;
                    if (needed > _reply.Length) Array.Resize(ref _reply, Math.Max(needed, 2 * _reply.Length));
                }

                if (head.IsKnown && received > head.TotalBytes) return new Outcome(Fault.Unreadable, "more bytes came than the reply's Content-Length says");
            }

            if (head.Closes) Close();
            if (head.Status != plan.ExpectedStatus) return new Outcome(Fault.Status, $"status {head.Status} in place of {plan.ExpectedStatus}");
            var body = _reply.AsSpan(head.HeadBytes, head.TotalBytes - head.HeadBytes);
            if (_expected.Length == 0) return default;
            foreach (var text in _expected)
            {
                if (body.IndexOf(text) >= 0) return default;
            }

            return new Outcome(Fault.Text, $"\"{string.Join("\" or \"", plan.ExpectedTexts)}\" is not in a reply that begins with \"{ReplyHead.Start(body)}\"");
        }
        catch (Exception error) when (error is IOException or SocketException or AuthenticationException or ObjectDisposedException)
        {
            return new Outcome(stage, error.Message);
        }
    }

    private async Task<Stream> StreamAsync(Socket socket)
    {
        var plain = new NetworkStream(socket);
        if (!plan.Target.IsTls) return plain;

        var secure = new SslStream(plain);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = plan.Target.Url.DnsSafeHost,

            // A handshake for each connection, as machines that come once an hour make it.
            AllowTlsResume = false,
            // The analyzer cannot see that somebody asked for it on the command line.
#pragma warning disable CA5359
            RemoteCertificateValidationCallback = plan.AnyCertificate ? static (_, _, _, _) => true : null,
#pragma warning restore CA5359
        });
        return secure;
    }

    private void Close()
    {
        _stream?.Dispose();
        _socket?.Dispose();
        (_stream, _socket) = (null, null);
    }
}
