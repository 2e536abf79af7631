using System.Security.Cryptography;
using System.Text;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>
/// An access token as text: <c>omaha_ID_SECRET</c>. The id is public and finds the stored entry; the secret is 256 random bits, of which only
/// a SHA-256 is kept. Both are hexadecimal, so that a double click selects all of it.
/// </summary>
public static class AccessToken
{
    private const string Prefix = "omaha_";

    /// <summary>Makes a token and stores its hash. Its text is the only copy of the secret.</summary>
    /// <param name="tokens">Where it is stored.</param>
    /// <param name="role">What its holder may do.</param>
    /// <param name="name">Who holds it, as histories and logs will say; null for one made of role and id.</param>
    /// <param name="now">When it is made.</param>
    /// <exception cref="StoreUnavailableException"/>
    public static async Task<string> CreateAsync(TokenStore tokens, Role role, string? name, DateTimeOffset now)
    {
        while (true)
        {
            var id = RandomNumberGenerator.GetHexString(12, lowercase: true);
            var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
            if (await tokens.CreateAsync(new StoredToken(id, role.Name(), name ?? $"{role.Name()}-{id}", Hash(secret), now))) return $"{Prefix}{id}_{secret}";
        }
    }

    /// <summary>Takes a token apart; false for a text that is none.</summary>
    internal static bool TryParse(string text, out string id, out string secret)
    {
        (id, secret) = ("", "");
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length > 256) return false;
        if (text[Prefix.Length..].Split('_') is not [{ Length: > 0 } first, { Length: > 0 } second]) return false;
        (id, secret) = (first, second);
        return true;
    }

    /// <summary>Whether a secret is the one that was stored. Takes the same time for every wrong one.</summary>
    internal static bool Matches(string secret, StoredToken stored) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Hash(secret)), Encoding.UTF8.GetBytes(stored.Hash));

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
