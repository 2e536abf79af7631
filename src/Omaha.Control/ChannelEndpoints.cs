using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>The channels of an app: what they point to and pointed to, and the verbs that move them.</summary>
internal sealed class ChannelEndpoints(CatalogStore store, CatalogWriter writer)
{
    public Task<Reply> ListAsync(ApiCall call) =>
        store.AboutAppAsync(call, document => Reply.Ok(new ChannelListReply(document.App ?? call.Route("id"), ChannelList.Of(document)), ApiJson.Readable.ChannelListReply));

    public Task<Reply> HistoryAsync(ApiCall call)
    {
        var channel = (string?)call.Http.Request.Query["channel"];
        return store.AboutAppAsync(call, document =>
        {
            var outcome = HistoryList.Of(document, channel);
            return outcome.Plan is { } entries ? Reply.Ok(new HistoryReply(document.App ?? call.Route("id"), entries), ApiJson.Readable.HistoryReply) : Reply.Problem(404, outcome.Faults);
        });
    }

    public async Task<Reply> PromoteAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.PromoteRequest, "from", "version", "target", "verified", "skipVerify", "overrideSoak", "overrideRevert", "now", "replace", "dryRun");
        if (request is null) return malformed!;
        if (request.From is not { } from) return Reply.Malformed(new Fault("from", "is missing; name the channel whose release is promoted"));
        var promotion = new Promotion(from, call.Route("channel"))
        {
            Version = request.Version,
            Target = request.Target,
            IsPreview = request.DryRun,
            Verified = [.. (request.Verified ?? []).Where(static release => release is not null)],
            SkipVerify = request.SkipVerify,
            OverrideSoak = request.OverrideSoak,
            OverrideRevert = request.OverrideRevert,
            Order = Order(request.Now, request.Replace),
        };
        return await MoveAsync(call, AuditVerb.Promote, request.DryRun, Reasons(("skip verify", request.SkipVerify), ("override soak", request.OverrideSoak), ("override revert", request.OverrideRevert)), (document, stamp) => PromoteRelease.Plan(document, promotion, stamp));
    }

    public async Task<Reply> SetAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.SetRequest, "version", "target", "overrideRevert", "now", "replace", "dryRun");
        if (request is null) return malformed!;
        if (request.Version is not { } version) return Reply.Malformed(new Fault("version", "is missing; name the version that the channel is to point to"));
        var channel = call.Route("channel");
        return await MoveAsync(call, AuditVerb.SetChannel, request.DryRun, Reasons(("override revert", request.OverrideRevert)), (document, stamp) => SetRelease.Plan(document, channel, version, request.Target, stamp, request.OverrideRevert, Order(request.Now, request.Replace)));
    }

    public async Task<Reply> RevertAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.RevertRequest, "version", "target", "reason", "dryRun");
        if (request is null) return malformed!;
        var channel = call.Route("channel");
        return await MoveAsync(call, AuditVerb.Revert, request.DryRun, request.Reason, (document, stamp) => RevertChannel.Plan(document, channel, request.Target, request.Version, request.Reason, stamp));
    }

    private Task<Reply> MoveAsync(ApiCall call, AuditVerb verb, bool dryRun, string? reason, Func<AppDocument, Stamp, Outcome<ChannelPlan>> operation) => writer.ChangeAppAsync(
        call,
        dryRun,
        operation,
        plan => new ChangeNote(verb, plan.App, Details(plan), reason),
        (plan, revision) => Reply.Ok(ReplyOf(plan, dryRun, revision), ApiJson.Readable.ChannelReply));

    internal static ChannelReply ReplyOf(ChannelPlan plan, bool dryRun, long revision) => new(dryRun, revision, plan.App, plan.Channel, plan.Moves, plan.Audience, plan.Effects);

    private static RolloutOrder Order(bool now, bool replace) => new() { Policy = now ? new RolloutPolicy { Now = true } : null, Replace = replace };

    internal static string Details(ChannelPlan plan) =>
        $"{plan.App} {plan.Channel} to {string.Join(", ", plan.Moves.Where(static move => move.Change == ChannelChange.Moved).Select(static move => $"{move.Version ?? "nothing"} for {move.Target}"))}";

    /// <summary>All reasons in one text, each behind what it is for; null when none was given.</summary>
    internal static string? Reasons(params IEnumerable<(string For, string? Reason)> given)
    {
        var reasons = given.Where(static reason => reason.Reason is not null).Select(static reason => $"{reason.For}: {reason.Reason}").ToList();
        return reasons.Count == 0 ? null : string.Join("; ", reasons);
    }
}
