namespace Omaha.Catalog;

/// <summary>One channel of an app in a snapshot.</summary>
internal sealed class ReleaseChannel
{
    public required string Name { get; init; }

    public required bool Paused { get; init; }

    /// <summary>The channel permits offers of lower versions to machines that ask for them.</summary>
    public required bool Rollback { get; init; }

    /// <summary>Seconds to the next check, 0 when nothing is configured.</summary>
    public required int PollInterval { get; init; }

    public required Utf8Table<ChannelTarget> Targets { get; init; }
}

/// <summary>What a channel offers for one target. Blocked releases are left out when the snapshot is built, so that a check pays nothing for them.</summary>
internal sealed class ChannelTarget
{
    /// <summary>The release that the channel points to; null when that one is blocked.</summary>
    public required OfferedRelease? LastComplete { get; init; }

    /// <summary>Every release that was ever complete here, the newest version first, for machines that ask for a version prefix.</summary>
    public required OfferedRelease[] EverComplete { get; init; }
}
