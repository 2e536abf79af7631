namespace Omaha.Catalog;

/// <summary>Exposure as a function of a rollout's clock, in ticks. It never falls.</summary>
internal sealed class RampPolicy
{
    private readonly long _length;
    private readonly long[] _at;
    private readonly double[] _exposure;

    private RampPolicy(long length, long[] at, double[] exposure) => (_length, _at, _exposure) = (length, at, exposure);

    /// <summary>The policy of a document without faults; none means everybody at once.</summary>
    public static RampPolicy From(RolloutPolicy? policy)
    {
        if (policy?.Ramp is { } ramp) return new RampPolicy(Duration.Parse(ramp).Ticks, [], []);
        if (policy?.Steps is not { Count: > 0 } steps) return new RampPolicy(0, [0], [1]);

        var at = new long[steps.Count];
        for (var i = 1; i < at.Length; i++) at[i] = at[i - 1] + Duration.Parse(steps[i - 1].For!).Ticks;
        return new RampPolicy(0, at, [.. steps.Select(static step => step.Percent / 100)]);
    }

    /// <summary>Share of the nodes, 0 to 1, when the clock shows a time from 0 on.</summary>
    public double Exposure(long clock)
    {
        if (_at.Length == 0) return clock >= _length ? 1 : (double)clock / _length;
        var found = Array.BinarySearch(_at, clock);
        return _exposure[found >= 0 ? found : ~found - 1];
    }

    /// <summary>The first time of the clock at which a node is exposed; null when it never is.</summary>
    /// <param name="bucket">The node's place in the order, 0 to below 1.</param>
    public long? ClockAt(double bucket)
    {
        if (_at.Length == 0)
        {
            // Rounding may be off by a tick or two on either side.
            var clock = Math.Clamp((long)(bucket * _length) - 2, 0, _length);
            while (Exposure(clock) <= bucket) clock++;
            return clock;
        }

        for (var i = 0; i < _at.Length; i++)
        {
            if (_exposure[i] > bucket) return _at[i];
        }

        return null;
    }

    /// <summary>The times of the clock, from 0 on, between which exposure rises evenly or not at all.</summary>
    public IEnumerable<long> Turns => _at.Length == 0 ? [0, _length] : _at;
}
