namespace Omaha.Redis;

/// <summary>Where the store is.</summary>
public sealed class RedisOptions
{
    /// <summary>
    /// StackExchange.Redis configuration: servers and settings joined by commas, such as <c>redis-1:6379,redis-2:6379,user=omaha,password=…,ssl=true</c>.
    /// With <c>serviceName=…</c> the servers are Sentinels. A server of updates needs an account with no more than
    /// <c>~{omaha}:* &amp;omaha:changes +@read +ping +echo +subscribe</c>.
    /// </summary>
    public string Configuration { get; set; } = "localhost:6379";

    /// <summary>What <see cref="Configuration"/> may be, for messages; the value itself is not repeated in them, since it may hold a password.</summary>
    public const string Allowed = "a StackExchange.Redis configuration, such as redis-1:6379,redis-2:6379,password=…,ssl=true; a value cannot hold a comma";

    /// <summary>Whether a text can be used as <see cref="Configuration"/>.</summary>
    public static bool IsUsable(string configuration)
    {
        try
        {
            StoreOptions.Read(new RedisOptions { Configuration = configuration });
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
