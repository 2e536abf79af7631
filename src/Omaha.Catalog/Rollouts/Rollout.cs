namespace Omaha.Catalog;

/// <summary>A rollout as the hot path needs it: who may be offered the release at a moment is arithmetic on numbers that are fixed when the snapshot is built.</summary>
internal sealed class Rollout
{
    private readonly RampPolicy _policy;
    private readonly FrozenTimes _freezes;
    private readonly long _anchor;
    private readonly long _elapsed;
    private readonly double _raised;

    /// <param name="state">Of a document without faults.</param>
    /// <param name="release">The release that it exposes.</param>
    /// <param name="isBlocked">Whether the release is blocked.</param>
    /// <param name="freezes">Freezes of the app and the channel.</param>
    /// <param name="stops">Marks besides the rollout's own that stop its clock while they stand: pauses of the app and the channel.</param>
    public Rollout(RolloutState state, OfferedRelease release, bool isBlocked, FrozenTimes freezes, params ReadOnlySpan<Mark?> stops)
    {
        State = state;
        Release = release;
        IsBlocked = isBlocked;
        Start = state.Start.UtcTicks;
        _policy = RampPolicy.From(state.Release!.Expedite is null ? state.Policy : null);
        _freezes = freezes;
        _anchor = Math.Max(Start, (state.Since ?? state.Start).UtcTicks);
        _elapsed = state.Elapsed.Ticks;
        _raised = (state.Raised?.Percent ?? 0) / 100;

        Stopped = Math.Min(At(state.Paused), At(state.Halted));
        foreach (var stop in stops) Stopped = Math.Min(Stopped, At(stop));

        static long At(Mark? mark) => mark is null ? long.MaxValue : mark.At.UtcTicks;
    }

    public RolloutState State { get; }

    public OfferedRelease Release { get; }

    public bool IsBlocked { get; }

    public bool IsExpedited => State.Release!.Expedite is not null;

    /// <summary>When the release is first exposed, in UTC ticks.</summary>
    public long Start { get; }

    /// <summary>Since when a mark stops the clock, in UTC ticks; the end of time when none does.</summary>
    public long Stopped { get; }

    /// <summary>Whether the rollout has begun.</summary>
    public bool HasBegun(long at) => at >= Start;

    /// <summary>What the clock shows, in ticks.</summary>
    /// <param name="at">The moment, in UTC ticks.</param>
    /// <param name="pauses">Times in which everything was paused.</param>
    public long Clock(long at, FrozenTimes pauses)
    {
        var until = Math.Min(at, Stopped);
        return until <= _anchor ? _elapsed : _elapsed + until - _anchor - _freezes.Within(_anchor, until, pauses);
    }

    /// <summary>Share of the nodes, 0 to 1, that may be offered the release at a moment after the start. At 1 the rollout is complete.</summary>
    public double Exposure(long at, FrozenTimes pauses) => Math.Max(_raised, _policy.Exposure(Clock(at, pauses)));

    /// <summary>The first moment at which a node is exposed if nothing changes, in UTC ticks; null when it never is, or while the clock is stopped.</summary>
    public long? Reaches(double bucket, FrozenTimes pauses)
    {
        if (_raised > bucket) return Start;
        if (_policy.ClockAt(bucket) is not { } clock) return null;
        if (clock <= _elapsed) return _anchor;
        var moment = Running.After(_anchor, clock - _elapsed, _freezes, pauses);
        return moment == long.MaxValue || moment > Stopped ? null : moment;
    }

    /// <summary>When the rollout is complete if nothing changes, in UTC ticks; null when it never is, or while the clock is stopped.</summary>
    public long? Completes(FrozenTimes pauses) => Reaches(Bucket.Last, pauses);
}
