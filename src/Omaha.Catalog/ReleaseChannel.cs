namespace Omaha.Catalog;

/// <summary>One channel of an app in a snapshot. Machines that follow it directly are its own group, with its own settings.</summary>
internal sealed class ReleaseChannel : NodeGroup
{
    /// <summary>The channel permits offers of lower versions to machines that ask for them.</summary>
    public required bool Rollback { get; init; }

    public required Utf8Table<ChannelTarget> Targets { get; init; }

    public override ReleaseChannel Channel => this;
}
