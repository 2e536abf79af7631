using System.Text.Json;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>The control plane's access tokens. They share no hash tag with the catalogue, so that the account of the servers can be kept from them.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> when the store cannot be reached or refuses. An entry that cannot be read grants nothing and is not listed.</remarks>
public sealed class TokenStore(StoreConnection connection)
{
    /// <summary>Stores a token; false when its id is taken.</summary>
    /// <exception cref="OutcomeUnknownException">The connection was lost after the command was sent.</exception>
    public Task<bool> CreateAsync(StoredToken token) =>
        connection.WriteAsync(store => store.HashSetAsync(CatalogKeys.Tokens, token.Id, JsonSerializer.SerializeToUtf8Bytes(token, StoredTokenJson.Default.StoredToken), When.NotExists));

    /// <summary>The token with an id, or null.</summary>
    public async Task<StoredToken?> FindAsync(string id, CancellationToken cancel = default) =>
        Read(await connection.ReadAsync(store => store.HashGetAsync(CatalogKeys.Tokens, id), cancel));

    /// <summary>All tokens, the oldest first.</summary>
    public async Task<IReadOnlyList<StoredToken>> ListAsync(CancellationToken cancel = default)
    {
        var entries = await connection.ReadAsync(static store => store.HashGetAllAsync(CatalogKeys.Tokens), cancel);
        return [.. entries.Select(static entry => Read(entry.Value)).OfType<StoredToken>().OrderBy(static token => token.CreatedAt).ThenBy(static token => token.Id, StringComparer.Ordinal)];
    }

    /// <summary>Revokes a token, readable or not; false when there is none with this id.</summary>
    /// <exception cref="OutcomeUnknownException">The connection was lost after the command was sent; it can be repeated.</exception>
    public Task<bool> DeleteAsync(string id) => connection.WriteAsync(store => store.HashDeleteAsync(CatalogKeys.Tokens, id));

    private static StoredToken? Read(RedisValue value)
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
