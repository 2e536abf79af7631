using Microsoft.Extensions.Logging.Abstractions;
using Omaha.Testing;

namespace Omaha.Redis.Tests;

/// <summary>A clock that somebody sets: ages and timers go by another one, and ramps never go on by it alone.</summary>
public sealed class ClockTests
{
    [Theory]
    [InlineData(-365)]
    [InlineData(365)]
    public async Task Changes_arrive_and_ages_are_right_whatever_the_clock_says(int days)
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        var clock = new SettableClock();
        await using var connection = scene.NewConnection();
        using var replica = Replica(connection, clock, TimeSpan.FromMinutes(10));
        await replica.StartAsync(CancellationToken.None);
        await replica.UntilAsync(await scene.WriteAsync(Scene.App("a")));

        clock.Offset = TimeSpan.FromDays(days);
        await replica.UntilAsync(await scene.WriteAsync(Scene.App("b")));

        Assert.InRange(replica.Age!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        await replica.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData(-365)]
    [InlineData(0)]
    public async Task Ramps_stand_still_in_time_although_the_clock_was_set_back(int days)
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        var clock = new SettableClock();
        await using var connection = scene.NewConnection();
        using var replica = Replica(connection, clock, TimeSpan.FromSeconds(1));
        await replica.StartAsync(CancellationToken.None);
        await replica.UntilAsync(ReplicaState.Following);
        await scene.Server.KillAsync();
        await replica.UntilAsync(ReplicaState.Unreachable);

        clock.Offset = TimeSpan.FromDays(days);
        await Eventually.IsTrueAsync(() => replica.RampLimit <= clock.GetUtcNow());

        var limit = replica.RampLimit;
        await replica.OnceMoreAsync();
        Assert.Equal(limit, replica.RampLimit);
        await replica.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_clock_that_was_ahead_leaves_no_limit_in_the_future()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        var clock = new SettableClock { Offset = TimeSpan.FromDays(365) };
        await using var connection = scene.NewConnection();
        using var replica = Replica(connection, clock, TimeSpan.FromMinutes(10));
        await replica.StartAsync(CancellationToken.None);
        await replica.UntilAsync(ReplicaState.Following);

        clock.Offset = TimeSpan.Zero;
        await replica.OnceMoreAsync();

        Assert.InRange(replica.RampLimit, clock.GetUtcNow(), clock.GetUtcNow() + TimeSpan.FromMinutes(11));
        await replica.StopAsync(CancellationToken.None);
    }

    private static CatalogReplica Replica(StoreConnection connection, TimeProvider clock, TimeSpan freezeAfter) =>
        new(connection, new CatalogStore(connection), new ReplicaOptions { PollInterval = TimeSpan.FromMilliseconds(50), FreezeAfter = freezeAfter }, clock, NullLogger<CatalogReplica>.Instance);

    /// <summary>The system's clock, set by so much; what counts time goes on.</summary>
    private sealed class SettableClock : TimeProvider
    {
        private long _offset;

        public TimeSpan Offset
        {
            get => TimeSpan.FromTicks(Volatile.Read(ref _offset));
            set => Volatile.Write(ref _offset, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
