using System.Globalization;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>Collects the commands of a restore and sends them some at a time, so that the store is not kept from its other clients for long.</summary>
internal sealed class RestoreBatch(StoreConnection connection, string restore)
{
    private const int MostCommands = 500;
    private const int MostBytes = 8 * 1024 * 1024;

    private readonly List<RedisKey> _keys = [CatalogKeys.Restoring];
    private readonly List<RedisValue> _arguments = [restore];
    private long _bytes;

    public Task SetAsync(RedisKey key, byte[] value) => AddAsync("SET", key, value);

    public Task DeleteAsync(RedisKey key) => AddAsync("DEL", key);

    /// <summary>Adds a member to a sorted set.</summary>
    public Task PutAsync(RedisKey key, long score, RedisValue member) => AddAsync("ZADD", key, score.ToString(CultureInfo.InvariantCulture), member);

    /// <summary>Removes a member of a sorted set.</summary>
    public Task TakeAsync(RedisKey key, string member) => AddAsync("ZREM", key, member);

    /// <summary>Removes all members of a sorted set from a score on.</summary>
    public Task CutAsync(RedisKey key, long score) => AddAsync("ZREMRANGEBYSCORE", key, score.ToString(CultureInfo.InvariantCulture), "+inf");

    /// <summary>Sends what was collected.</summary>
    /// <exception cref="RestoreBrokenOffException">Another restore has begun.</exception>
    public async Task FlushAsync()
    {
        if (_keys.Count == 1) return;
        if ((int)await connection.RunAsync(RestoreScripts.Batch, [.. _keys], [.. _arguments]) != 1) throw RestoreBrokenOffException.Overtaken();
        _keys.RemoveRange(1, _keys.Count - 1);
        _arguments.RemoveRange(1, _arguments.Count - 1);
        _bytes = 0;
    }

    private async Task AddAsync(string command, RedisKey key, RedisValue one = default, RedisValue other = default)
    {
        _keys.Add(key);
        _arguments.AddRange([command, one.IsNull ? "" : one, other.IsNull ? "" : other]);
        _bytes += one.Length() + other.Length();
        if (_keys.Count > MostCommands || _bytes > MostBytes) await FlushAsync();
    }
}

/// <summary>A restore began and did not end: the store has no head, servers answer from what they know, and the restore is to be run again.</summary>
public sealed class RestoreBrokenOffException(string reason, Exception? inner = null) : Exception(
    $"The restore was broken off: {reason} The store has no epoch now, and servers go on answering from what they know. Run the restore again.", inner)
{
    internal static RestoreBrokenOffException Overtaken() => new("another restore began before it had ended.");
}
