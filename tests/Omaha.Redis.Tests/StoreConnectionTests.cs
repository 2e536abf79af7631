using StackExchange.Redis;

namespace Omaha.Redis.Tests;

public sealed class StoreConnectionTests
{
    [Fact]
    public void A_configuration_gets_our_settings()
    {
        var options = StoreConnection.Options("redis-1:6380,redis-2,user=omaha,password=secret,ssl=true");

        Assert.Equal(2, options.EndPoints.Count);
        Assert.Equal("secret", options.Password);
        Assert.True(options.Ssl);
        Assert.False(options.AbortOnConnectFail);
        Assert.Same(BacklogPolicy.FailFast, options.BacklogPolicy);
        Assert.Equal(2000, options.AsyncTimeout);
        Assert.Equal("", options.TieBreaker);
        Assert.Equal("", options.ConfigurationChannel);
        Assert.IsType<ExponentialRetry>(options.ReconnectRetryPolicy);
        Assert.Equal("omaha", options.ClientName);
    }

    [Fact]
    public void What_the_operator_sets_wins()
    {
        var options = StoreConnection.Options("redis,asyncTimeout=7000,name=mine");

        Assert.Equal(7000, options.AsyncTimeout);
        Assert.Equal("mine", options.ClientName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("password=secret")]
    [InlineData("redis:port")]
    [InlineData("redis:99999")]
    [InlineData("redis,asyncTimeout=soon")]
    [InlineData("redis,noSuchKey=1,password=secret")]
    public void A_malformed_configuration_is_refused_without_being_repeated(string configuration)
    {
        var error = Assert.Throws<ArgumentException>(() => StoreConnection.Options(configuration));

        Assert.StartsWith("The Redis configuration ", error.Message);
        Assert.DoesNotContain("secret", error.Message);
        Assert.Throws<ArgumentException>(() => new StoreConnection(new RedisOptions { Configuration = configuration }));
    }

    [Fact]
    public async Task A_connection_that_was_never_used_closes()
    {
        var connection = new StoreConnection(new RedisOptions());

        Assert.False(connection.IsConnected);
        await connection.DisposeAsync();
    }
}
