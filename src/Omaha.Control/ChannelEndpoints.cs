using Omaha.Catalog;

namespace Omaha.Control;

/// <summary>The verbs that move channels.</summary>
internal sealed class ChannelEndpoints(CatalogWriter writer)
{
    public async Task<Reply> PromoteAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.PromoteRequest, "from", "target", "dryRun");
        if (request is null) return malformed!;
        if (request.From is not { } from) return Reply.Malformed(new Fault("from", "is missing; name the channel whose release is promoted"));
        var to = call.Route("channel");
        return await MoveAsync(call, AuditVerb.Promote, request.DryRun, (document, stamp) => PromoteRelease.Plan(document, from, to, request.Target, stamp));
    }

    public async Task<Reply> SetAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.SetRequest, "version", "target", "dryRun");
        if (request is null) return malformed!;
        if (request.Version is not { } version) return Reply.Malformed(new Fault("version", "is missing; name the version that the channel is to point to"));
        var channel = call.Route("channel");
        return await MoveAsync(call, AuditVerb.SetChannel, request.DryRun, (document, stamp) => SetRelease.Plan(document, channel, version, request.Target, stamp));
    }

    private Task<Reply> MoveAsync(ApiCall call, AuditVerb verb, bool dryRun, Func<AppDocument, Stamp, Outcome<ChannelPlan>> operation) => writer.ChangeAppAsync(
        call,
        dryRun,
        operation,
        plan => new ChangeNote(verb, plan.App, Details(plan)),
        (plan, revision) => Reply.Ok(new ChannelReply(dryRun, revision, plan.App, plan.Channel, plan.Moves), ApiJson.Readable.ChannelReply));

    private static string Details(ChannelPlan plan) =>
        $"{plan.App} {plan.Channel} to {string.Join(", ", plan.Moves.Where(static move => move.Change == ChannelChange.Moved).Select(static move => $"{move.Version} for {move.Target}"))}";
}
