using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>What is known about the snapshot on disk at one moment, for health checks, metrics and operators.</summary>
/// <param name="Path">The file.</param>
public sealed record DiskSnapshotStatus(string Path)
{
    /// <summary>The state of the store that the file shows; <see cref="StoreVersion.None"/> when there is no usable file.</summary>
    public StoreVersion Version { get; init; } = StoreVersion.None;

    /// <summary>When the store was in that state; null when there is no usable file.</summary>
    public DateTimeOffset? Confirmed { get; init; }

    /// <summary>Size of the file.</summary>
    public long Bytes { get; init; }

    /// <summary>Why the file could not be used at the start, or cannot be written now, in words; null when all is well.</summary>
    public string? Fault { get; init; }

    /// <summary>How often the file was written, since the start.</summary>
    public long Writings { get; init; }

    /// <summary>How often it could not be read or written, since the start.</summary>
    public long Failures { get; init; }
}
