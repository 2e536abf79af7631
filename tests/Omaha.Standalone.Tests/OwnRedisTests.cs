using Omaha.Testing;
using StackExchange.Redis;

namespace Omaha.Standalone.Tests;

/// <summary>The program on a Redis of the operator's own, which may hold other things.</summary>
public sealed class OwnRedisTests
{
    [Fact]
    public async Task An_empty_Redis_is_served_without_a_sample()
    {
        await using var redis = await StartRedisAsync();
        using var folder = new TempFolder();

        await using var program = await StandaloneProcess.ServeAsync(folder.Path, $"--Redis:Configuration={redis.Configuration}");

        Assert.Contains("It serves 0 app(s).", program.Output, StringComparison.Ordinal);
        Assert.Null(await program.OfferedAsync());
        var ending = await program.StopAsync();
        Assert.Equal(0, ending.ExitCode);
        Assert.DoesNotContain("curl", ending.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task The_sample_is_loaded_when_asked_for_and_then_never_again()
    {
        await using var redis = await StartRedisAsync();
        using var folder = new TempFolder();
        var configuration = $"--Redis:Configuration={redis.Configuration}";
        await using var program = await StandaloneProcess.ServeAsync(folder.Path, configuration, "--load-sample");
        Assert.Equal("4459.2.1", await program.OfferedAsync());

        await using var again = StandaloneProcess.StartOnFreePorts(folder.Path, configuration, "--load-sample");
        (await again.EndAsync()).MustBeRefusal("--load-sample is refused", "{omaha}");

        await using var without = await StandaloneProcess.ServeAsync(folder.Path, configuration);
        Assert.Equal("4459.2.1", await without.OfferedAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("{omaha}:head")]
    [InlineData("{omaha}:app:somebody-elses")]
    [InlineData("{omaha}")]
    public async Task The_sample_is_refused_by_a_Redis_that_holds_anything_of_ours(string key)
    {
        await using var redis = await StartRedisAsync();
        using var folder = new TempFolder();
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{redis.Configuration},allowAdmin=true");
        await connection.GetDatabase().StringSetAsync("of-others", "1");
        await connection.GetDatabase().StringSetAsync(key, "1");

        await using var program = StandaloneProcess.StartOnFreePorts(folder.Path, $"--Redis:Configuration={redis.Configuration}", "--load-sample");

        (await program.EndAsync()).MustBeRefusal("--load-sample is refused", "Use an empty one");
        Assert.Equal(2, await connection.GetServers().Single().DatabaseSizeAsync());
    }

    [Fact]
    public async Task What_others_keep_in_the_Redis_does_not_matter_to_the_sample()
    {
        await using var redis = await StartRedisAsync();
        using var folder = new TempFolder();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        await connection.GetDatabase().StringSetAsync("of-others", "1");

        await using var program = await StandaloneProcess.ServeAsync(folder.Path, $"--Redis:Configuration={redis.Configuration}", "--load-sample");

        Assert.Equal("4459.2.1", await program.OfferedAsync());
        Assert.Equal("1", await connection.GetDatabase().StringGetAsync("of-others"));
    }

    [Fact]
    public async Task A_Redis_that_is_away_is_waited_for_and_does_not_keep_it_from_stopping()
    {
        using var folder = new TempFolder();

        await using var program = StandaloneProcess.StartOnFreePorts(folder.Path, $"--Redis:Configuration=127.0.0.1:{StandaloneProcess.FreePort()}");
        await program.UntilPrintedAsync("control plane");

        Assert.Equal((0, ""), ((await program.StopAsync()).ExitCode, (await program.EndAsync()).Error));
    }

    [Fact]
    public async Task A_sample_for_a_Redis_that_is_away_is_not_loaded()
    {
        using var folder = new TempFolder();

        await using var program = StandaloneProcess.StartOnFreePorts(folder.Path, $"--Redis:Configuration=127.0.0.1:{StandaloneProcess.FreePort()}", "--load-sample");
        var ending = await program.EndAsync();

        Assert.Equal((1, ""), (ending.ExitCode, ending.Output));
        Assert.Contains("Redis:Configuration", Assert.Single(ending.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<RedisServerProcess> StartRedisAsync()
    {
        Assert.SkipWhen(RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");
        var redis = new RedisServerProcess();
        await redis.StartAsync();
        return redis;
    }
}
