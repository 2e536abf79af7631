using System.Net;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>Finds out which server of the store is the primary, and goes on doing so.</summary>
/// <remarks>
/// <para>
/// The client library can do this too, and takes many seconds for it when the old primary hangs or its machine is gone without a word, since it
/// waits for the old one. Here each server has a connection of its own, and none waits for another. A cluster is no exception: the catalogue is one
/// slot, so one node has all of it.
/// </para>
/// <para>
/// What counts is what a server says of itself. A single one is taken for the primary whatever it is, and is the end of the search, unless it sends
/// us to another node of its cluster. Of several that say they are the primary, first the one that the Sentinels name, then the one
/// that was the primary so far. Sentinels learn of a promotion up to a second after it was made, so nobody waits for their word.
/// </para>
/// </remarks>
internal sealed class PrimarySearch : IAsyncDisposable
{
    /// <summary>How long an answer is waited for. One that comes later counts in the next round.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    /// <summary>Time between two rounds while no primary answers.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    /// <summary>Time between two rounds while all is well: a primary may be replaced without a connection being closed.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);

    /// <summary>How long a server that only others named may be silent before it is forgotten.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    private readonly ConfigurationOptions _options;
    private readonly HashSet<EndPoint> _listed;
    private readonly Sentinel[] _sentinels;
    private readonly Action<StoreNode> _found;
    private readonly SemaphoreSlim _suspicion = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task? _running;

    // All below belongs to the loop.
    private readonly Dictionary<EndPoint, StoreNode> _nodes = [];
    private EndPoint[] _named = [];
    private StoreNode? _primary;
    private bool _isAlone;

    /// <param name="options">Name the servers, or with a service name the Sentinels.</param>
    /// <param name="found">Told when another server is the primary.</param>
    public PrimarySearch(ConfigurationOptions options, Action<StoreNode> found)
    {
        (_options, _found) = (options, found);
        var isWatched = options.ServiceName is { Length: > 0 };
        _listed = isWatched ? [] : [.. options.EndPoints];
        _sentinels = isWatched ? [.. options.EndPoints.Select(endpoint => new Sentinel(ForSentinel(endpoint), options.ServiceName!))] : [];
        _isAlone = _listed.Count == 1;
        foreach (var endpoint in _listed) Open(endpoint);
        if (_isAlone) _found(_nodes.Values.Single());
    }

    /// <summary>Why there is no primary, as of the last round.</summary>
    public string Trouble { get; private set; } = "No server of the store has answered yet.";

    /// <summary>Begins, once.</summary>
    public void Start()
    {
        lock (_gate) _running ??= Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>Something is wrong with the primary: look now.</summary>
    public void Suspect()
    {
        if (_suspicion.CurrentCount == 0) _suspicion.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is { } running) await running;
        foreach (var node in _nodes.Values) await node.DisposeAsync();
        foreach (var sentinel in _sentinels) await sentinel.DisposeAsync();
        _suspicion.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await AskSentinelsAsync();
                var isFound = await LookAsync();
                if (isFound && _isAlone) return;
                if (isFound) await _suspicion.WaitAsync(Later, stop);
                else await Task.Delay(_isAlone ? Later : Soon, stop);
                await ForgetAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The connection is closed.
        }
    }

    /// <summary>Opens the servers that the Sentinels name.</summary>
    private async Task AskSentinelsAsync()
    {
        var answers = (await Task.WhenAll(_sentinels.Select(static sentinel => sentinel.AskAsync(Patience)))).OfType<SentinelAnswer>().ToList();
        if (answers.Count == 0) return;

        _named = [.. answers.GroupBy(static answer => answer.Primary).OrderByDescending(static votes => votes.Count()).Select(static votes => votes.Key)];
        foreach (var endpoint in _named.Concat(answers.SelectMany(static answer => answer.Replicas))) Open(endpoint);
    }

    /// <summary>Asks every server what it is.</summary>
    /// <returns>Whether there is a primary.</returns>
    private async Task<bool> LookAsync()
    {
        var answers = await Task.WhenAll(_nodes.Values.Select(static async node => (Node: node, Answer: await node.AskAsync(Patience))));
        foreach (var (_, answer) in answers)
        {
            if (answer?.Owner is not { } owner) continue;
            _isAlone = false;
            Open(owner);
        }

        var primaries = answers.Where(static it => it.Answer is { IsPrimary: true }).Select(static it => it.Node).ToList();
        if (primaries.Count == 0)
        {
            Trouble = Explain(answers);
            return false;
        }

        var primary = primaries.MinBy(node => (Array.IndexOf(_named, node.EndPoint) is >= 0 and var place ? place : int.MaxValue, node == _primary ? 0 : 1))!;
        if (primary == _primary) return true;
        _primary = primary;
        _found(primary);
        return true;
    }

    private string Explain((StoreNode Node, NodeAnswer? Answer)[] answers)
    {
        var nodes = answers.Select(static it => $"{Format(it.Node.EndPoint)}: {it.Node.Trouble ?? (it.Answer is null ? "no answer yet" : "a replica")}");
        var sentinels = _sentinels.Where(static sentinel => sentinel.Trouble is not null).Select(static sentinel => $"Sentinel {Format(sentinel.EndPoint)}: {sentinel.Trouble}");
        return $"No primary of the store is found. {string.Join("; ", nodes.Concat(sentinels))}";
    }

    private void Open(EndPoint endpoint)
    {
        if (_nodes.ContainsKey(endpoint)) return;
        var options = _options.Clone();
        options.ServiceName = null;
        options.EndPoints.Clear();
        options.EndPoints.Add(endpoint);
        _nodes.Add(endpoint, new StoreNode(options, asksRole: !_isAlone));
    }

    /// <summary>Servers come and go under new addresses, above all where they run in containers.</summary>
    private async Task ForgetAsync()
    {
        var gone = _nodes.Values.Where(node => node != _primary && !_listed.Contains(node.EndPoint) && TimeProvider.System.GetElapsedTime(node.LastSeen) > Forgotten).ToList();
        foreach (var node in gone)
        {
            _nodes.Remove(node.EndPoint);
            await node.DisposeAsync();
        }
    }

    private ConfigurationOptions ForSentinel(EndPoint endpoint)
    {
        var options = _options.Clone();
        options.CommandMap = CommandMap.Sentinel;
        options.ServiceName = null;
        options.DefaultDatabase = null;
        options.User = _options.SentinelUser;
        options.Password = _options.SentinelPassword;
        options.EndPoints.Clear();
        options.EndPoints.Add(endpoint);
        return options;
    }

    private static string Format(EndPoint endpoint) => endpoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : endpoint.ToString() ?? "";
}
