namespace Omaha.Redis;

/// <summary>How the replica stands to the store. In every state but <see cref="Following"/> the last good catalogue is what is served.</summary>
public enum ReplicaState
{
    /// <summary>The store was not asked yet.</summary>
    Starting,

    /// <summary>The replica shows the store as it was at the last poll.</summary>
    Following,

    /// <summary>The store could not be read at the last poll.</summary>
    Unreachable,

    /// <summary>The store has no epoch: it was emptied, or never initialised.</summary>
    Lost,

    /// <summary>Alarm: the store tells another history than the one that this server followed. It waits for an operator to accept the store.</summary>
    Diverged,
}
