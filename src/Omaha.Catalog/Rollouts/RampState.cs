namespace Omaha.Catalog;

/// <summary>How a rollout stands at the moment of a check.</summary>
internal readonly ref struct RampState
{
    /// <param name="rollout">The target's rollout; null for none.</param>
    /// <param name="snapshot">What is known.</param>
    /// <param name="moment">When.</param>
    public RampState(Rollout? rollout, CatalogSnapshot snapshot, CheckMoment moment)
    {
        Pauses = snapshot.Pauses;
        if (rollout is null || snapshot.IsFromDisk || !rollout.Course.HasBegun(moment.Ramp)) return;
        Rollout = rollout;
        Exposure = rollout.Course.Exposure(moment.Ramp, Pauses);
    }

    /// <summary>The rollout, once it has begun.</summary>
    public Rollout? Rollout { get; }

    /// <summary>Share of the nodes, 0 to 1, that may be offered its release.</summary>
    public double Exposure { get; }

    /// <summary>When everything is, and was, paused.</summary>
    public FrozenTimes Pauses { get; }

    /// <summary><see cref="Decision.Offered"/> unless the rollout's release is blocked, or the rollout is halted or paused.</summary>
    public Decision Standing => Rollout switch
    {
        { IsBlocked: true } => Decision.Blocked,
        { State.Halted: not null } => Decision.Halted,
        { State.Paused: not null } => Decision.Paused,
        _ => Decision.Offered,
    };

    /// <summary>Everybody may be offered the release.</summary>
    public bool IsComplete => Exposure >= 1 && Standing == Decision.Offered;

    /// <summary>Exposure grows.</summary>
    public bool IsActive => Rollout is not null && Exposure < 1 && Standing == Decision.Offered;
}
