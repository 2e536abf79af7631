namespace Omaha.Redis;

/// <summary>How the replica follows the store.</summary>
public sealed class ReplicaOptions
{
    /// <summary>
    /// How often the store is asked for its head when no hint arrives, 50 ms to 1 minute; each wait is varied by ±20 % so that servers do not
    /// ask in step. The default keeps the promise that every server follows a change within one second, hint or not.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long rollouts go on by what was last heard of the store, 1 second to 1 day. After that exposure stands still until the store is heard of again: somebody may have stopped them.</summary>
    public TimeSpan FreezeAfter { get; set; } = TimeSpan.FromMinutes(10);
}
