namespace Omaha.Catalog;

/// <summary>How the exposure of a rollout runs its course: arithmetic on numbers that are fixed when it is made.</summary>
internal sealed class RolloutCourse
{
    private readonly RampPolicy _policy;
    private readonly FrozenTimes _freezes;
    private readonly long _anchor;
    private readonly long _elapsed;
    private readonly double _raised;
    private readonly long _raisedAt;
    private readonly bool _isHeld;

    /// <param name="state">Of a document without faults.</param>
    /// <param name="freezes">Freezes of the app and the channel.</param>
    /// <param name="stops">Marks besides the rollout's own that stop its clock while they stand: pauses of the app and the channel.</param>
    public RolloutCourse(RolloutState state, FrozenTimes freezes, params ReadOnlySpan<Mark?> stops)
    {
        Start = state.Start.UtcTicks;
        _policy = RampPolicy.From(state.Release!.Expedite is null ? state.Policy : null);
        _freezes = freezes;
        _anchor = Math.Max(Start, (state.Since ?? state.Start).UtcTicks);
        _elapsed = state.Elapsed.Ticks;
        _raised = (state.Raised?.Percent ?? 0) / 100;
        _raisedAt = Math.Max(Start, (state.Raised?.At ?? state.Start).UtcTicks);

        _isHeld = state.Paused is not null || state.Halted is not null;
        Stopped = Math.Min(At(state.Paused), At(state.Halted));
        foreach (var stop in stops) Stopped = Math.Min(Stopped, At(stop));

        static long At(Mark? mark) => mark is null ? long.MaxValue : mark.At.UtcTicks;
    }

    /// <summary>The course of a rollout that a document without faults holds.</summary>
    public static RolloutCourse Of(AppDocument document, string channel, RolloutState state) => new(
        state,
        FrozenTimes.From(document.Spec!.Freezes, document.Spec.Channels![channel].Freezes),
        document.State?.Paused,
        document.State?.Channels?.GetValueOrDefault(channel)?.Paused);

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
        if (_raised > bucket) return _raisedAt;
        if (_policy.ClockAt(bucket) is not { } clock) return null;
        if (clock <= _elapsed) return _anchor;
        var moment = Running.After(_anchor, clock - _elapsed, _freezes, pauses);
        return moment == long.MaxValue || moment > Stopped ? null : moment;
    }

    /// <summary>When the rollout is complete if nothing changes, in UTC ticks; null when it never is, or while the clock is stopped.</summary>
    /// <remarks>The verbs record first what is complete, so a rollout that is paused or halted was not, or was blocked: it waits until it goes on.</remarks>
    public long? Completes(FrozenTimes pauses) => _isHeld ? null : Reaches(Bucket.Last, pauses) is { } moment && moment <= Stopped ? moment : null;

    /// <summary>The moments at which exposure begins to grow, or to grow otherwise, if nothing changes; in UTC ticks and in order.</summary>
    public IEnumerable<long> Turns(FrozenTimes pauses) =>
        _policy.Turns.Where(clock => clock > _elapsed).Select(clock => Running.After(_anchor, clock - _elapsed, _freezes, pauses)).Where(moment => moment < Stopped).Prepend(_anchor);
}
