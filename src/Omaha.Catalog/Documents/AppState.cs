namespace Omaha.Catalog;

/// <summary>What operators did to an app: where channels point, and brakes. Written by verbs, never by applying a file.</summary>
public sealed class AppState : DocumentNode
{
    /// <summary>Set: the whole app is paused.</summary>
    public Mark? Paused { get; set; }

    /// <summary>Digests that must not be offered, each with who blocked it and why.</summary>
    public Dictionary<string, Mark>? Blocks { get; set; }

    public Dictionary<string, ChannelState>? Channels { get; set; }

    /// <summary>State of groups by name.</summary>
    public Dictionary<string, GroupState>? Groups { get; set; }
}

/// <summary>State of one group.</summary>
public sealed class GroupState : DocumentNode
{
    /// <summary>Set: the group is paused.</summary>
    public Mark? Paused { get; set; }
}

/// <summary>State of one channel.</summary>
public sealed class ChannelState : DocumentNode
{
    /// <summary>Set: the channel is paused.</summary>
    public Mark? Paused { get; set; }

    /// <summary>
    /// Per target: the releases that were ever complete on the channel, oldest first. The last one is what the channel points to, and is never
    /// one that was reverted: a revert marks what it takes back and appends what comes in its place.
    /// </summary>
    public Dictionary<string, List<CompleteRelease>>? Targets { get; set; }

    /// <summary>Per target: the rollout that is planned or under way.</summary>
    public Dictionary<string, RolloutState>? Rollouts { get; set; }

    /// <summary>Per target: the last rollouts that were ended before they were complete, oldest first.</summary>
    public Dictionary<string, List<EndedRollout>>? Ended { get; set; }
}

/// <summary>A release that was offered to everyone on a channel, from a moment on.</summary>
public sealed class CompleteRelease : DocumentNode
{
    public string? Version { get; set; }

    public string? Digest { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Who moved the channel.</summary>
    public string? By { get; set; }

    /// <summary>The channel it was promoted from; absent when the channel was set directly.</summary>
    public string? From { get; set; }

    /// <summary>True: its packages had been fetched from every codebase and were what the release says.</summary>
    public bool Verified { get; set; }

    /// <summary>Why it was promoted without that.</summary>
    public string? SkipVerify { get; set; }

    /// <summary>Why it was promoted before it had been complete on <see cref="From"/> for as long as that channel asks.</summary>
    public string? OverrideSoak { get; set; }

    /// <summary>Why it was moved here although it had been reverted here.</summary>
    public string? OverrideRevert { get; set; }

    /// <summary>True: it came back because what was complete after it was reverted.</summary>
    public bool Restored { get; set; }

    /// <summary>
    /// Set: the release was taken back. It counts as reverted on this channel and target for as long as its latest entry is marked: a version
    /// prefix does not find it, and it goes nowhere from here. When it is moved here again, its new entry makes it complete again.
    /// </summary>
    public Mark? Reverted { get; set; }

    /// <summary>Set: it is expedited, so neither a ramp nor windows hold it, with the reason.</summary>
    public Mark? Expedite { get; set; }
}

/// <summary>When, by whom and why something was done.</summary>
public sealed class Mark : DocumentNode
{
    public DateTimeOffset At { get; set; }

    public string? By { get; set; }

    public string? Reason { get; set; }
}
