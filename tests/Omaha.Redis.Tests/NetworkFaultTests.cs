using Omaha.Catalog;
using Omaha.Testing;

namespace Omaha.Redis.Tests;

/// <summary>A network between a server and its store that fails in every way: what was loaded stays, the state is told once, and what changed arrives when the network is back.</summary>
public sealed class NetworkFaultTests
{
    [Theory]
    [InlineData(LineFault.Refused)]
    [InlineData(LineFault.Silent)]
    [InlineData(LineFault.SilentToClient)]
    [InlineData(LineFault.SilentToServer)]
    public async Task A_server_that_is_cut_off_keeps_its_answers_says_so_once_and_catches_up(LineFault fault)
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await using var proxy = new TcpProxy(scene.Server.Port);
        var version = await scene.WriteAsync(Scene.App("a"));
        var log = new LogLines();
        await using var follower = await Follower.StartAsync(new RedisOptions { Configuration = proxy.Address }, new RedisOptions { Configuration = scene.Server.Configuration }, log);
        var replica = follower.Replica;
        await replica.UntilAsync(version);

        proxy.Fault = fault;
        await replica.UntilAsync(ReplicaState.Unreachable);
        await replica.OnceMoreAsync();
        var later = await follower.WriteAsync("b");
        Assert.Equal(version, replica.Current.Version);
        Assert.NotNull(replica.Find("a"));
        Assert.Null(replica.Find("b"));

        proxy.Fault = LineFault.None;
        await replica.UntilAsync(later);
        Assert.Equal(1, replica.Status.FullLoads);
        Assert.Equal(["Following", "Unreachable", "Following"], log.All.Select(static line => line.Split(' ', '.')[3]));
    }

    [Fact]
    public async Task Connections_that_are_reset_again_and_again_cost_nothing()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await using var proxy = new TcpProxy(scene.Server.Port);
        await using var follower = await Follower.StartAsync(new RedisOptions { Configuration = proxy.Address }, new RedisOptions { Configuration = scene.Server.Configuration });
        for (var i = 0; i < 5; i++)
        {
            await follower.Replica.UntilAsync(await follower.WriteAsync($"app-{i}"));
            proxy.Reset();
        }

        await follower.Replica.UntilAsync(await follower.WriteAsync("last"));
        Assert.Equal(6, follower.Replica.Current.AppCount);
    }

    [Fact]
    public async Task A_slow_network_delays_changes_and_loses_none()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await using var proxy = new TcpProxy(scene.Server.Port) { Fault = LineFault.Slow };
        await using var follower = await Follower.StartAsync(new RedisOptions { Configuration = $"{proxy.Address},asyncTimeout=30000,connectTimeout=30000" }, new RedisOptions { Configuration = scene.Server.Configuration });

        await follower.Replica.UntilAsync(await follower.WriteAsync("a"));
        await follower.Replica.UntilAsync(await follower.WriteAsync("b"));
        Assert.Equal(2, follower.Replica.Current.AppCount);
    }

    [Fact]
    public async Task A_brake_set_while_half_of_the_servers_are_cut_off_holds_on_the_others_and_then_on_all()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await using var proxy = new TcpProxy(scene.Server.Port);
        await using var cutOff = await Follower.StartAsync(new RedisOptions { Configuration = proxy.Address }, new RedisOptions { Configuration = scene.Server.Configuration });
        var reachable = await scene.FollowerAsync();
        await cutOff.Replica.UntilAsync(await scene.WriteAsync(Scene.App("a")));

        proxy.Fault = LineFault.Silent;
        await cutOff.Replica.UntilAsync(ReplicaState.Unreachable);
        var limit = cutOff.Replica.RampLimit;
        await reachable.UntilAsync(await scene.BrakeAsync(new Brakes { PauseAll = new Mark { By = "me" } }));
        Assert.NotNull(reachable.Current.Brakes.PauseAll);
        await cutOff.Replica.OnceMoreAsync();
        Assert.Null(cutOff.Replica.Current.Brakes.PauseAll);
        Assert.Equal(limit, cutOff.Replica.RampLimit);

        proxy.Fault = LineFault.None;
        await cutOff.Replica.UntilAsync(replica => replica.Current.Brakes.PauseAll is not null);
    }
}
