namespace Omaha.Redis;

/// <summary>Where and how often the last good catalogue is kept on disk.</summary>
public sealed class DiskSnapshotOptions
{
    /// <summary>The file. Its folder is made when it is missing.</summary>
    public required string Path { get; init; }

    /// <summary>Least time between two writings for changes of apps. Brakes are written at once.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time until a writing that failed is tried again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(30);
}
