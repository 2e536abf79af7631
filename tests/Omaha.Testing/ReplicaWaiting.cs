using Omaha.Redis;

namespace Omaha.Testing;

/// <summary>Waits for what a replica does, by its own word instead of by the clock.</summary>
public static class ReplicaWaiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns when a condition holds after some refresh, and fails when the replica does not get there.</summary>
    public static async Task UntilAsync(this CatalogReplica replica, Func<CatalogReplica, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var next = replica.NextRefresh;
            if (condition(replica)) return;
            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The replica did not get there within {Patience}; it is {replica.Status.State} at {replica.Status.Version}: {replica.Status.Message}");
            }
        }
    }

    /// <summary>Returns when the replica is in a state.</summary>
    public static Task UntilAsync(this CatalogReplica replica, ReplicaState state) => replica.UntilAsync(it => it.Status.State == state);

    /// <summary>
    /// Returns when a condition holds, on a clock that stands still unless it is moved: it is moved between looks, again and again, since a moment at which
    /// the replica was busy passes unheard.
    /// </summary>
    public static async Task UntilAsync(this CatalogReplica replica, Func<CatalogReplica, bool> condition, Action tick)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition(replica))
        {
            if (patience.IsCancellationRequested) throw new TimeoutException($"The replica did not get there within {Patience}; it is {replica.Status.State} at {replica.Status.Version}: {replica.Status.Message}");
            var next = replica.NextRefresh;
            tick();
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None));
        }
    }

    /// <summary>Returns after a whole refresh that began after the call.</summary>
    public static async Task OnceMoreAsync(this CatalogReplica replica)
    {
        await replica.NextRefresh.WaitAsync(Patience);
        await replica.NextRefresh.WaitAsync(Patience);
    }
}
