namespace Omaha.Redis;

/// <summary>How the replica follows the store.</summary>
public sealed class ReplicaOptions
{
    /// <summary>
    /// How often the store is asked for its head when no hint arrives, 50 ms to 1 minute; each wait is varied by ±20 % so that servers do not
    /// ask in step. The default keeps the promise that every server follows a change within one second, hint or not.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}
