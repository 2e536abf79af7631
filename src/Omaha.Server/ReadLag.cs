using System.Net;
using System.Net.Sockets;

namespace Omaha.Server;

/// <summary>
/// How long a request waits from when it could be read until it is handled: the handler takes microseconds, so its own time tells nothing,
/// and what piles up before it tells all. Measured with bytes that are due on a fixed beat and take the way of a request, over a
/// connection to oneself, through the runtime's event loop and, unless sockets are handled inline, the thread pool.
/// </summary>
/// <remarks>
/// A lag counts from when a byte was due, not from when it was sent: a process that is stopped for a while (by its CPU limit, by a collection of
/// garbage) sends nothing meanwhile, and machines do not wait for it with their requests.
/// </remarks>
public sealed class ReadLag : IDisposable
{
    /// <summary>Time between two bytes. Each wakes some threads, so there are few; and they must not fall in step with the 100 ms by which CPU limits are counted.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(70);

    private readonly Line[] _lines;

    /// <summary>Opens the connections.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="isInline">Requests are handled on the threads that hear of them, of which each core has one, and each of these is measured; else the thread pool handles them, and one measure is enough.</param>
    /// <exception cref="SocketException">There is no loopback device.</exception>
    public ReadLag(TimeProvider time, bool isInline)
    {
        _lines = new Line[isInline ? Environment.ProcessorCount : 1];
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        for (var i = 0; i < _lines.Length; i++) _lines[i] = new Line(time, listener, isInline);
    }

    /// <summary>Sends what is due.</summary>
    /// <returns>False when a connection is lost, as when somebody kills it.</returns>
    public bool TrySend()
    {
        try
        {
            foreach (var line in _lines) line.Send();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The median of what was measured since the last call; of several threads that handle requests, the slowest one's.</summary>
    public TimeSpan TakeMedian()
    {
        var slowest = TimeSpan.Zero;
        foreach (var line in _lines)
        {
            var median = line.TakeMedian();
            if (median > slowest) slowest = median;
        }

        return slowest;
    }

    public void Dispose()
    {
        foreach (var line in _lines) line.Dispose();
    }

    /// <summary>One connection to oneself.</summary>
    private sealed class Line : IDisposable
    {
        private const int MostSamples = 256;

        private readonly Lock _gate = new();
        private readonly TimeProvider _time;
        private readonly bool _isInline;
        private readonly Socket _near;
        private readonly Socket _far;
        private readonly SocketAsyncEventArgs _receiving = new();
        private readonly byte[] _byte = new byte[1];
        private readonly long _beat;
        private readonly long[] _lags = new long[MostSamples];
        private int _count;

        /// <summary>Timestamp of the first beat that is not accounted for yet.</summary>
        private long _due;

        /// <summary>When the byte was sent that is under way; 0: there is none.</summary>
        private long _sent;

        public Line(TimeProvider time, Socket listener, bool isInline)
        {
            (_time, _isInline) = (time, isInline);
            _beat = (long)(Beat.TotalSeconds * time.TimestampFrequency);
            _due = time.GetTimestamp() + _beat;
            _near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _near.Connect(listener.LocalEndPoint!);
            _far = Accept(listener, _near.LocalEndPoint!);
            _receiving.SetBuffer(new byte[1]);
            _receiving.Completed += (_, _) => Received();
            Receive();
        }

        public void Send()
        {
            lock (_gate)
            {
                var now = _time.GetTimestamp();
                if (_sent != 0 || _due > now) return;
                _sent = now;
            }

            _near.Send(_byte);
        }

        public TimeSpan TakeMedian()
        {
            lock (_gate)
            {
                var now = _time.GetTimestamp();
                // Nothing at all was handled: what waits has waited for so long at least.
                if (_count == 0) return now > _due ? _time.GetElapsedTime(_due, now) : TimeSpan.Zero;
                var lags = _lags.AsSpan(0, _count);
                lags.Sort();
                _count = 0;
                return _time.GetElapsedTime(0, lags[lags.Length / 2]);
            }
        }

        public void Dispose()
        {
            _near.Dispose();
            _far.Dispose();
            _receiving.Dispose();
        }

        /// <summary>Others on this machine may have come first.</summary>
        private static Socket Accept(Socket listener, EndPoint near)
        {
            while (true)
            {
                var far = listener.Accept();
                if (near.Equals(far.RemoteEndPoint)) return far;
                far.Dispose();
            }
        }

        private bool IsOver => _receiving.SocketError != SocketError.Success || _receiving.BytesTransferred == 0;

        private void Receive()
        {
            while (!_far.ReceiveAsync(_receiving))
            {
                if (IsOver) return;
                Handle();
            }
        }

        /// <summary>Runs where the runtime hears of a request. Kestrel hands it on to the thread pool from there, unless it works inline.</summary>
        private void Received()
        {
            if (IsOver) return;
            if (_isInline) HandleAndReceive();
            else ThreadPool.UnsafeQueueUserWorkItem(static line => line.HandleAndReceive(), this, preferLocal: false);
        }

        private void HandleAndReceive()
        {
            Handle();
            try
            {
                Receive();
            }
            catch (ObjectDisposedException)
            {
                // The measuring ended.
            }
        }

        /// <summary>Accounts for every beat that the byte stands for: those that went by until it was sent.</summary>
        private void Handle()
        {
            lock (_gate)
            {
                var now = _time.GetTimestamp();
                for (; _due <= _sent; _due += _beat)
                {
                    if (_count < MostSamples) _lags[_count++] = now - _due;
                }

                _sent = 0;
            }
        }
    }
}
