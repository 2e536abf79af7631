namespace Omaha.Load;

/// <summary>
/// Open loop: request n is due n / rate seconds after the start, whatever became of those before it, as machines of a fleet ask without
/// regard to each other. A request that finds no free connection waits, and its latency counts from when it was due, so a server that
/// stops for a second shows the second in every request that it kept waiting (no coordinated omission).
/// </summary>
internal sealed class OpenArrivals : Arrivals
{
    /// <summary>Longest sleep, so that a stop is noticed.</summary>
    private const long LongestSleep = 10 * Clock.Millisecond;

    /// <summary>Shortest sleep: at very high rates requests go out in small groups instead of keeping the core busy with waiting.</summary>
    private const long ShortestSleep = 20_000;

    private readonly double _gap;
    private readonly long _count;
    private readonly Queue<Turn> _waiting;
    private readonly Lock _gate = new();
    private long _taken;
    private long _countedUntil = long.MaxValue;
    private bool _stopped;

    /// <param name="rate">Requests a second.</param>
    /// <param name="duration">Nanoseconds in which requests become due.</param>
    /// <param name="most">Most requests; fewer seconds are needed for them when they come first.</param>
    /// <param name="connections">How many take turns.</param>
    public OpenArrivals(double rate, long duration, long most, int connections)
    {
        _gap = Clock.Second / rate;
        _count = (long)Math.Min(most, Math.Ceiling(duration / _gap));
        _waiting = new Queue<Turn>(connections);
        Start = Clock.Now;
        End = Start + (long)(_count * _gap);
        new Thread(Pace) { IsBackground = true, Name = "pace" }.Start();
    }

    public override long Untaken
    {
        get
        {
            lock (_gate)
            {
                var due = (long)Math.Ceiling((Math.Min(_countedUntil, End) - Start) / _gap);
                return Math.Max(0, Math.Min(_count, due) - _taken);
            }
        }
    }

    public override ValueTask<Arrival> NextAsync(Turn turn)
    {
        lock (_gate)
        {
            var now = Clock.Now;
            if (IsOver(now)) return ValueTask.FromResult(Arrival.None);
            if (_taken < _count && Due(_taken) <= now) return ValueTask.FromResult(Take());
            _waiting.Enqueue(turn);
            return turn.WaitAsync();
        }
    }

    public override void Stop(long dueBefore)
    {
        lock (_gate) (_stopped, _countedUntil) = (true, dueBefore);
    }

    /// <summary>The thread that gives requests to connections that wait, each when it is due.</summary>
    private void Pace()
    {
        Clock.WakePunctually();
        while (true)
        {
            Turn? turn = null;
            var arrival = Arrival.None;
            var sleep = LongestSleep;
            lock (_gate)
            {
                var now = Clock.Now;
                if (IsOver(now))
                {
                    // Whoever asks from now on is told so at once.
                    if (!_waiting.TryDequeue(out turn)) return;
                }
                else
                {
                    var next = _taken < _count ? Due(_taken) : End;
                    if (next > now) sleep = Math.Clamp(next - now, ShortestSleep, LongestSleep);
                    // All requests are out when the last is taken; the end is waited for, so that the rate holds to the end.
                    else if (_taken < _count && _waiting.TryDequeue(out turn)) arrival = Take();
                    // All connections are busy: they take what is due themselves.
                    else sleep = Clock.Millisecond;
                }
            }

            if (turn is null) Clock.Sleep(sleep);
            else turn.Give(arrival);
        }
    }

    private bool IsOver(long now) => _stopped || (_taken == _count && now >= End);

    private long Due(long number) => Start + (long)(number * _gap);

    private Arrival Take() => new(_taken, Due(_taken++));
}
