using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>The process's connection to the store: made on first use, kept and renewed by the library, shared by everything that talks to the store.</summary>
/// <param name="options">Names the servers; a malformed configuration is refused here, not at first use.</param>
/// <exception cref="ArgumentException">The configuration cannot be read.</exception>
public sealed class StoreConnection(RedisOptions options) : IAsyncDisposable
{
    // Before what the operator wrote, so that an explicit value wins. Two seconds: a poll that hangs must not hide the next ones for long.
    private const string Defaults = "asyncTimeout=2000,";

    private readonly ConfigurationOptions _options = Options(options.Configuration);
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private volatile ConnectionMultiplexer? _connected;

    /// <summary>Raised when a lost connection is back: what was published meanwhile was missed.</summary>
    internal event Action? Restored;

    /// <summary>Whether any server of the store can be talked to now.</summary>
    public bool IsConnected => _connected is { IsConnected: true };

    /// <summary>The settings that a configuration text means, with ours.</summary>
    /// <exception cref="ArgumentException">The text cannot be read; the message says why and does not repeat it, since it may hold a password.</exception>
    public static ConfigurationOptions Options(string configuration)
    {
        ConfigurationOptions parsed;
        try
        {
            parsed = ConfigurationOptions.Parse(Defaults + configuration);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            throw new ArgumentException($"The Redis configuration cannot be read: {error.Message} It looks like \"host:6379,password=…,ssl=true\"; a value cannot hold a comma.", nameof(configuration), error);
        }

        if (parsed.EndPoints.Count == 0) throw new ArgumentException("The Redis configuration names no server. It looks like \"host:6379,password=…,ssl=true\".", nameof(configuration));

        // A store that is away must neither stop a start nor collect commands: the replica asks again, and a writer is told at once.
        parsed.AbortOnConnectFail = false;
        parsed.BacklogPolicy = BacklogPolicy.FailFast;
        parsed.ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 250, maxDeltaBackOffMilliseconds: 2000);
        parsed.ClientName ??= "omaha";

        // Both would touch keys and channels that an account for the catalogue alone is not allowed to.
        parsed.TieBreaker = "";
        parsed.ConfigurationChannel = "";
        return parsed;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connected is { } connected) await connected.DisposeAsync();
    }

    internal async Task<IDatabase> DatabaseAsync() => (await ConnectAsync()).GetDatabase();

    internal async Task<ISubscriber> SubscriberAsync() => (await ConnectAsync()).GetSubscriber();

    internal bool IsSubscribed(RedisChannel channel) => _connected?.GetSubscriber().SubscribedEndpoint(channel) is not null;

    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_gate)
        {
            // With AbortOnConnectFail off this fails for little but a name that cannot be resolved, and then only for now.
            if (_connecting is null or { IsFaulted: true } or { IsCanceled: true }) _connecting = OpenAsync();
            return _connecting;
        }
    }

    private async Task<ConnectionMultiplexer> OpenAsync()
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(_options);
        connection.ConnectionRestored += (_, _) => Restored?.Invoke();
        return _connected = connection;
    }
}
