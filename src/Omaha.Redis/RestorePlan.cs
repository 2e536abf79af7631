using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>What a restore would overwrite.</summary>
public sealed record RestorePlan
{
    /// <summary>The store as it was looked at; none when it has no head.</summary>
    public required StoreVersion Store { get; init; }

    /// <summary>True: it holds no app, no brake and no token but the caller's, so that nothing is lost.</summary>
    public required bool IsEmpty { get; init; }

    /// <summary>Apps that come, change or go; at most as many as an entry of the audit names.</summary>
    public required IReadOnlyList<AuditedApp> Apps { get; init; }

    /// <summary>How many more come, change or go.</summary>
    public required int FurtherApps { get; init; }

    /// <summary>How many apps are in the store as they are in the backup.</summary>
    public required int UnchangedApps { get; init; }

    /// <summary>The brakes afterwards. Those in force stay: a restore lifts no brake.</summary>
    public Brakes Brakes => BrakesJson is { } json ? DocumentJson.ReadBrakes(json, out _) ?? Brakes.None : Brakes.None;

    /// <summary>The same as it will be stored; null for none.</summary>
    internal byte[]? BrakesJson { get; init; }

    /// <summary>Tokens of the store that end, since the backup does not have them.</summary>
    public required IReadOnlyList<StoredToken> EndingTokens { get; init; }

    /// <summary>Tokens of the backup that the store does not have, among them those that were revoked since.</summary>
    public required IReadOnlyList<StoredToken> ReturningTokens { get; init; }

    /// <summary>How the two audits become one.</summary>
    internal AuditMerge Audit { get; init; } = new(0, 1, 0, GoesOn: false);

    /// <summary>How many entries of the store's audit the backup does not have. They are kept, after those of the backup.</summary>
    public long LaterEntries => Audit.Later;

    /// <summary>Revision of the catalogue after the restore: above all that either of the two had.</summary>
    public required long Revision { get; init; }
}

/// <summary>How the audits of a store and of a backup become one, in which no entry of either is missing.</summary>
/// <param name="Number">Number of the store's last entry.</param>
/// <param name="FirstOwn">The first number at which the store has an entry that is not the backup's.</param>
/// <param name="LastOfBackup">Number of the backup's last entry.</param>
/// <param name="GoesOn">True: the store's audit is the backup's and goes on. It stays as it is, with the forms of documents.</param>
internal sealed record AuditMerge(long Number, long FirstOwn, long LastOfBackup, bool GoesOn)
{
    public long Later => Math.Max(0, Number - FirstOwn + 1);

    /// <summary>Number of the entry that tells of the restore.</summary>
    public long Next => (GoesOn ? Number : LastOfBackup + Later) + 1;
}
