using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>The client library's settings, as an operator's settings mean them.</summary>
public static class StoreOptions
{
    /// <summary>
    /// Before what the operator wrote, so that an explicit value wins. Two seconds, and a sign of life each second: what hangs must not hide the
    /// next try for long. What the library would ask to learn which servers there are is not sent: <see cref="PrimarySearch"/> finds that out, and an
    /// account for the catalogue alone needs to be allowed little else.
    /// </summary>
    private const string Defaults = "asyncTimeout=2000,connectTimeout=2000,keepAlive=1,setlib=false,$INFO=,$CONFIG=,$CLUSTER=,";

    /// <summary>The settings that an operator's mean, with ours.</summary>
    /// <exception cref="ArgumentException">They cannot be used; the message says why and repeats no value, since it may hold a password.</exception>
    public static ConfigurationOptions Read(RedisOptions options)
    {
        ConfigurationOptions parsed;
        try
        {
            parsed = ConfigurationOptions.Parse(Defaults + options.Configuration);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            throw new ArgumentException($"The Redis configuration cannot be read: {error.Message} It looks like \"host:6379,password=…,ssl=true\"; a value cannot hold a comma.", nameof(options), error);
        }

        if (parsed.EndPoints.Count == 0) throw new ArgumentException("The Redis configuration names no server. It looks like \"host:6379,password=…,ssl=true\".", nameof(options));

        // A store that is away must neither stop a start nor collect commands: the replica asks again, and a writer is told at once.
        parsed.AbortOnConnectFail = false;
        parsed.BacklogPolicy = BacklogPolicy.FailFast;
        parsed.ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 250, maxDeltaBackOffMilliseconds: 2000);
        parsed.ClientName ??= "omaha";

        // Both would touch keys and channels that an account for the catalogue alone is not allowed to.
        parsed.TieBreaker = "";
        parsed.ConfigurationChannel = "";

        parsed.SetDefaultPorts();
        return parsed;
    }
}
