using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>One call of the API by somebody who was let in.</summary>
/// <param name="Http">The request.</param>
/// <param name="By">Name of the token's holder, for histories and logs.</param>
internal sealed record ApiCall(HttpContext Http, string By)
{
    /// <summary>A value of the route as the client meant it: a slash inside an id arrives encoded.</summary>
    public string Route(string name) => ((string?)Http.GetRouteValue(name) ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What every call of the API passes: the token, the query keys, and the translation of what may fail below into an answer.</summary>
internal sealed partial class ApiGate(TokenStore tokens, ILogger<ApiGate> log)
{
    /// <summary>A route's handler behind the gate.</summary>
    /// <param name="needed">The role that it takes.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="queryKeys">Query keys that it knows. Any other is refused: a misspelt dryRun must not become a change.</param>
    public RequestDelegate Open(Role needed, Func<ApiCall, Task<Reply>> handler, params string[] queryKeys) => async http =>
    {
        var reply = await AnswerAsync(http, needed, handler, queryKeys);
        await reply.WriteAsync(http);
    };

    private async Task<Reply> AnswerAsync(HttpContext http, Role needed, Func<ApiCall, Task<Reply>> handler, string[] queryKeys)
    {
        try
        {
            var (by, refused) = await AdmitAsync(http, needed);
            return refused ?? CheckQuery(http, queryKeys) ?? await handler(new ApiCall(http, by));
        }
        catch (OutcomeUnknownException unknown)
        {
            LogOutcomeUnknown(unknown, http.Request.Method, http.Request.Path);
            return Reply.Problem(503, "the store did not answer after the change was sent, so it may or may not have been made; look at the catalogue and try again");
        }
        catch (StoreUnavailableException away)
        {
            LogStoreUnavailable(away.Message);
            return Reply.Problem(503, $"{away.Message} Nothing was changed; machines are served from what the servers know.");
        }
        catch (BadHttpRequestException bad)
        {
            return bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Reply.Problem(413, "the body is larger than this route takes: 32 MiB for apply, 64 KiB otherwise; split the file and apply its parts one by one")
                : Reply.Problem(bad.StatusCode, bad.Message);
        }
    }

    private async Task<(string By, Reply? Refused)> AdmitAsync(HttpContext http, Role needed)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0) return ("", Reply.Problem(401, "a token is needed: Authorization: Bearer omaha_…; Omaha.Control token create makes one"));
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || !AccessToken.TryParse(header[7..].Trim(), out var id, out var secret))
        {
            return ("", Reply.Problem(401, "the Authorization header holds no token of this service; it looks like Bearer omaha_ID_SECRET"));
        }

        // One answer for an unknown id and for a wrong secret.
        var stored = await tokens.FindAsync(id, http.RequestAborted);
        if (stored is null || !AccessToken.Matches(secret, stored)) return ("", Reply.Problem(401, "the token is not valid: it was revoked, is not of this service, or was lost with an emptied store; Omaha.Control token create makes one"));

        if (Roles.Parse(stored.Role) is { } role && role >= needed) return (stored.Name, null);
        LogNotPermitted(stored.Id, stored.Role, needed);
        return ("", Reply.Problem(403, $"this needs the role {needed.Name()}; the token {stored.Id} has the role {stored.Role}"));
    }

    private static Reply? CheckQuery(HttpContext http, string[] known)
    {
        var unknown = http.Request.Query.Keys.Where(key => !known.Contains(key, StringComparer.Ordinal))
            .Select(key => new Fault(key, known.Length == 0 ? "is no query key of this route, which has none" : $"is no query key of this route, which has {string.Join(", ", known)}"))
            .ToList();
        return unknown.Count == 0 ? null : Reply.Problem(400, unknown);
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "A request failed: {Reason}")]
    private partial void LogStoreUnavailable(string reason);

    [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "The outcome of {Method} {Path} is unknown.")]
    private partial void LogOutcomeUnknown(Exception error, string method, string path);

    [LoggerMessage(EventId = 12, Level = LogLevel.Warning, Message = "Token {Token} with the role {Has} was refused what needs {Needed}.")]
    private partial void LogNotPermitted(string token, string has, Role needed);
}
