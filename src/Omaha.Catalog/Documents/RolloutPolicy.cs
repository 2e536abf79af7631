namespace Omaha.Catalog;

/// <summary>How the exposure of a rollout grows with its clock: exactly one of <see cref="Ramp"/>, <see cref="Steps"/> and <see cref="Now"/>.</summary>
public sealed class RolloutPolicy : DocumentNode
{
    /// <summary>From nobody to everybody evenly within this time, e.g. <c>24h</c>; see <see cref="Duration"/>.</summary>
    public string? Ramp { get; set; }

    /// <summary>Shares that rise step by step. The last step lasts until the exposure is raised by hand, or is everybody.</summary>
    public List<RolloutStep>? Steps { get; set; }

    /// <summary>True: everybody from the start on.</summary>
    public bool Now { get; set; }
}

/// <summary>One step of a rollout.</summary>
public sealed class RolloutStep : DocumentNode
{
    /// <summary>Share of the nodes in percent, above 0 and above that of the step before, up to 100.</summary>
    public double Percent { get; set; }

    /// <summary>How long it lasts, e.g. <c>4h</c>; absent for the last step, and for it only.</summary>
    public string? For { get; set; }
}
