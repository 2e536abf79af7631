using System.Globalization;
using System.Net;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>Finds out who calls. A valid token is always let in; whoever fails again and again is told to wait, and costs the store nothing.</summary>
/// <remarks>
/// <code>
///   no token at all ───────────────────────────────────────────────> 401
///   a text that is none ───────────────────────────────────────────> counted, 401 or 429
///   few failures from there: look the token up ──> wrong ──────────> counted, 401
///                                             └──> valid ──────────> in
///   too many: matches the token as last read ─> look it up ─ valid > in
///         else: with the next shared read of all tokens ─> valid ──> in
///                                                      └─> wrong ──> 429 with Retry-After
/// </code>
/// The source is the address that the connection comes from. Headers that name another, such as X-Forwarded-For, are not believed: anybody may
/// write them. Behind a proxy all callers share one source, and since a valid token is never locked out, that harms none of them.
/// </remarks>
internal sealed partial class Authenticator(TokenStore tokens, TokenTable table, FailedAttempts failures, TimeProvider time, ILogger<Authenticator> log)
{
    /// <summary>Where a connection comes from.</summary>
    public static IPAddress SourceOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>The caller's token, or why there is none.</summary>
    /// <exception cref="StoreUnavailableException"/>
    public async Task<(StoredToken? Token, Reply? Refused)> IdentifyAsync(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0) return (null, Reply.Problem(401, "a token is needed: Authorization: Bearer omaha_…; an admin makes one with omahactl token create, the first is made by Omaha.Control token create"));

        var source = SourceOf(http);
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || !AccessToken.TryParse(header[7..].Trim(), out var id, out var secret))
        {
            return (null, Refuse(source, "the Authorization header holds no token of this service; it looks like Bearer omaha_ID_SECRET"));
        }

        // One answer for an unknown id and for a wrong secret.
        var stored = await FindAsync(source, id, secret, http.RequestAborted);
        if (stored is null || !AccessToken.Matches(secret, stored)) return (null, Refuse(source, "the token is not valid: it was revoked, is not of this service, or was lost with an emptied store; an admin makes another with omahactl token create, or whoever can reach the store with Omaha.Control token create"));

        if (stored.ExpiresAt is { } end && end <= time.GetUtcNow()) return (null, Reply.Problem(401, string.Create(CultureInfo.InvariantCulture, $"the token {stored.Id} ({stored.Name}) expired at {end:u}; an admin makes another with omahactl token create")));
        return (stored, null);
    }

    private async Task<StoredToken?> FindAsync(IPAddress source, string id, string secret, CancellationToken cancel)
    {
        if (!failures.AreTooMany(source) || (table.Last.TryGetValue(id, out var known) && AccessToken.Matches(secret, known))) return await tokens.FindAsync(id, cancel);
        return (await table.ReadAsync().WaitAsync(cancel)).GetValueOrDefault(id);
    }

    private Reply Refuse(IPAddress source, string why)
    {
        var pause = failures.Count(source, out var isLast);
        if (isLast) LogTooMany(source);
        return pause is { } time
            ? Reply.Problem(429, $"too many attempts without a valid token came from {source}; a valid token is let in at once, others may try again later") with { RetryAfter = time }
            : Reply.Problem(401, why);
    }

    [LoggerMessage(EventId = 13, Level = LogLevel.Warning, Message = "Too many attempts without a valid token came from {Source}; more are answered with 429.")]
    private partial void LogTooMany(IPAddress source);
}
