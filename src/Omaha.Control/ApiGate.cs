using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>One call of the API by somebody who was let in.</summary>
/// <param name="Http">The request.</param>
/// <param name="Actor">Who it is, for the audit.</param>
internal sealed record ApiCall(HttpContext Http, AuditActor Actor)
{
    /// <summary>Name of the token's holder, for histories and logs.</summary>
    public string By => Actor.Name;

    /// <summary>A value of the route as the client meant it: a slash inside an id arrives encoded.</summary>
    public string Route(string name) => Http.RouteText(name);
}

internal static class RouteValues
{
    public static string RouteText(this HttpContext http, string name) => ((string?)http.GetRouteValue(name) ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What every call of the API passes: the token, the query keys, and the translation of what may fail below into an answer.</summary>
internal sealed partial class ApiGate(Authenticator authenticator, ILogger<ApiGate> log)
{
    /// <summary>A route's handler behind the gate.</summary>
    public RequestDelegate Open(ApiRoute route) => async http =>
    {
        await using var reply = await AnswerAsync(http, route);
        await reply.WriteAsync(http);
    };

    private async Task<Reply> AnswerAsync(HttpContext http, ApiRoute route)
    {
        try
        {
            var (token, refused) = await authenticator.IdentifyAsync(http);
            if (token is null) return refused!;
            var call = new ApiCall(http, new AuditActor(token.Name, token.Role, token.Id, Authenticator.SourceOf(http).ToString()));
            return CheckRole(http, route, token) ?? CheckQuery(http, route) ?? await route.Handler(call);
        }
        catch (OutcomeUnknownException unknown)
        {
            LogOutcomeUnknown(unknown, route.Method, route.Path);
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
                ? Reply.Problem(413, $"the body is larger than this route takes: {RequestBody.Limits}")
                : Reply.Problem(bad.StatusCode, bad.Message);
        }
        catch (Exception error) when (!http.RequestAborted.IsCancellationRequested)
        {
            // A fault of ours. Whoever asked is told so in the form of all other answers.
            LogFailed(error, route.Method, route.Path);
            return Reply.Problem(500, "the control plane failed at this request, which is a fault of its own; its log tells where. A change may or may not have been made, so look at the catalogue before trying again");
        }
    }

    private Reply? CheckRole(HttpContext http, ApiRoute route, StoredToken token)
    {
        var role = token.RoleOf();
        if (role is null || role < route.Needed)
        {
            LogNotPermitted(token.Id, token.Role, route.Needed);
            return Reply.Problem(403, $"this needs the role {route.Needed.Name()}; the token {token.Id} has the role {token.Role}");
        }

        if (role != Role.Promoter || route.Needed != Role.Promoter) return null;
        var (app, channel) = (http.RouteText("id"), http.RouteText("channel"));
        if (token.Apps?.Contains(AppKey.Of(app) ?? "", StringComparer.Ordinal) == true && token.Channels?.Contains(channel, StringComparer.Ordinal) == true) return null;

        LogNotPermitted(token.Id, token.Role, route.Needed);
        return Reply.Problem(403, $"the token {token.Id} moves the channels {string.Join(", ", token.Channels ?? [])} of {string.Join(", ", token.Apps ?? [])}, and not channel {channel} of {app}");
    }

    /// <summary>Any key that the route does not know is refused: a misspelt dryRun must not become a change.</summary>
    private static Reply? CheckQuery(HttpContext http, ApiRoute route)
    {
        var known = route.Query.Select(static key => key.Name).ToList();
        var unknown = http.Request.Query.Keys.Where(key => !known.Contains(key, StringComparer.Ordinal))
            .Select(key => new Fault(key, known.Count == 0 ? "is no query key of this route, which has none" : $"is no query key of this route, which has {string.Join(", ", known)}"))
            .ToList();
        return unknown.Count == 0 ? null : Reply.Problem(400, unknown);
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "A request failed: {Reason}")]
    private partial void LogStoreUnavailable(string reason);

    [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "The outcome of {Method} {Path} is unknown.")]
    private partial void LogOutcomeUnknown(Exception error, string method, string path);

    [LoggerMessage(EventId = 14, Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogFailed(Exception error, string method, string path);

    [LoggerMessage(EventId = 12, Level = LogLevel.Warning, Message = "Token {Token} with the role {Has} was refused what needs {Needed}.")]
    private partial void LogNotPermitted(string token, string has, Role needed);
}
