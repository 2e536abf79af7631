using Microsoft.Extensions.Logging.Abstractions;

namespace Omaha.Server.Tests;

/// <summary>When checks are held because of overload, and how many.</summary>
public sealed class LoadHoldTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Middling = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(0.01);

    private static void Observe(LoadHold load, int windows, TimeSpan lag, double cpu = 0.5)
    {
        for (var i = 0; i < windows; i++) load.Observe(lag, cpu);
    }

    [Fact]
    public void Spike_of_less_than_two_seconds_holds_nobody()
    {
        var load = Load.None;
        Observe(load, 3, Long);
        Observe(load, 1, Short);
        Observe(load, 3, Long);
        Assert.Equal(0, load.Share);
        Assert.Equal(0, load.Draw());
    }

    [Fact]
    public void Lag_that_lasts_holds_a_growing_share()
    {
        var load = Load.None;
        Observe(load, 4, Long);
        Assert.Equal(10, load.Share);
        Observe(load, 3, Long);
        Assert.Equal(40, load.Share);
        Observe(load, 20, Long);
        Assert.Equal(100, load.Share);
    }

    [Fact]
    public void CPU_time_at_its_limit_holds_though_no_request_waits_for_long()
    {
        var load = Load.None;
        Observe(load, 4, Short, cpu: 0.96);
        Assert.Equal(10, load.Share);
    }

    [Theory]
    [InlineData(0.2, 0.5)]
    [InlineData(0.01, 0.9)]
    public void Between_overloaded_and_calm_the_share_stays(double lag, double cpu)
    {
        var load = Load.None;
        Observe(load, 6, Long);
        Observe(load, 50, TimeSpan.FromSeconds(lag), cpu);
        Assert.Equal(30, load.Share);
    }

    [Fact]
    public void Load_that_swings_around_the_limit_leaves_the_share_where_it_is()
    {
        var load = Load.None;
        Observe(load, 5, Long);
        for (var i = 0; i < 20; i++)
        {
            Observe(load, 1, Middling);
            Observe(load, 3, Long);
        }

        Assert.Equal(20, load.Share);
    }

    [Fact]
    public void Nothing_is_held_any_more_four_seconds_after_the_overload()
    {
        var load = Load.Full;
        Observe(load, 1, Short);
        Assert.Equal(100, load.Share);

        // Eight windows of half a second.
        Observe(load, 7, Short);
        Assert.Equal(0, load.Share);
    }

    [Fact]
    public void Hold_that_is_off_holds_nobody()
    {
        var load = Load.Of(new OverloadOptions { Hold = false });
        Observe(load, 100, Long, cpu: 1);
        Assert.Equal(0, load.Share);
        Assert.Equal(Long, load.Lag);
    }

    [Fact]
    public void Part_of_the_requests_is_held_and_each_is_told_a_time_of_its_own()
    {
        var load = new LoadHold(new OverloadOptions { PollInterval = 1000 }, NullLogger<LoadHold>.Instance);
        Observe(load, 8, Long);
        Assert.Equal(50, load.Share);

        var draws = Enumerable.Range(0, 10_000).Select(_ => load.Draw()).ToList();
        var held = draws.Where(static seconds => seconds > 0).ToList();
        Assert.InRange(held.Count, 4_500, 5_500);
        Assert.All(held, static seconds => Assert.InRange(seconds, 500, 1000));
        Assert.True(held.Distinct().Count() > 400);
    }
}
