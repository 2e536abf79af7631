using System.Net;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>What a server of the store says that it is.</summary>
internal enum NodeRole
{
    Primary,
    Replica,

    /// <summary>A node of a cluster: from it the client library finds all others.</summary>
    Cluster,

    /// <summary>It answers, and does not tell.</summary>
    Unknown,
}

/// <summary>One server of the store and the connection to it, which is opened on first use and kept and renewed by the client library.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    private readonly ConfigurationOptions _options;
    private readonly Lock _gate = new();
    private readonly LateAnswer<object> _role;
    private readonly List<(RedisChannel Channel, Action Heard)> _listeners = [];
    private Task<ConnectionMultiplexer>? _opening;
    private ConnectionMultiplexer? _opened;
    private bool _isDisposed;

    public StoreNode(ConfigurationOptions options)
    {
        _options = options;
        _role = new LateAnswer<object>(AskRoleAsync);
    }

    public EndPoint EndPoint => _options.EndPoints[0];

    /// <summary>The connection; null until it was opened.</summary>
    public ConnectionMultiplexer? Opened => Volatile.Read(ref _opened);

    /// <summary>Why the role is not known, in short; null when it is.</summary>
    public string? Trouble { get; private set; }

    /// <summary>A connection is up again, or up for the first time.</summary>
    public event Action? Restored;

    /// <summary>A connection is lost.</summary>
    public event Action? Failed;

    /// <summary>Opens the connection, or gives the open one. It need not be up yet.</summary>
    public Task<ConnectionMultiplexer> OpenAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            // With AbortOnConnectFail off this fails for little but a name that cannot be resolved, and then only for now.
            if (_opening is null or { IsFaulted: true } or { IsCanceled: true }) _opening = ConnectAsync();
            return _opening;
        }
    }

    /// <summary>Listens to a channel from now on. The library subscribes whenever it connects.</summary>
    public void Listen(RedisChannel channel, Action heard)
    {
        ConnectionMultiplexer? opened;
        lock (_gate)
        {
            _listeners.Add((channel, heard));
            opened = _opened;
        }

        if (opened is not null) _ = SubscribeAsync(opened, channel, heard);
    }

    /// <summary>Listens to nothing any more.</summary>
    public void StopListening()
    {
        ConnectionMultiplexer? opened;
        lock (_gate)
        {
            _listeners.Clear();
            opened = _opened;
        }

        opened?.GetSubscriber().UnsubscribeAll(CommandFlags.FireAndForget);
    }

    /// <summary>What the server says that it is; null when it does not answer.</summary>
    public async Task<NodeRole?> RoleAsync(TimeSpan patience) => (NodeRole?)await _role.AskAsync(patience);

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? opening;
        lock (_gate)
        {
            _isDisposed = true;
            opening = _opening;
        }

        if (opening is null) return;
        try
        {
            await (await opening).DisposeAsync();
        }
        catch (RedisException)
        {
            // It never opened.
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        // Not on the caller's time: names are resolved, and the library does some of its work before it first waits.
        await Task.Yield();
        var connection = await ConnectionMultiplexer.ConnectAsync(_options);
        connection.ConnectionRestored += (_, _) => Restored?.Invoke();
        connection.ConnectionFailed += (_, _) => Failed?.Invoke();

        (RedisChannel Channel, Action Heard)[] listeners;
        lock (_gate)
        {
            _opened = connection;
            listeners = [.. _listeners];
        }

        foreach (var (channel, heard) in listeners) _ = SubscribeAsync(connection, channel, heard);
        return connection;
    }

    private static async Task SubscribeAsync(ConnectionMultiplexer connection, RedisChannel channel, Action heard)
    {
        try
        {
            await connection.GetSubscriber().SubscribeAsync(channel, (_, _) => heard());
        }
        catch (Exception error) when (StoreCommand.IsOfTheStore(error) || error is ObjectDisposedException)
        {
            // Not now, then. The library knows that it is wanted.
        }
    }

    private async Task<object?> AskRoleAsync()
    {
        try
        {
            var connection = await OpenAsync();
            var server = connection.GetServers().FirstOrDefault(server => server.EndPoint.Equals(EndPoint)) ?? connection.GetServers()[0];
            if (connection.GetServers().Any(static server => server.ServerType == ServerType.Cluster)) return NodeRole.Cluster;
            var role = await server.RoleAsync();

            // The library asks much more rarely, and would refuse to write.
            if (role is Role.Master && server.IsReplica) await connection.ConfigureAsync();
            Trouble = null;
            return role switch
            {
                Role.Master => NodeRole.Primary,
                Role.Replica => NodeRole.Replica,
                _ => NodeRole.Unknown,
            };
        }
        catch (Exception error) when (StoreCommand.IsOfTheStore(error) || error is ObjectDisposedException)
        {
            Trouble = StoreCommand.Unavailable(error).Message;
            return error is RedisServerException ? NodeRole.Unknown : null;
        }
    }
}
