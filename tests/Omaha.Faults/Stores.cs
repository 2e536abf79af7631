using Omaha.Redis;
using Omaha.Testing;

namespace Omaha.Faults;

/// <summary>A store in one of its shapes.</summary>
internal abstract class StoreShape : IAsyncDisposable
{
    /// <summary>What the writer connects with.</summary>
    public abstract string Writer { get; }

    public abstract Task StartAsync();

    /// <summary>What a server connects with, by its number.</summary>
    public abstract string Reader(int server);

    public abstract ValueTask DisposeAsync();
}

/// <summary>One redis-server with the accounts that are published, and between it and each server of updates a line that can fail by itself.</summary>
internal sealed class SingleStore : StoreShape
{
    private readonly RedisUsers _users = new();
    private TcpProxy[] _lines = [];

    public SingleStore() => Redis = new RedisServerProcess(RedisUsers.Admin, "--aclfile", _users.Path);

    public RedisServerProcess Redis { get; }

    public IReadOnlyList<TcpProxy> Lines => _lines;

    public override string Writer => Redis.Configuration + RedisUsers.Settings(RedisUsers.Control);

    public override async Task StartAsync()
    {
        await Redis.StartAsync();
        _lines = [.. Enumerable.Range(0, Site.ServerCount).Select(_ => new TcpProxy(Redis.Port))];
    }

    public override string Reader(int server) => $"{_lines[server].Address},user={RedisUsers.Server.User}";

    public void Let(LineFault fault)
    {
        foreach (var line in _lines) line.Fault = fault;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var line in _lines) await line.DisposeAsync();
        await Redis.DisposeAsync();
        _users.Dispose();
    }
}

internal sealed class SentinelStore : StoreShape
{
    public RedisSentinelSet Set { get; } = new();

    public override string Writer => Set.Configuration;

    public override Task StartAsync() => Set.StartAsync();

    public override string Reader(int server) => Set.Configuration;

    public override ValueTask DisposeAsync() => Set.DisposeAsync();
}

internal sealed class ClusterStore : StoreShape
{
    public RedisCluster Cluster { get; } = new();

    public override string Writer => Cluster.Configuration;

    public override Task StartAsync() => Cluster.StartAsync();

    public override string Reader(int server) => Cluster.Configuration;

    public override ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
