using System.Net;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>What a Sentinel says about the store.</summary>
/// <param name="Primary">Which server is the primary, as far as it knows.</param>
/// <param name="Replicas">The others, reachable or not.</param>
internal sealed record SentinelAnswer(EndPoint Primary, IReadOnlyList<EndPoint> Replicas);

/// <summary>One Sentinel.</summary>
internal sealed class Sentinel : IAsyncDisposable
{
    private readonly StoreNode _node;
    private readonly string _service;
    private readonly LateAnswer<SentinelAnswer> _answer;

    /// <param name="options">How to reach it.</param>
    /// <param name="service">Which of the stores that it watches.</param>
    public Sentinel(ConfigurationOptions options, string service)
    {
        (_node, _service) = (new StoreNode(options), service);
        _answer = new LateAnswer<SentinelAnswer>(AskOnceAsync);
    }

    /// <summary>Why it does not answer, in short; null when it does.</summary>
    public string? Trouble { get; private set; }

    public EndPoint EndPoint => _node.EndPoint;

    /// <summary>What it says; null when it does not answer.</summary>
    public Task<SentinelAnswer?> AskAsync(TimeSpan patience) => _answer.AskAsync(patience);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private async Task<SentinelAnswer?> AskOnceAsync()
    {
        try
        {
            var server = (await _node.OpenAsync()).GetServers()[0];
            var primary = await server.SentinelGetMasterAddressByNameAsync(_service);
            Trouble = primary is null ? $"it does not know \"{_service}\"" : null;
            return primary is null ? null : new SentinelAnswer(primary, await server.SentinelGetReplicaAddressesAsync(_service));
        }
        catch (Exception error) when (StoreCommand.IsOfTheStore(error))
        {
            Trouble = StoreCommand.Unavailable(error).Message;
            return null;
        }
    }
}
