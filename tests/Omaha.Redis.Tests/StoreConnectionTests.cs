using StackExchange.Redis;

namespace Omaha.Redis.Tests;

public sealed class StoreConnectionTests
{
    [Fact]
    public void A_configuration_gets_our_settings()
    {
        var options = Read("redis-1:6380,redis-2,user=omaha,password=secret,ssl=true");

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
        var options = Read("redis,asyncTimeout=7000,name=mine");

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
        var error = Assert.Throws<RedisOptionException>(() => Read(configuration));

        Assert.StartsWith("Configuration must be a StackExchange.Redis configuration, ", error.Message);
        Assert.DoesNotContain("secret", error.Message);
        Assert.Throws<RedisOptionException>(() => new StoreConnection(new RedisOptions { Configuration = configuration }));
    }

    [Theory]
    [InlineData("PasswordFile", "a file that holds the password")]
    [InlineData("CaFile", "a PEM file of a certificate authority")]
    [InlineData("KeyFile", "set together with the certificate's file")]
    [InlineData("CertificateFile", "a PEM file of a certificate, with its private key in the other file")]
    public void A_file_that_cannot_be_used_is_named(string name, string allowed)
    {
        var options = name switch
        {
            "PasswordFile" => new RedisOptions { PasswordFile = "/none" },
            "CaFile" => new RedisOptions { CaFile = "/none" },
            "KeyFile" => new RedisOptions { KeyFile = "/none" },
            _ => new RedisOptions { CertificateFile = "/none", KeyFile = "/none" },
        };

        var error = Assert.Throws<RedisOptionException>(() => StoreOptions.Read(options));

        Assert.Equal(name, error.Name);
        Assert.StartsWith($"{name} must be {allowed}", error.Message);
    }

    [Fact]
    public void A_password_is_given_in_one_place()
    {
        Assert.Equal("PasswordFile", Assert.Throws<RedisOptionException>(() => StoreOptions.Read(new RedisOptions { Configuration = "redis,password=secret", PasswordFile = "/none" })).Name);
    }

    [Fact]
    public async Task A_connection_that_was_never_used_closes()
    {
        var connection = new StoreConnection(new RedisOptions());

        Assert.False(connection.IsConnected);
        await connection.DisposeAsync();
    }

    private static ConfigurationOptions Read(string configuration) => StoreOptions.Read(new RedisOptions { Configuration = configuration });
}
