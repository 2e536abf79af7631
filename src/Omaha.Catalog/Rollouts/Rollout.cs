namespace Omaha.Catalog;

/// <summary>A rollout as the hot path needs it.</summary>
/// <param name="State">As the document has it.</param>
/// <param name="Release">The release that it exposes.</param>
/// <param name="IsBlocked">Whether the release is blocked.</param>
/// <param name="Course">How its exposure grows.</param>
internal sealed record Rollout(RolloutState State, OfferedRelease Release, bool IsBlocked, RolloutCourse Course)
{
    /// <summary>Neither a ramp nor windows hold it.</summary>
    public bool IsExpedited => State.Release!.Expedite is not null;
}
