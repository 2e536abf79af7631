using System.Diagnostics.Metrics;

namespace Omaha.Server.Metrics;

/// <summary>
/// How long requests take and how many are under way. On the hot path: two looks at the clock and three counters of this core, no memory.
/// </summary>
public sealed class RequestTimes
{
    /// <summary>Upper ends of the histogram's buckets in seconds: a check takes some microseconds once it has arrived; its body may take seconds to come.</summary>
    internal static readonly double[] Bounds = [10e-6, 25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    // One bucket more than bounds, for what took longer than the last.
    private static readonly int Begun = Bounds.Length + 1;
    private static readonly int Time = Begun + 1;

    private readonly TimeProvider _time;
    private readonly long[] _bounds;
    private readonly StripedCounters _cells = new(Time + 1);
    private Histogram<double>? _also;

    public RequestTimes(TimeProvider time)
    {
        _time = time;
        _bounds = Array.ConvertAll(Bounds, bound => (long)Math.Round(bound * time.TimestampFrequency));
    }

    /// <summary>Notes that a request has come.</summary>
    /// <returns>The time, to be given to <see cref="End"/>.</returns>
    public long Begin()
    {
        _cells.Increment(Begun);
        return _time.GetTimestamp();
    }

    /// <summary>Notes that a request is answered or given up.</summary>
    /// <param name="begun">What <see cref="Begin"/> returned.</param>
    public void End(long begun)
    {
        var taken = Math.Max(_time.GetTimestamp() - begun, 0);
        var bucket = 0;
        while (bucket < _bounds.Length && taken > _bounds[bucket]) bucket++;
        _cells.Increment(bucket);
        _cells.Add(Time, taken);
        _also?.Record((double)taken / _time.TimestampFrequency);
    }

    /// <summary>Has every request recorded by an instrument as well, for an export that cannot read what is counted here.</summary>
    internal void AlsoRecord(Histogram<double>? histogram) => Volatile.Write(ref _also, histogram);

    /// <summary>Requests by bucket, each counted once.</summary>
    internal long[] Buckets()
    {
        var buckets = new long[Bounds.Length + 1];
        for (var i = 0; i < buckets.Length; i++) buckets[i] = _cells.Sum(i);
        return buckets;
    }

    /// <summary>Seconds that all requests took together.</summary>
    internal double Seconds => (double)_cells.Sum(Time) / _time.TimestampFrequency;

    /// <summary>Requests that have come and are not answered. What has ended is read first, so that it is never less than 0.</summary>
    internal long InFlight
    {
        get
        {
            var ended = Buckets().Sum();
            return _cells.Sum(Begun) - ended;
        }
    }
}
