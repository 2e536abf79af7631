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

    /// <summary>Everything, the app or the channel is paused.</summary>
    Paused,

    /// <summary>The only candidates are blocked.</summary>
    Blocked,

    /// <summary>No release of the channel lies under the version prefix that the machine asked for.</summary>
    NoPrefixMatch,

    /// <summary>The release has no SHA-256, without which update_engine rejects an offer.</summary>
    MissingHash,

    /// <summary>The app's document needs a feature that this server lacks.</summary>
    Unsupported,

    /// <summary>The app's document cannot be read and no earlier form of it is known.</summary>
    Unreadable,
}
