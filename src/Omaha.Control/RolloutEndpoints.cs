using System.Globalization;
using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>Rollouts: how they stand, and the verbs that start, change and stop them.</summary>
internal sealed class RolloutEndpoints(CatalogStore store, CatalogWriter writer, NodeIdMeasure nodeIds, TimeProvider time)
{
    public async Task<Reply> ListAsync(ApiCall call)
    {
        var channel = (string?)call.Http.Request.Query["channel"];
        var head = await store.ReadHeadAsync(call.Http.RequestAborted);
        return await store.AboutAppAsync(call, document =>
        {
            if (AppValidator.Check(document) is { Count: > 0 } faults) return Reply.Problem(422, faults);
            if (channel is not null && document.Spec!.Channels?.ContainsKey(channel) != true) return Reply.Problem(404, [new Fault("channel", $"\"{channel}\" is no channel of {document.App}; it has {string.Join(", ", document.Spec.Channels?.Keys ?? Enumerable.Empty<string>())}")]);
            return Reply.Ok(new RolloutListReply(document.App!, RolloutView.Of(document, channel, new Stamp(time.GetUtcNow(), call.By) { Brakes = head.Brakes })), ApiJson.Readable.RolloutListReply);
        });
    }

    public async Task<Reply> StartAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.StartRolloutRequest, "version", "target", "policy", "start", "replace", "expedite", "verified", "skipVerify", "overrideSoak", "overrideRevert", "dryRun");
        if (request is null) return malformed!;
        if (request.Version is not { } version) return Reply.Malformed(new Fault("version", "is missing; name the version that is to be rolled out"));
        var channel = call.Route("channel");
        var terms = new Promotion("", "")
        {
            Order = new RolloutOrder { Policy = request.Policy, Start = request.Start, Replace = request.Replace, Expedite = request.Expedite },
            IsPreview = request.DryRun,
            Verified = [.. (request.Verified ?? []).Where(static release => release is not null)],
            SkipVerify = request.SkipVerify,
            OverrideSoak = request.OverrideSoak,
            OverrideRevert = request.OverrideRevert,
        };
        var warning = await nodeIds.WarningAsync(call.Http.RequestAborted);
        return await writer.ChangeAppAsync(
            call,
            request.DryRun,
            (document, stamp) => StartRollout.Plan(document, channel, version, request.Target, terms, stamp),
            plan => new ChangeNote(request.Expedite is null ? AuditVerb.StartRollout : AuditVerb.Expedite, plan.App, ChannelEndpoints.Details(plan), ChannelEndpoints.Reasons(("expedite", request.Expedite), ("skip verify", request.SkipVerify), ("override soak", request.OverrideSoak), ("override revert", request.OverrideRevert))),
            (plan, revision) => Reply.Ok(ChannelEndpoints.ReplyOf(plan, request.DryRun, revision) with { Warnings = plan.Moves.Any(static move => move.Rollout is not null) ? [warning] : [] }, ApiJson.Readable.ChannelReply));
    }

    public async Task<Reply> SetAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.SetRolloutRequest, "percent", "target", "dryRun");
        if (request is null) return malformed!;
        if (request.Percent is not { } percent) return Reply.Malformed(new Fault("percent", "is missing; give the exposure in percent"));
        return await ChangeAsync(call, AuditVerb.SetRollout, request.DryRun, string.Create(CultureInfo.InvariantCulture, $"exposure {percent}%"), null, (document, stamp) => ChangeRollout.Raise(document, call.Route("channel"), request.Target, percent, stamp));
    }

    public Task<Reply> PauseAsync(ApiCall call) => StopAsync(call, AuditVerb.PauseRollout, static (document, channel, request, stamp) => ChangeRollout.Pause(document, channel, request.Target, request.Reason, stamp));

    public Task<Reply> HaltAsync(ApiCall call) => StopAsync(call, AuditVerb.Halt, static (document, channel, request, stamp) => ChangeRollout.Halt(document, channel, request.Target, request.Reason, stamp));

    public Task<Reply> ResumeAsync(ApiCall call) => StopAsync(call, AuditVerb.ResumeRollout, static (document, channel, request, stamp) => ChangeRollout.Resume(document, channel, request.Target, stamp));

    public Task<Reply> ExpediteAsync(ApiCall call) => StopAsync(call, AuditVerb.Expedite, static (document, channel, request, stamp) => ChangeRollout.Expedite(document, channel, request.Target, request.Reason, stamp));

    private async Task<Reply> StopAsync(ApiCall call, AuditVerb verb, Func<AppDocument, string, StopRolloutRequest, Stamp, Outcome<RolloutPlan>> operation)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.StopRolloutRequest, "target", "reason", "dryRun");
        if (request is null) return malformed!;
        return await ChangeAsync(call, verb, request.DryRun, null, request.Reason, (document, stamp) => operation(document, call.Route("channel"), request, stamp));
    }

    private Task<Reply> ChangeAsync(ApiCall call, AuditVerb verb, bool dryRun, string? details, string? reason, Func<AppDocument, Stamp, Outcome<RolloutPlan>> operation)
    {
        return verb == AuditVerb.PauseRollout || verb == AuditVerb.Halt ? writer.BrakePartAsync(call, dryRun, operation, Note, Done) : writer.ChangeAppAsync(call, dryRun, operation, Note, Done);

        ChangeNote Note(RolloutPlan plan) => new(verb, plan.App, $"{plan.App} {string.Join(", ", plan.Rollouts.Select(static rollout => $"{rollout.Version} on {rollout.Channel} for {rollout.Target}"))}{(details is null ? "" : $" ({details})")}", reason);
        Reply Done(RolloutPlan plan, long revision) => Reply.Ok(new RolloutReply(dryRun, revision, plan.App, plan.Document is not null, plan.Rollouts, plan.Notes), ApiJson.Readable.RolloutReply);
    }
}
