using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>The process's connection to the store: made on first use, kept and renewed by the library, shared by everything that talks to the store.</summary>
/// <remarks>
/// Of several servers, listed, known to Sentinels or nodes of a cluster, <see cref="PrimarySearch"/> finds the primary, and this moves to it.
/// A single one is taken for the primary whatever it says, unless it sends us to another node of its cluster.
/// </remarks>
public sealed class StoreConnection : IAsyncDisposable
{
    /// <summary>An answer that takes longer is a reason to look whether another server is the primary. It is still waited for.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(250);

    private readonly PrimarySearch _search;
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
        _search = new PrimarySearch(parsed, MoveTo);
    }

    /// <summary>Raised when a lost connection is back, or another server is the primary: what was published meanwhile was missed.</summary>
    internal event Action? Restored;

    /// <summary>Whether the primary can be talked to now.</summary>
    public bool IsConnected => _place?.Node.Opened is { IsConnected: true };

    public ValueTask DisposeAsync() => _search.DisposeAsync();

    /// <summary>The primary.</summary>
    /// <exception cref="StoreUnavailableException">None is known.</exception>
    internal async Task<IDatabase> DatabaseAsync() => (await (await PlaceAsync()).Node.OpenAsync()).GetDatabase();

    /// <summary>Reads from the primary; if another server becomes it before the answer is there, from that one.</summary>
    /// <exception cref="StoreUnavailableException">No primary is known.</exception>
    internal async Task<T> ReadPrimaryAsync<T>(Func<IDatabase, Task<T>> command)
    {
        while (true)
        {
            var place = await PlaceAsync();
            var reading = command((await place.Node.OpenAsync()).GetDatabase());
            if (await Task.WhenAny(reading, Task.Delay(Late)) != reading || !reading.IsCompletedSuccessfully) Suspect();
            if (await Task.WhenAny(reading, place.Left.Task) == reading) return await reading;
        }
    }

    /// <summary>A command was refused or not answered, as after a fail-over.</summary>
    internal void Suspect() => _search.Suspect();

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
        _search.Start();
        if (_place is { } place) return place;
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
            if (last?.Node == node) return;
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
