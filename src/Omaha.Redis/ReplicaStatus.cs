using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>What a replica knows about itself at one moment, for health checks, metrics and operators.</summary>
public sealed record ReplicaStatus
{
    /// <summary>Most faulty and most unsupported apps that are listed; all are counted.</summary>
    public const int MaxListed = 100;

    public ReplicaState State { get; init; }

    /// <summary>The state of the store that is served; <see cref="StoreVersion.None"/> until something was loaded.</summary>
    public StoreVersion Version { get; init; } = StoreVersion.None;

    /// <summary>The state that the store was in when it was last read; <see cref="StoreVersion.None"/> when it had none, or was never read.</summary>
    public StoreVersion StoreVersion { get; init; } = StoreVersion.None;

    /// <summary>Whether what is served was kept on disk by an earlier run, and the store has not confirmed it since.</summary>
    public bool IsFromDisk { get; init; }

    /// <summary>When the store was last read and agreed with what is served, by the clock of that moment; null when it never was. For how long ago that is, see <see cref="CatalogReplica.Age"/>.</summary>
    public DateTimeOffset? Confirmed { get; init; }

    /// <summary>Whether a connection to the store is open.</summary>
    public bool Connected { get; init; }

    /// <summary>Whether the store tells of changes at once. When it does not, which an account without the channel <c>omaha:changes</c> also causes, polling finds them.</summary>
    public bool HearsHints { get; init; }

    /// <summary>How things stand, in words, with what to do about it.</summary>
    public string Message { get; init; } = "";

    /// <summary>What is wrong with the head or the brakes of the store; null when nothing is.</summary>
    public Fault? StoreFault { get; init; }

    /// <summary>Apps served, those that are answered with noupdate included.</summary>
    public int Apps { get; init; }

    /// <summary>How many documents have faults. Their apps are served in their last good form, or answered with noupdate when none is known.</summary>
    public int FaultyApps { get; init; }

    /// <summary>The first <see cref="MaxListed"/> of them by id.</summary>
    public IReadOnlyList<ContainedApp> Faulty { get; init; } = [];

    /// <summary>How many documents require a feature that this build lacks. Their apps are answered with noupdate.</summary>
    public int UnsupportedApps { get; init; }

    /// <summary>The first <see cref="MaxListed"/> of them by id.</summary>
    public IReadOnlyList<ContainedApp> Unsupported { get; init; } = [];

    /// <summary>How often everything was loaded, since the start.</summary>
    public long FullLoads { get; init; }

    /// <summary>How often only what had changed was loaded, since the start.</summary>
    public long Increments { get; init; }

    /// <summary>Whether there is a catalogue to answer from, be it an empty one.</summary>
    public bool HasCatalog => !Version.IsNone;
}

/// <summary>An app that is not served from its document.</summary>
/// <param name="Id">The normalised id.</param>
/// <param name="Reason">Its first faults, or what it requires, in words.</param>
public sealed record ContainedApp(string Id, string Reason);
