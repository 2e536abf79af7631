namespace Omaha.Catalog;

/// <summary>What a channel offers for one target. Blocked releases are told apart when the snapshot is built, so that a check pays nothing for them.</summary>
internal sealed class ChannelTarget
{
    /// <summary><c>platform/arch</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The rollout that is planned or under way; null for none.</summary>
    public required Rollout? Rollout { get; init; }

    /// <summary>The release that the channel points to; null when there is none, and when that one is blocked.</summary>
    public required OfferedRelease? LastComplete { get; init; }

    /// <summary>The release that the channel points to is blocked.</summary>
    public required bool LastIsBlocked { get; init; }

    /// <summary>The release that the channel points to ignores windows.</summary>
    public required bool LastIsExpedited { get; init; }

    /// <summary>Something was complete here. Until then a rollout here takes nothing away that a less specific target offers.</summary>
    public bool HasHistory => LastComplete is not null || LastIsBlocked;

    /// <summary>Every release that was ever complete here, the newest version first, for machines that ask for a version prefix.</summary>
    public required OfferedRelease[] EverComplete { get; init; }

    /// <summary>Releases that older machines must install first.</summary>
    public required FloorLadder Floors { get; init; }
}
