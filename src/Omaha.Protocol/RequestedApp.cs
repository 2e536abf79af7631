namespace Omaha.Protocol;

/// <summary>One app of an update request, neutral of the dialect it came in. Ranges point into the bytes of its <see cref="UpdateRequest"/>.</summary>
public struct RequestedApp
{
    /// <summary>The app id exactly as sent: it is echoed byte for byte.</summary>
    public Utf8Range Id { get; internal set; }

    /// <summary>Installed version; empty for a fresh install.</summary>
    public Utf8Range Version { get; internal set; }

    /// <summary>Group or channel that the machine follows.</summary>
    public Utf8Range Track { get; internal set; }

    /// <summary>Channel a ChromeOS machine comes from.</summary>
    public Utf8Range FromTrack { get; internal set; }

    /// <summary>Version that a ChromeOS machine is about to leave by a powerwash; it then sends 0.0.0.0 as its version.</summary>
    public Utf8Range FromVersion { get; internal set; }

    /// <summary>Google Update's additional parameters; names a channel.</summary>
    public Utf8Range Ap { get; internal set; }

    /// <summary>Channel alias of Google Update, on app or on updatecheck.</summary>
    public Utf8Range Tag { get; internal set; }

    /// <summary>Channel wish of an administrator, the strongest of all; on updatecheck or on app.</summary>
    public Utf8Range ReleaseChannel { get; internal set; }

    public Utf8Range Cohort { get; internal set; }

    public Utf8Range CohortHint { get; internal set; }

    public Utf8Range CohortName { get; internal set; }

    public Utf8Range Brand { get; internal set; }

    public Utf8Range Lang { get; internal set; }

    /// <summary>Who asked, when the app says it itself (Chromium); else the request's value counts.</summary>
    public Utf8Range InstallSource { get; internal set; }

    public Utf8Range MachineId { get; internal set; }

    public Utf8Range BootId { get; internal set; }

    public Utf8Range MachineAlias { get; internal set; }

    public Utf8Range Oem { get; internal set; }

    public Utf8Range OemVersion { get; internal set; }

    public Utf8Range AlephVersion { get; internal set; }

    /// <summary><c>amd64-usr</c>, <c>arm64-usr</c>, or the board of a ChromeOS device.</summary>
    public Utf8Range Board { get; internal set; }

    public Utf8Range HardwareClass { get; internal set; }

    /// <summary>Fingerprint of the installed files (Chromium), from the app or its package.</summary>
    public Utf8Range Fingerprint { get; internal set; }

    /// <summary>False: only full payloads may be offered.</summary>
    public bool DeltaOkay { get; internal set; }

    /// <summary>True: the client understands several manifests in one reply.</summary>
    public bool MultiManifestOk { get; internal set; }

    /// <summary>The app asks for an update; without it no updatecheck is sent back.</summary>
    public bool HasUpdateCheck { get; internal set; }

    /// <summary>The client will ignore offers.</summary>
    public bool UpdateDisabled { get; internal set; }

    /// <summary>Offer even a release of the same version.</summary>
    public bool SameVersionUpdate { get; internal set; }

    /// <summary>A lower version may be offered, with a prefix only.</summary>
    public bool RollbackAllowed { get; internal set; }

    /// <summary>Only releases under this prefix may be offered.</summary>
    public Utf8Range TargetVersionPrefix { get; internal set; }

    /// <summary>The app pings; it is acknowledged.</summary>
    public bool HasPing { get; internal set; }

    /// <summary>The ping says that the app was used (<c>active="1"</c>, or <c>a</c> or <c>ad</c> present).</summary>
    public bool PingActive { get; internal set; }

    /// <summary>Day number of the last roll call (<c>rd</c>), -1 never, -2 unknown; <see cref="RequestedEvent.Unknown"/> when not sent.</summary>
    public int PingRollCallDay { get; internal set; }

    /// <summary>First of this app's events in <see cref="UpdateRequest.Events"/>.</summary>
    public int EventStart { get; internal set; }

    public int EventCount { get; internal set; }

    /// <summary>First of this app's data elements in <see cref="UpdateRequest.Data"/>.</summary>
    public int DataStart { get; internal set; }

    public int DataCount { get; internal set; }
}
