using Omaha.Redis;

namespace Omaha.Control;

/// <summary>All tokens, read for many callers at once and at most four times a second: what an attacker can make the store do is bounded.</summary>
internal sealed class TokenTable(TokenStore tokens, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private Task<IReadOnlyDictionary<string, StoredToken>>? _next;

    /// <summary>The tokens as they were last read; one that was made or revoked since is not known here.</summary>
    public IReadOnlyDictionary<string, StoredToken> Last { get; private set; } = new Dictionary<string, StoredToken>();

    /// <summary>The tokens by a read that begins after this call.</summary>
    /// <exception cref="StoreUnavailableException"/>
    public Task<IReadOnlyDictionary<string, StoredToken>> ReadAsync()
    {
        lock (_gate) return _next ??= ReadAfterPauseAsync();
    }

    private async Task<IReadOnlyDictionary<string, StoredToken>> ReadAfterPauseAsync()
    {
        await Task.Delay(Pause, time);

        // Whoever asks from here on may ask about a token that this read does not see.
        lock (_gate) _next = null;
        return Last = (await tokens.ListAsync()).ToDictionary(static token => token.Id, StringComparer.Ordinal);
    }
}
