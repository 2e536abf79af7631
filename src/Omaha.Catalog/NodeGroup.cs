using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Machines that share a channel and a policy: what a track resolves to. All that the app and the channel say is taken over when the snapshot is built, so that a check looks here only.</summary>
internal abstract class NodeGroup
{
    /// <summary>Its name, which is a track.</summary>
    public required string Name { get; init; }

    public abstract ReleaseChannel Channel { get; }

    /// <summary>Set: the group is paused; for a channel, all its groups are.</summary>
    public required Mark? Paused { get; init; }

    /// <summary>Seconds to the next check, 0 when nothing is configured.</summary>
    public required int PollInterval { get; init; }

    /// <summary>When offers are allowed; null for at any time.</summary>
    public required OfferWindows? Windows { get; init; }

    /// <summary>When nothing is offered.</summary>
    public required FrozenTimes Freezes { get; init; }

    /// <summary>The only version on offer; empty for what the channel offers.</summary>
    public VersionPrefix Pin { get; init; }

    /// <summary>That version as it was written; null for none.</summary>
    public string? PinnedTo { get; init; }

    /// <summary>Whether who asks by hand need not wait for the ramp.</summary>
    public bool InteractivePassesRamp { get; init; } = true;

    /// <summary>The group gets a release as soon as its rollout starts.</summary>
    public bool IsCanary { get; init; }

    /// <summary>The only OEMs that get offers; null for all.</summary>
    public OemList? Oems { get; init; }

    /// <summary>OEMs that get no offers; null for none.</summary>
    public OemList? ExceptOems { get; init; }
}

/// <summary>A group that the document names, besides the channels themselves.</summary>
internal sealed class NamedGroup(ReleaseChannel channel) : NodeGroup
{
    public override ReleaseChannel Channel => channel;
}
