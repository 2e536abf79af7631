using System.Security.Cryptography;
using System.Text;
using Omaha.Catalog;
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
    /// <param name="grant">What its holder may do.</param>
    /// <param name="by">Who makes it.</param>
    /// <param name="now">When it is made.</param>
    /// <returns>The text, and what was stored; null when there are as many tokens as there may be.</returns>
    /// <exception cref="StoreUnavailableException"/>
    public static async Task<(string Text, StoredToken Stored)?> CreateAsync(TokenStore tokens, TokenGrant grant, AuditActor by, DateTimeOffset now)
    {
        while (true)
        {
            var id = RandomNumberGenerator.GetHexString(12, lowercase: true);
            var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
            var stored = grant.Token(id, Hash(secret), now);
            var created = await tokens.CreateAsync(stored, new AuditRecord(AuditVerb.CreateToken, by, now) { Details = $"{id} {TokenGrant.Describe(stored)}" });
            if (created == TokenCreation.Done) return ($"{Prefix}{id}_{secret}", stored);
            if (created == TokenCreation.TooMany) return null;
        }
    }

    /// <summary>The id in what may be a whole token, whose secret is then not repeated, or an id alone.</summary>
    internal static string IdIn(string text) => TryParse(text, out var id, out _) ? id : text;

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
