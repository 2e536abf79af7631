using System.Text.Json;
using Omaha.Catalog;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>The control plane's access tokens, under a key that the account of the servers cannot read.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> when the store cannot be reached or refuses. An entry that cannot be read grants nothing and is not listed.</remarks>
public sealed class TokenStore(StoreConnection connection)
{
    private static readonly RedisKey[] Keys = [CatalogKeys.Head, CatalogKeys.Tokens, CatalogKeys.AuditNumber, CatalogKeys.Audit];

    /// <summary>Most tokens that there may be: all of them are read by one command.</summary>
    public const int MaxTokens = 1000;

    /// <summary>Stores a token, and records that.</summary>
    /// <exception cref="OutcomeUnknownException">The connection was lost after the command was sent.</exception>
    public async Task<TokenCreation> CreateAsync(StoredToken token, AuditRecord audit) => (int)await connection.RunAsync(
        CatalogScripts.CreateToken,
        Keys,
        [token.Id, JsonSerializer.SerializeToUtf8Bytes(token, StoredTokenJson.Default.StoredToken), MaxTokens, AuditedChange.EntryOf(audit)]) switch
    {
        1 => TokenCreation.Done,
        0 => TokenCreation.IdIsTaken,
        _ => TokenCreation.TooMany,
    };

    /// <summary>The token with an id, or null.</summary>
    public async Task<StoredToken?> FindAsync(string id, CancellationToken cancel = default) =>
        Read(await connection.ReadAsync(store => store.HashGetAsync(CatalogKeys.Tokens, id), cancel));

    /// <summary>All tokens, the oldest first.</summary>
    public async Task<IReadOnlyList<StoredToken>> ListAsync(CancellationToken cancel = default)
    {
        var entries = await connection.ReadAsync(static store => store.HashGetAllAsync(CatalogKeys.Tokens), cancel);
        return [.. entries.Select(static entry => Read(entry.Value)).OfType<StoredToken>().OrderBy(static token => token.CreatedAt).ThenBy(static token => token.Id, StringComparer.Ordinal)];
    }

    /// <summary>Revokes a token, readable or not, and records that; false when there is none with this id.</summary>
    /// <exception cref="OutcomeUnknownException">The connection was lost after the command was sent; it can be repeated.</exception>
    public async Task<bool> DeleteAsync(string id, AuditRecord audit) =>
        (int)await connection.RunAsync(CatalogScripts.DeleteToken, Keys, [id, AuditedChange.EntryOf(audit)]) == 1;

    internal static StoredToken? Read(RedisValue value)
    {
        if (value.IsNull) return null;
        try
        {
            return JsonSerializer.Deserialize((byte[])value!, StoredTokenJson.Default.StoredToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What became of a token that was to be stored.</summary>
public enum TokenCreation
{
    Done,

    /// <summary>Another one has its id.</summary>
    IdIsTaken,

    /// <summary>There are <see cref="TokenStore.MaxTokens"/> already.</summary>
    TooMany,
}
