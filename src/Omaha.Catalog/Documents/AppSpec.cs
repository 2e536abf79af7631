namespace Omaha.Catalog;

/// <summary>What a file in version control may declare about an app.</summary>
public sealed class AppSpec : DocumentNode
{
    /// <summary>A name for people.</summary>
    public string? Name { get; set; }

    /// <summary>Other ids that mean this app, e.g. the id that CoreOS used for arm64.</summary>
    public List<string>? Aliases { get; set; }

    /// <summary>Channel of a machine that names none. Default: <c>stable</c> where there is one, else the only channel.</summary>
    public string? DefaultChannel { get; set; }

    /// <summary>Target of a machine that tells neither board nor architecture, e.g. <c>any/amd64</c>. Without it such a machine gets only what is for any architecture.</summary>
    public string? DefaultTarget { get; set; }

    /// <summary>Seconds until machines ask again, 60 to 604 800. update_engine obeys values from 2 700 to 14 400 and clamps others.</summary>
    public int? PollInterval { get; set; }

    /// <summary>True: the app is blocked by policy and answered with the status <c>restricted</c>.</summary>
    public bool Restricted { get; set; }

    /// <summary>Where a person reads why an update cannot be installed; Google Update shows it with an unsupported system.</summary>
    public string? ErrorUrl { get; set; }

    /// <summary>Cohort that clients are told to take; <c>""</c> deletes theirs. Absent: nothing is said about cohorts.</summary>
    public string? Cohort { get; set; }

    /// <summary>Install data by index, which Google Update asks for when it installs: text.</summary>
    public Dictionary<string, string>? InstallData { get; set; }

    /// <summary>True: this app's decisions are counted under its own metric label. At most 100 apps get one.</summary>
    public bool Metrics { get; set; }

    /// <summary>Channels by name.</summary>
    public Dictionary<string, ChannelSpec>? Channels { get; set; }

    /// <summary>Groups by name, which is a track that machines send.</summary>
    public Dictionary<string, GroupSpec>? Groups { get; set; }

    /// <summary>Further track names that machines send, each with the channel or group it means.</summary>
    public Dictionary<string, string>? Tracks { get; set; }

    /// <summary>When offers are allowed, for channels and groups without windows of their own. Absent or empty: at any time.</summary>
    public List<WindowSpec>? Windows { get; set; }

    /// <summary>When offers are forbidden on every channel; rollouts stand still.</summary>
    public List<FreezeSpec>? Freezes { get; set; }

    public List<ReleaseSpec>? Releases { get; set; }
}

/// <summary>A named pointer from app and target to a release, as declared; where it points is state.</summary>
public sealed class ChannelSpec : DocumentNode
{
    /// <summary>The only channel that releases may be promoted from; without it the channel is a first channel and is set directly.</summary>
    public string? PromotesFrom { get; set; }

    /// <summary>How long a release must have been complete on this channel before it may be promoted onward, e.g. <c>24h</c>; see <see cref="Duration"/>.</summary>
    public string? Soak { get; set; }

    /// <summary>Seconds until machines of this channel ask again; wins over the app's.</summary>
    public int? PollInterval { get; set; }

    /// <summary>True: a machine that asks for it (rollback_allowed with a version prefix) may be offered a lower version.</summary>
    public bool Rollback { get; set; }

    /// <summary>How a promotion to this channel exposes its release when nothing else is said. Absent: to everybody at once.</summary>
    public RolloutPolicy? Rollout { get; set; }

    /// <summary>When offers are allowed, in place of the app's windows; <c>[]</c> allows them at any time.</summary>
    public List<WindowSpec>? Windows { get; set; }

    /// <summary>When offers are forbidden, besides the freezes of the app; rollouts of the channel stand still.</summary>
    public List<FreezeSpec>? Freezes { get; set; }

    /// <summary>Floors by target, <c>platform/arch</c>.</summary>
    public Dictionary<string, List<FloorSpec>>? Floors { get; set; }
}
