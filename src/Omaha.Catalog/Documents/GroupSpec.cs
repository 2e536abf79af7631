namespace Omaha.Catalog;

/// <summary>Machines that send the group's name as their track: they follow a channel, with settings of their own where these are given.</summary>
public sealed class GroupSpec : DocumentNode
{
    /// <summary>The channel that the group follows.</summary>
    public string? Channel { get; set; }

    /// <summary>When offers are allowed, in place of the channel's and the app's windows; <c>[]</c> allows them at any time.</summary>
    public List<WindowSpec>? Windows { get; set; }

    /// <summary>When offers are forbidden, besides the freezes of the channel and the app.</summary>
    public List<FreezeSpec>? Freezes { get; set; }

    /// <summary>The only version that the group is offered, once it is or was complete on the channel.</summary>
    public string? Version { get; set; }

    /// <summary>Seconds until machines of the group ask again; wins over the channel's and the app's.</summary>
    public int? PollInterval { get; set; }

    /// <summary>False: who asks by hand waits for the ramp like everybody. Default: true.</summary>
    public bool? InteractivePassesRamp { get; set; }

    /// <summary>The only OEMs that get offers, without regard to case; <c>""</c> stands for machines without one.</summary>
    public List<string>? Oems { get; set; }

    /// <summary>OEMs that get no offers, without regard to case; <c>""</c> stands for machines without one.</summary>
    public List<string>? ExceptOems { get; set; }

    /// <summary>True: the group gets a release as soon as its rollout starts.</summary>
    public bool Canary { get; set; }
}
