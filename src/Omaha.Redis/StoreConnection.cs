using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>The process's connection to the store: made on first use, kept and renewed by the library, shared by everything that talks to the store.</summary>
/// <remarks>
/// One server, and any node of a cluster, is left to the library. Of several servers, listed or known to Sentinels, <see cref="PrimarySearch"/>
/// finds the primary, and this moves to it.
/// </remarks>
public sealed class StoreConnection : IAsyncDisposable
{
    private readonly PrimarySearch? _search;
    private readonly Takeover _takeover = new();
    private readonly Lock _gate = new();
    private readonly List<(RedisChannel Channel, Action Heard)> _listeners = [];
    private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _patience;
    private volatile Place? _place;

    /// <param name="options">Names the servers; a malformed configuration is refused here, not at first use.</param>
    /// <exception cref="ArgumentException">The configuration cannot be read.</exception>
    public StoreConnection(RedisOptions options)
    {
        var parsed = StoreOptions.Read(options);
        _patience = TimeSpan.FromMilliseconds(parsed.ConnectTimeout);
        if (parsed.EndPoints.Count > 1 || parsed.ServiceName is { Length: > 0 }) _search = new PrimarySearch(parsed, MoveTo);
        else MoveTo(new StoreNode(parsed));
    }

    /// <summary>Raised when a lost connection is back, or another server is the primary: what was published meanwhile was missed.</summary>
    internal event Action? Restored;

    /// <summary>Whether the primary can be talked to now.</summary>
    public bool IsConnected => _place?.Node.Opened is { IsConnected: true };

    public async ValueTask DisposeAsync()
    {
        if (_search is not null) await _search.DisposeAsync();
        else await _place!.Node.DisposeAsync();
    }

    /// <summary>The primary.</summary>
    /// <exception cref="StoreUnavailableException">None is known.</exception>
    internal async Task<IDatabase> DatabaseAsync() => (await (await PlaceAsync()).Node.OpenAsync()).GetDatabase();

    /// <summary>Reads from the primary, also when another server becomes it meanwhile.</summary>
    /// <param name="command">The read, to be sent with the given flags.</param>
    /// <exception cref="StoreUnavailableException">No primary is known.</exception>
    internal async Task<T> ReadPrimaryAsync<T>(Func<IDatabase, CommandFlags, Task<T>> command)
    {
        while (true)
        {
            var place = await PlaceAsync();
            var reading = _takeover.ReadAsync((await place.Node.OpenAsync()).GetDatabase(), command);
            if (_search is null) return await reading;

            if (await Task.WhenAny(reading, Task.Delay(Takeover.Late)) != reading || !reading.IsCompletedSuccessfully) _search.Suspect();
            if (await Task.WhenAny(reading, place.Left.Task) == reading) return await reading;
        }
    }

    /// <summary>A command was refused or not answered, as after a fail-over.</summary>
    internal void Suspect() => _search?.Suspect();

    /// <summary>Listens to a channel of the primary from now on, whichever server that is, and whenever it can be talked to.</summary>
    internal void Listen(RedisChannel channel, Action heard)
    {
        lock (_gate)
        {
            _listeners.Add((channel, heard));
            _place?.Node.Listen(channel, heard);
        }
    }

    internal bool IsListening(RedisChannel channel) => _place?.Node.Opened?.GetSubscriber().SubscribedEndpoint(channel) is not null;

    private async Task<Place> PlaceAsync()
    {
        if (_place is { } place) return place;
        _search!.Start();
        try
        {
            await _found.Task.WaitAsync(_patience);
        }
        catch (TimeoutException)
        {
            throw new StoreUnavailableException(_search.Trouble);
        }

        return _place!;
    }

    /// <summary>Another server is the primary.</summary>
    private void MoveTo(StoreNode node)
    {
        Place? last;
        lock (_gate)
        {
            last = _place;
            foreach (var (channel, heard) in _listeners) node.Listen(channel, heard);
            _place = new Place(node);
        }

        node.Restored += RaiseRestored;
        node.Failed += Suspect;
        if (last is not null)
        {
            last.Node.Restored -= RaiseRestored;
            last.Node.Failed -= Suspect;
            last.Node.StopListening();
            last.Left.TrySetResult();
        }

        _found.TrySetResult();
        RaiseRestored();
    }

    private void RaiseRestored() => Restored?.Invoke();

    /// <summary>Where the primary is.</summary>
    private sealed class Place(StoreNode node)
    {
        public StoreNode Node => node;

        /// <summary>Completes when another server is the primary.</summary>
        public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
