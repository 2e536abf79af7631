namespace Omaha.Catalog;

/// <summary>How a channel is to expose the releases that it is pointed to.</summary>
public sealed record RolloutOrder
{
    /// <summary>How exposure grows; null for the channel's own policy, and where it has none, to everybody at once.</summary>
    public RolloutPolicy? Policy { get; init; }

    /// <summary>When it begins; null for now.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>True: another rollout that is under way is ended.</summary>
    public bool Replace { get; init; }

    /// <summary>Why neither ramp nor windows are to hold it; null: they do.</summary>
    public string? Expedite { get; init; }

    /// <summary>The channel's policy, at once.</summary>
    internal static RolloutOrder Default { get; } = new();
}
