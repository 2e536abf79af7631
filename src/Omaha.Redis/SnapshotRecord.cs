using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>What a record of a snapshot file holds. The numbers are part of the format.</summary>
internal enum SnapshotRecordKind : byte
{
    /// <summary>The last record: a <see cref="SnapshotEnd"/>.</summary>
    End = 0,

    /// <summary>An app's document that could be used when it was written.</summary>
    Good = 1,

    /// <summary>The document as the store has it, which could not be used. When there was a good form before, that one is there too, and comes first.</summary>
    Faulty = 2,

    /// <summary>The store names the app and has no document for it.</summary>
    Missing = 3,
}

/// <summary>One app in a snapshot file: its document as the store had it, unread.</summary>
/// <param name="Kind">What became of the document.</param>
/// <param name="Id">The id that it is stored under.</param>
/// <param name="Json">Null when <paramref name="Kind"/> is <see cref="SnapshotRecordKind.Missing"/>.</param>
internal readonly record struct SnapshotRecord(SnapshotRecordKind Kind, string Id, byte[]? Json)
{
    public StoredApp App => new(Id, Json);
}

/// <summary>What a snapshot file shows.</summary>
/// <param name="Version">The state of the store. Documents are of this state or of a later one.</param>
/// <param name="Brakes">The brakes that held.</param>
/// <param name="Acceptance">The last acceptance of the store that was seen; null when there was none.</param>
/// <param name="Confirmed">When the store was last known to be in this state.</param>
internal sealed record SnapshotEnd(StoreVersion Version, Brakes Brakes, string? Acceptance, DateTimeOffset Confirmed);
