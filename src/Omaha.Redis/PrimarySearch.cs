using System.Net;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>Finds out which of several servers is the primary, and goes on doing so.</summary>
/// <remarks>
/// <para>
/// The client library can do this too, and takes many seconds for it when the old primary hangs or its machine is gone without a word, since it
/// waits for the old one. Here each server has a connection of its own, and none waits for another.
/// </para>
/// <para>
/// What counts is what a server says of itself; of several that say they are the primary, first the one that the Sentinels name, then the one
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

    /// <summary>How long the first server may take before the others are opened too: a node of a cluster leads to all others, so one is enough.</summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(500);

    private readonly ConfigurationOptions _options;
    private readonly EndPoint[] _listed;
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
    private bool _isAnswered;
    private bool _isCluster;

    /// <param name="options">Names the servers, or with a service name the Sentinels.</param>
    /// <param name="found">Told when another server is the primary.</param>
    public PrimarySearch(ConfigurationOptions options, Action<StoreNode> found)
    {
        (_options, _found) = (options, found);
        _listed = [.. options.EndPoints];
        Random.Shared.Shuffle(_listed);
        _sentinels = options.ServiceName is { Length: > 0 } service ? [.. _listed.Select(endpoint => new Sentinel(ForSentinel(endpoint), service))] : [];
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
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            while (true)
            {
                if (_sentinels.Length > 0) await OpenNamedAsync();
                else if (_nodes.Count == 0) Open(_listed[..1]);
                else if (_isAnswered || TimeProvider.System.GetElapsedTime(began) > HeadStart) Open(_listed);

                var isFound = await LookAsync();
                if (_isCluster) return;
                if (isFound) await _suspicion.WaitAsync(Later, stop);
                else await Task.Delay(Soon, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The connection is closed.
        }
    }

    /// <summary>Opens the servers that the Sentinels name, the likely primary first, and closes those that they no longer do.</summary>
    private async Task OpenNamedAsync()
    {
        var answers = (await Task.WhenAll(_sentinels.Select(static sentinel => sentinel.AskAsync(Patience)))).OfType<SentinelAnswer>().ToList();
        if (answers.Count == 0) return;

        _named = [.. answers.GroupBy(static answer => answer.Primary).OrderByDescending(static votes => votes.Count()).Select(static votes => votes.Key)];
        Open([.. _named, .. answers.SelectMany(static answer => answer.Replicas)]);
        var gone = _nodes.Keys.Except([.. _named, .. answers.SelectMany(static answer => answer.Replicas)]).Where(endpoint => _nodes[endpoint] != _primary).ToList();
        foreach (var endpoint in gone) await CloseAsync(endpoint);
    }

    /// <summary>Asks every server what it is.</summary>
    /// <returns>Whether there is a primary.</returns>
    private async Task<bool> LookAsync()
    {
        var answers = await Task.WhenAll(_nodes.Values.Select(static async node => (Node: node, Role: await node.RoleAsync(Patience))));
        _isAnswered = answers.Any(static answer => answer.Role is not null);

        if (answers.FirstOrDefault(static answer => answer.Role == NodeRole.Cluster).Node is { } member)
        {
            // Its connection knows all nodes, follows their changes, and needs no help.
            _isCluster = true;
            foreach (var other in _nodes.Keys.Where(endpoint => _nodes[endpoint] != member).ToList()) await CloseAsync(other);
            _found(member);
            return true;
        }

        var primaries = answers.Where(static answer => answer.Role == NodeRole.Primary).Select(static answer => answer.Node).ToList();
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

    private string Explain((StoreNode Node, NodeRole? Role)[] answers)
    {
        var nodes = answers.Select(static answer => $"{Format(answer.Node.EndPoint)}: {(answer.Role == NodeRole.Replica ? "it is a replica" : answer.Node.Trouble ?? "it does not answer")}");
        var sentinels = _sentinels.Where(static sentinel => sentinel.Trouble is not null).Select(static sentinel => $"Sentinel {Format(sentinel.EndPoint)}: {sentinel.Trouble}");
        return $"No primary of the store is found. {string.Join("; ", [.. nodes, .. sentinels])}";
    }

    private void Open(IEnumerable<EndPoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            if (_nodes.ContainsKey(endpoint)) continue;
            var options = _options.Clone();
            options.ServiceName = null;
            options.EndPoints.Clear();
            options.EndPoints.Add(endpoint);
            _nodes.Add(endpoint, new StoreNode(options));
        }
    }

    private async Task CloseAsync(EndPoint endpoint)
    {
        _nodes.Remove(endpoint, out var node);
        await node!.DisposeAsync();
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
