namespace Omaha.Load;

/// <summary>Closed loop: a connection's next request is due as soon as it can be sent. Shows how much a server can do; hides how long requests would have waited.</summary>
internal sealed class ClosedArrivals : Arrivals
{
    private readonly long _most;
    private long _taken;
    private volatile bool _stopped;

    /// <param name="duration">Nanoseconds.</param>
    /// <param name="most">Most requests.</param>
    public ClosedArrivals(long duration, long most)
    {
        Start = Clock.Now;
        End = Start + duration;
        _most = most;
    }

    public override long Untaken => 0;

    public override ValueTask<Arrival> NextAsync(Turn turn)
    {
        var now = Clock.Now;
        if (_stopped || now >= End) return ValueTask.FromResult(Arrival.None);
        var number = Interlocked.Increment(ref _taken) - 1;
        return ValueTask.FromResult(number < _most ? new Arrival(number, now) : Arrival.None);
    }

    public override void Stop(long dueBefore) => _stopped = true;
}
