namespace Omaha.Catalog;

/// <summary>What an update check was answered with, and why. The names are the values of the metric tag <c>decision</c>, so they are part of the public contract.</summary>
/// <remarks>Every policy answer is <c>noupdate</c> on the wire: update_engine counts an error status as a failed update.</remarks>
public enum Decision
{
    /// <summary>A release is offered.</summary>
    Offered,

    /// <summary>The machine has the channel's release, or a later one.</summary>
    Current,

    /// <summary>The channel has no release for this machine's target.</summary>
    NoRelease,

    /// <summary>No app has this id: <c>error-unknownApplication</c>.</summary>
    UnknownApp,

    /// <summary>The id is missing, empty or unusable: <c>error-invalidAppId</c>.</summary>
    InvalidAppId,

    /// <summary>The machine names a track that the app does not have.</summary>
    UnknownTrack,

    /// <summary>The client said that it ignores offers.</summary>
    UpdateDisabled,

    /// <summary>Everything, the app, the channel, the group or the rollout of a newer release is paused.</summary>
    Paused,

    /// <summary>The rollout of a newer release was halted.</summary>
    Halted,

    /// <summary>A newer release is rolled out, and its exposure does not reach this machine yet.</summary>
    HeldRamp,

    /// <summary>There is an update, outside of the windows in which it may be offered.</summary>
    HeldWindow,

    /// <summary>There is an update, and offers are frozen.</summary>
    HeldFreeze,

    /// <summary>The server is overloaded: nobody asked by hand, so the machine was told to ask again later without its rules being looked at.</summary>
    HeldLoad,

    /// <summary>The machine has to install a floor first, which cannot be offered to it: it is blocked, or not for machines like this one.</summary>
    Floor,

    /// <summary>The only candidates are blocked.</summary>
    Blocked,

    /// <summary>No release of the channel lies under the version prefix that the machine asked for, or is the version that its group is pinned to.</summary>
    NoPrefixMatch,

    /// <summary>The machine lacks hardware that the release needs.</summary>
    HardwareNotSupported,

    /// <summary>The machine's operating system is too old for the release, or the channel has releases for other platforms only.</summary>
    OsNotSupported,

    /// <summary>The release, or the group, is not for machines of this OEM.</summary>
    OemExcluded,

    /// <summary>The client does not take packages of the release's format, or only full payloads where there is a delta.</summary>
    FormatNotAccepted,

    /// <summary>A package is larger than the client can read (2 GiB for clients that read sizes as 32-bit numbers).</summary>
    TooLargeForClient,

    /// <summary>A part of a ChromeOS bundle whose lead app gets no update: the client would reject an offer of the part alone.</summary>
    HeldByLead,

    /// <summary>The app is blocked by policy: <c>restricted</c>.</summary>
    Restricted,

    /// <summary>The release has no SHA-256, without which update_engine rejects an offer.</summary>
    MissingHash,

    /// <summary>The app's document needs a feature that this server lacks.</summary>
    Unsupported,

    /// <summary>The app's document cannot be read and no earlier form of it is known.</summary>
    Unreadable,
}
