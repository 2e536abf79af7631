using System.Net;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>One server of the store and the connection to it, which is opened on first use and kept and renewed by the client library.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    /// <summary>
    /// After how long a connection that is down is made anew from nothing. The library renews it by itself, but goes on telling the first reason
    /// when the reason becomes another, as a wrong password; and nobody wants to restart a server because a library lost its way.
    /// </summary>
    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(5);

    private readonly ConfigurationOptions _options;
    private readonly bool _asksRole;
    private readonly Lock _gate = new();
    private readonly LateAnswer<NodeAnswer> _answer;
    private readonly List<(RedisChannel Channel, Action Heard)> _listeners = [];
    private Task<ConnectionMultiplexer>? _opening;
    private ConnectionMultiplexer? _opened;
    private long? _downSince;
    private bool _isDisposed;

    /// <param name="options">Name this server and no other.</param>
    /// <param name="asksRole">False: it is a primary if it answers.</param>
    public StoreNode(ConfigurationOptions options, bool asksRole = false)
    {
        (_options, _asksRole) = (options, asksRole);
        _answer = new LateAnswer<NodeAnswer>(AskOnceAsync);
    }

    public EndPoint EndPoint => _options.EndPoints[0];

    /// <summary>The connection; null until it was opened.</summary>
    public ConnectionMultiplexer? Opened => Volatile.Read(ref _opened);

    /// <summary>When it last answered, in the clock's timestamps, or else when it was made.</summary>
    public long LastSeen { get; private set; } = TimeProvider.System.GetTimestamp();

    /// <summary>Why it does not answer, or not as it should, in short; null when it does.</summary>
    public string? Trouble { get; private set; }

    /// <summary>A lost connection is back.</summary>
    public event Action? Restored;

    /// <summary>A connection is lost.</summary>
    public event Action? Failed;

    /// <summary>Opens the connection, or gives the open one. It need not be up.</summary>
    public Task<ConnectionMultiplexer> OpenAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            // With AbortOnConnectFail off this fails for little but a name that cannot be resolved, and then only for now.
            if (_opening is null or { IsFaulted: true } or { IsCanceled: true } || (_opening.IsCompleted && IsDownForLong())) _opening = ConnectAsync(last: _opened);
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

    /// <summary>What the server says that it is; null when it does not say so within the time given.</summary>
    public Task<NodeAnswer?> AskAsync(TimeSpan patience) => _answer.AskAsync(patience);

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
        catch (Exception error) when (StoreCommand.IsOfTheStore(error))
        {
            // It never opened.
        }
    }

    private bool IsDownForLong()
    {
        if (_opened is null or { IsConnected: true })
        {
            _downSince = null;
            return false;
        }

        var since = _downSince ??= TimeProvider.System.GetTimestamp();
        if (TimeProvider.System.GetElapsedTime(since) < RenewAfter) return false;
        _downSince = null;
        return true;
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(ConnectionMultiplexer? last)
    {
        // Not on the caller's time: the library does some of its work before it first waits.
        await Task.Yield();
        if (last is not null) await last.DisposeAsync();
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
        if (last is not null && connection.IsConnected) Restored?.Invoke();
        return connection;
    }

    private static async Task SubscribeAsync(ConnectionMultiplexer connection, RedisChannel channel, Action heard)
    {
        try
        {
            await connection.GetSubscriber().SubscribeAsync(channel, (_, _) => heard());
        }
        catch (Exception error) when (StoreCommand.IsOfTheStore(error))
        {
            // Not now, then. The library knows that it is wanted.
        }
    }

    private async Task<NodeAnswer?> AskOnceAsync()
    {
        try
        {
            var connection = await OpenAsync();
            var server = connection.GetServer(EndPoint);
            var look = server.ExecuteAsync("EXISTS", [CatalogKeys.Head], CommandFlags.NoRedirect);
            var role = _asksRole ? server.RoleAsync() : null;
            await look;
            var isPrimary = role is null || await role is Role.Master;
            Trouble = null;
            LastSeen = TimeProvider.System.GetTimestamp();
            return new NodeAnswer(isPrimary, null);
        }
        catch (RedisServerException error)
        {
            Trouble = StoreCommand.Unavailable(error).Message;
            LastSeen = TimeProvider.System.GetTimestamp();
            return new NodeAnswer(false, NodeAnswer.OwnerOf(error.Message, EndPoint));
        }
        catch (Exception error) when (StoreCommand.IsOfTheStore(error))
        {
            Trouble = StoreCommand.Unavailable(error).Message;
            return null;
        }
    }
}
