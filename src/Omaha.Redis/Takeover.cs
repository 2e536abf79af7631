using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>Reads from a replica of a cluster that became the primary, as long as the client library has not noticed.</summary>
/// <remarks>
/// When a node hangs, or its machine is gone without a word, the library takes seconds to see that another one took its slots over, since it
/// waits for answers of the old one. Its connection to the new one works all the while; so when an answer is late, the replica is asked what it
/// is. A replica that is still one is never read: nobody could tell whether it is cut off from its primary, and old.
/// </remarks>
internal sealed class Takeover
{
    /// <summary>An answer that takes longer is late. Not a failure: what is late is still waited for.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMilliseconds(250);

    /// <summary>How long what a replica said of itself holds.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    private volatile bool _isSuspected;
    private volatile Finding? _last;
    private Task? _noticing;

    /// <summary>Reads from the primary.</summary>
    /// <param name="store">The store.</param>
    /// <param name="command">The read, to be sent with the given flags.</param>
    public async Task<T> ReadAsync<T>(IDatabase store, Func<IDatabase, CommandFlags, Task<T>> command)
    {
        if (store.Multiplexer.GetServers().Length == 1) return await command(store, CommandFlags.None);
        if (_isSuspected && await HasHappenedAsync(store)) return await command(store, CommandFlags.DemandReplica);

        // The library may find the new primary itself, and does not send again what waits for the old one.
        List<Task<T>> readings = [command(store, CommandFlags.None)];
        while (true)
        {
            var first = await Task.WhenAny([.. readings, Task.Delay(Late)]);
            if (first is Task<T> { IsCompletedSuccessfully: true } reading)
            {
                _isSuspected = false;
                return await reading;
            }

            _isSuspected = true;
            if (await HasHappenedAsync(store)) return await command(store, CommandFlags.DemandReplica);
            if (first is Task<T> failed) return await failed;
            readings.Add(command(store, CommandFlags.None));
        }
    }

    private async Task<bool> HasHappenedAsync(IDatabase store)
    {
        if (_last is { } last && TimeProvider.System.GetElapsedTime(last.At) < Fresh) return last.HasHappened;
        var now = TimeProvider.System.GetTimestamp();
        var hasHappened = await IsPrimaryAsync(store);
        if (hasHappened && _noticing is null or { IsCompleted: true }) _noticing = NoticeAsync(store.Multiplexer);
        _last = new Finding(now, hasHappened);
        return hasHappened;
    }

    /// <summary>Whether what the library takes for a replica says that it is the primary.</summary>
    private static async Task<bool> IsPrimaryAsync(IDatabase store)
    {
        try
        {
            if (await store.IdentifyEndpointAsync(CatalogKeys.Head, CommandFlags.DemandReplica).WaitAsync(Late) is not { } endpoint) return false;
            return await store.Multiplexer.GetServer(endpoint).RoleAsync().WaitAsync(Late) is Role.Master;
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            // No replica, none that answers, or none that says what it is.
            return false;
        }
    }

    /// <summary>Makes the library look at the cluster anew, so that writes find their way too.</summary>
    private static async Task NoticeAsync(IConnectionMultiplexer connection)
    {
        try
        {
            await connection.ConfigureAsync();
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            // It will look again by itself.
        }
    }

    private sealed record Finding(long At, bool HasHappened);
}
