using Omaha.Catalog;
using Omaha.Testing;

namespace Omaha.Redis.Tests;

/// <summary>Servers of the store that are lost while another one takes over: a change made there is followed.</summary>
public sealed class FailOverTests
{
    public enum Loss
    {
        Killed,
        Hung,
    }

    [Theory]
    [InlineData(Loss.Killed)]
    [InlineData(Loss.Hung)]
    public async Task A_replica_that_Sentinels_promote_is_followed(Loss loss)
    {
        SkipWithoutRedis();
        await using var set = new RedisSentinelSet();
        await set.StartAsync();

        await FollowAsync(set.Configuration, set.First, set.Second, loss);
    }

    [Theory]
    [InlineData(Loss.Killed)]
    [InlineData(Loss.Hung)]
    public async Task A_replica_that_is_promoted_is_followed_by_those_who_know_both_servers(Loss loss)
    {
        SkipWithoutRedis();
        await using var set = new RedisSentinelSet();
        await set.StartAsync();

        await FollowAsync(set.PlainConfiguration, set.First, set.Second, loss);
    }

    [Theory]
    [InlineData(Loss.Killed)]
    [InlineData(Loss.Hung)]
    public async Task A_node_of_a_cluster_that_takes_over_is_followed(Loss loss)
    {
        SkipWithoutRedis();
        await using var cluster = new RedisCluster();
        await cluster.StartAsync();
        var (primary, replica) = await cluster.OwnersAsync("{omaha}:head");

        await FollowAsync(cluster.Configuration, primary, replica, loss);
    }

    [Fact]
    public async Task All_of_the_store_is_in_one_slot_of_a_cluster()
    {
        SkipWithoutRedis();
        await using var cluster = new RedisCluster();
        await cluster.StartAsync();
        await using var connection = new StoreConnection(new RedisOptions { Configuration = cluster.Configuration });
        var store = new CatalogStore(connection);

        var version = await store.InitializeAsync();
        var written = await store.WriteAsync(new CatalogChange { Expected = version, Written = [.. Enumerable.Range(0, 100).Select(static i => Scene.App($"app-{i}"))], Brakes = new Brakes { PauseAll = new Mark { By = "me" } } });
        await store.AcceptAsync();
        Assert.True(await new TokenStore(connection).CreateAsync(new StoredToken("id", "admin", "me", "hash", DateTimeOffset.UnixEpoch)));

        Assert.True(written.IsCommitted);
        Assert.Equal(100, (await store.ReadAllAppsAsync().ToListAsync()).Count);
        Assert.Equal(100, (await store.ReadChangesAsync(version, written.Version))!.Written.Count);
        Assert.Single(await new TokenStore(connection).ListAsync());
        Assert.Equal(4, (await new AuditStore(connection).ReadLastAsync())!.Number);
        using var file = new MemoryStream();
        Assert.True(await new StoreBackup(connection, TimeProvider.System).TryWriteAsync(file));
    }

    [Fact]
    public async Task One_node_leads_to_the_others_of_its_cluster()
    {
        SkipWithoutRedis();
        await using var cluster = new RedisCluster();
        await cluster.StartAsync();
        var (primary, replica) = await cluster.OwnersAsync("{omaha}:head");
        var other = cluster.Nodes.First(node => node != primary && node != replica);

        await FollowAsync(other.Address, primary, replica, Loss.Killed);
    }

    [Fact]
    public async Task A_primary_that_comes_back_as_a_replica_is_left_alone()
    {
        SkipWithoutRedis();
        await using var set = new RedisSentinelSet();
        await set.StartAsync();
        await using var follower = await Follower.StartAsync(set.Configuration);
        await follower.Replica.UntilAsync(await follower.WriteAsync("before"));
        await set.First.KillAsync();
        await RedisSentinelSet.PrimaryAsync(set.Second);
        await set.AgreedAsync(set.Second);
        var version = await follower.WriteAsync("after");

        await set.First.StartAsync();
        await set.First.CommandAsync("REPLICAOF", "127.0.0.1", set.Second.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await set.First.UntilAsync(static reply => reply.Contains("master_link_status:up", StringComparison.Ordinal), "INFO", "replication");

        await follower.Replica.UntilAsync(version);
        await follower.Replica.UntilAsync(await follower.WriteAsync("later"));
        Assert.Equal(1, follower.Replica.Status.FullLoads);
    }

    [Fact]
    public async Task Without_any_primary_it_is_said_of_each_server_why()
    {
        SkipWithoutRedis();
        await using var set = new RedisSentinelSet();
        await set.StartAsync();
        await set.First.KillAsync();
        foreach (var sentinel in set.Sentinels) await sentinel.KillAsync();

        await using var follower = await Follower.StartAsync(set.PlainConfiguration);

        await follower.Replica.UntilAsync(replica => replica.Status.Message.Contains($"{set.First.Address}: The store cannot be reached", StringComparison.Ordinal));
        var message = follower.Replica.Status.Message;
        Assert.Equal(ReplicaState.Unreachable, follower.Replica.Status.State);
        Assert.Contains("No primary of the store is found.", message);
        Assert.Contains($"{set.Second.Address}: a replica", message);
    }

    private static async Task FollowAsync(string configuration, RedisProcess primary, RedisProcess next, Loss loss)
    {
        await using var follower = await Follower.StartAsync(configuration);
        await follower.Replica.UntilAsync(await follower.WriteAsync("before"));
        await next.UntilAsync(static reply => reply.Contains("master_link_status:up", StringComparison.Ordinal), "INFO", "replication");

        if (loss == Loss.Hung) primary.Suspend();
        else await primary.KillAsync();
        await RedisSentinelSet.PrimaryAsync(next);

        await follower.Replica.UntilAsync(await follower.WriteAsync("after"));
        Assert.NotNull(follower.Replica.Find("before"));
        Assert.True(follower.Replica.Status.Connected);
        await follower.Replica.UntilAsync(replica => replica.Status.HearsHints);
    }

    private static void SkipWithoutRedis() => Assert.SkipWhen(RedisProcess.SkipReason is not null, RedisProcess.SkipReason ?? "");
}
