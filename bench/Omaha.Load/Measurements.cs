using HdrHistogram;

namespace Omaha.Load;

/// <summary>What was seen in a run or a part of it. Connections add from several threads; each addition takes well under a microsecond.</summary>
/// <param name="countsDelay">Whether a request can be late, as in an open loop.</param>
internal sealed class Measurements(bool countsDelay)
{
    /// <summary>Longest time told apart, an hour.</summary>
    private const long Longest = 3600 * Clock.Second;

    private readonly Lock _gate = new();
    private readonly long[] _faults = new long[Enum.GetValues<Fault>().Length];
    private readonly string?[] _examples = new string?[Enum.GetValues<Fault>().Length];
    private LongHistogram _interval = NewHistogram();
    private LongHistogram _spare = NewHistogram();
    private long _intervalErrors;

    /// <summary>From when a request was due to when its reply was there, in nanoseconds; only of requests that were answered as they should be. Complete once the last interval is taken.</summary>
    public LongHistogram Latency { get; } = NewHistogram();

    /// <summary>From when a request was due to when a connection took it: what the generator, or the lack of a free connection, added to the latency. All requests.</summary>
    public LongHistogram Delay { get; } = NewHistogram();

    /// <summary>From when a connection took a request to its reply: the server's part of the latency. Only of right answers.</summary>
    public LongHistogram Served { get; } = NewHistogram();

    public long Right => _faults[(int)Fault.None];

    public long Errors => _faults.Sum() - Right;

    /// <summary>Replies that were read whole, right or wrong.</summary>
    public long Replies => Right + _faults[(int)Fault.Status] + _faults[(int)Fault.Text];

    /// <summary>When the last request was done, by <see cref="Clock"/>.</summary>
    public long Last { get; private set; }

    public long Of(Fault fault) => _faults[(int)fault];

    /// <summary>What was seen the first time that a fault came up.</summary>
    public string? ExampleOf(Fault fault) => _examples[(int)fault];

    /// <param name="due">When the request was meant to be sent.</param>
    /// <param name="begun">When a connection took it.</param>
    /// <param name="done">When its reply was there, or it had failed.</param>
    /// <param name="outcome">What became of it.</param>
    public void Add(long due, long begun, long done, in Outcome outcome)
    {
        lock (_gate)
        {
            Last = Math.Max(Last, done);
            _faults[(int)outcome.Fault]++;
            if (countsDelay) Delay.RecordValue(Math.Clamp(begun - due, 0, Longest));
            if (outcome.Fault == Fault.None)
            {
                _interval.RecordValue(Math.Clamp(done - due, 0, Longest));
                if (countsDelay) Served.RecordValue(Math.Clamp(done - begun, 0, Longest));
            }
            else
            {
                _intervalErrors++;
                _examples[(int)outcome.Fault] ??= outcome.Detail;
            }
        }
    }

    /// <summary>Counts requests that were never sent.</summary>
    public void AddUnsent(long count)
    {
        if (count == 0) return;
        lock (_gate)
        {
            _faults[(int)Fault.Unsent] += count;
            _examples[(int)Fault.Unsent] = "due, and no connection was free by the end: the server is too slow for this rate, or more connections are needed";
        }
    }

    /// <summary>What was seen since the last call. One caller.</summary>
    /// <param name="begin">When the interval began, in seconds since the start.</param>
    /// <param name="seconds">How long it was.</param>
    public Interval TakeInterval(double begin, double seconds)
    {
        LongHistogram taken;
        long errors;
        lock (_gate)
        {
            taken = _interval;
            (_interval, _spare) = (_spare, _interval);
            (errors, _intervalErrors) = (_intervalErrors, 0);
        }

        var interval = new Interval(begin, seconds, taken.TotalCount, errors, Milliseconds(taken, 50), Milliseconds(taken, 99), taken.TotalCount == 0 ? 0 : (double)taken.GetMaxValue() / Clock.Millisecond);
        Latency.Add(taken);
        taken.Reset();
        return interval;
    }

    /// <summary>A percentile in milliseconds; 0 when nothing was seen.</summary>
    public static double Milliseconds(LongHistogram histogram, double percentile) =>
        histogram.TotalCount == 0 ? 0 : (double)histogram.GetValueAtPercentile(percentile) / Clock.Millisecond;

    // Three digits: a time is known to a thousandth of itself.
    private static LongHistogram NewHistogram() => new(Longest, 3);
}
