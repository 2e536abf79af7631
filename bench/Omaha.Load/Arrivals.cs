namespace Omaha.Load;

/// <summary>Tells connections what to send and when, until time or number is used up. All connections of a run share one.</summary>
internal abstract class Arrivals
{
    /// <summary>When it began, by <see cref="Clock"/>.</summary>
    public long Start { get; protected init; }

    /// <summary>When the last request is due at the latest.</summary>
    public long End { get; protected init; }

    /// <summary>Requests that were due and that no connection took.</summary>
    public abstract long Untaken { get; }

    /// <summary>The next request of a connection; completes when it is due, at once when it was due before.</summary>
    public abstract ValueTask<Arrival> NextAsync(Turn turn);

    /// <summary>Hands out no more.</summary>
    /// <param name="dueBefore">Of those that were not taken, the ones that were due before this moment are counted.</param>
    public abstract void Stop(long dueBefore);
}
