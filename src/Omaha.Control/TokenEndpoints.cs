using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>Who may do what: tokens are made, listed and revoked.</summary>
internal sealed partial class TokenEndpoints(TokenStore tokens, TimeProvider time, ILogger<TokenEndpoints> log)
{
    public async Task<Reply> ListAsync(ApiCall call)
    {
        var now = time.GetUtcNow();
        return Reply.Ok(new TokenListReply([.. (await tokens.ListAsync(call.Http.RequestAborted)).Select(token => Describe(token, now))]), ApiJson.Readable.TokenListReply);
    }

    public async Task<Reply> CreateAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.TokenRequest, "role", "name", "expires", "apps", "channels");
        if (request is null) return malformed!;
        var now = time.GetUtcNow();
        if (TokenGrant.Read(request.Role, request.Name, request.Expires, Names(request.Apps), Names(request.Channels), now, out var faults) is not { } grant) return Reply.Problem(422, faults);
        if (await AccessToken.CreateAsync(tokens, grant, call.Actor, now) is not var (text, stored)) return Reply.Problem(422, [TooMany]);

        LogCreated(call.By, stored.Id, stored.Role);
        return Reply.Ok(new TokenCreatedReply(text, Describe(stored, now)), ApiJson.Readable.TokenCreatedReply);
    }

    public async Task<Reply> RevokeAsync(ApiCall call)
    {
        var id = AccessToken.IdIn(call.Route("token"));
        var now = time.GetUtcNow();
        var stored = await tokens.FindAsync(id, call.Http.RequestAborted);
        var details = stored is null ? id : $"{id} {TokenGrant.Describe(stored)}";
        if (!await tokens.DeleteAsync(id, new AuditRecord(AuditVerb.RevokeToken, call.Actor, now) { Details = details }))
        {
            var known = (await tokens.ListAsync(call.Http.RequestAborted)).Select(static token => token.Id);
            return Reply.Problem(404, [new Fault("token", $"\"{id}\" is no token; there are {string.Join(", ", known)}")]);
        }

        LogRevoked(call.By, id);
        return Reply.Ok(stored is null ? new TokenReply(id, "", "", now, null, false, null, null) : Describe(stored, now), ApiJson.Readable.TokenReply);
    }

    internal static Fault TooMany { get; } = new("token", $"cannot be made: there are {TokenStore.MaxTokens} already; revoke those that nobody needs");

    private static TokenReply Describe(StoredToken token, DateTimeOffset now) =>
        new(token.Id, token.Role, token.Name, token.CreatedAt, token.ExpiresAt, token.ExpiresAt <= now, token.Apps, token.Channels);

    /// <summary>A null in a list is no name, and is refused like any other text that is none.</summary>
    private static List<string> Names(List<string>? given) => [.. (given ?? []).Select(static name => name ?? "")];

    [LoggerMessage(EventId = 22, Level = LogLevel.Information, Message = "{By} made the token {Token} with the role {Role}.")]
    private partial void LogCreated(string by, string token, string role);

    [LoggerMessage(EventId = 23, Level = LogLevel.Information, Message = "{By} revoked the token {Token}.")]
    private partial void LogRevoked(string by, string token);
}
