namespace Omaha.Catalog;

/// <summary>
/// A rollout that is under way, or planned: the exposure of one release on one channel for one target. Once it is complete it becomes an
/// entry of the channel's history and is gone from here.
/// </summary>
/// <remarks>
/// The clock is kept as what it had shown (<see cref="Elapsed"/>) at a moment (<see cref="Since"/>): from there on it runs while nothing stops
/// it. Stops are the marks here, pauses of the channel, the app and everything, and freezes of the channel and the app. So a change of
/// the freezes can never turn back what was exposed already.
/// </remarks>
public sealed class RolloutState : DocumentNode
{
    /// <summary>The release, as the channel's history will show it: who ordered the rollout and when (until it is complete), where the release was promoted from, and whether it is expedited.</summary>
    public CompleteRelease? Release { get; set; }

    public RolloutPolicy? Policy { get; set; }

    /// <summary>When the release is first exposed; before, the rollout is only planned and nobody gets the release.</summary>
    public DateTimeOffset Start { get; set; }

    /// <summary>What the clock showed at <see cref="Since"/>.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>From when on the clock ran, or runs, further. Absent: from the start; for one that was planned, that it has begun is not written down yet.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>Least exposure, set by hand.</summary>
    public RaisedExposure? Raised { get; set; }

    /// <summary>Set: an operator paused the rollout.</summary>
    public Mark? Paused { get; set; }

    /// <summary>Set: the rollout was stopped for safety, with the reason.</summary>
    public Mark? Halted { get; set; }
}

/// <summary>An exposure that was raised by hand, which is never lowered again.</summary>
public sealed class RaisedExposure : DocumentNode
{
    /// <summary>Share of the nodes in percent, above 0 up to 100.</summary>
    public double Percent { get; set; }

    public DateTimeOffset At { get; set; }

    public string? By { get; set; }
}
