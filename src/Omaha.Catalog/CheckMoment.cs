namespace Omaha.Catalog;

/// <summary>When a check is decided, taken once for each request.</summary>
public readonly record struct CheckMoment
{
    /// <param name="now">The time of the request.</param>
    /// <param name="rampLimit">As far as ramps may go on: a server that has not heard of its store for a while does not know whether somebody stopped them.</param>
    public CheckMoment(DateTimeOffset now, DateTimeOffset rampLimit)
    {
        Now = now.UtcTicks;
        Ramp = Math.Min(Now, rampLimit.UtcTicks);
    }

    /// <summary>A moment at which nothing keeps ramps from going on.</summary>
    public CheckMoment(DateTimeOffset now) : this(now, now)
    {
    }

    /// <summary>In UTC ticks.</summary>
    internal long Now { get; }

    /// <summary>The moment whose exposure holds, in UTC ticks; never after <see cref="Now"/>.</summary>
    internal long Ramp { get; }
}
