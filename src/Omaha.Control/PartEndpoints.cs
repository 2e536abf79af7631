using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>Groups of an app, and the brakes on an app, a channel or a group.</summary>
internal sealed class PartEndpoints(CatalogStore store, CatalogWriter writer)
{
    private static readonly string[] GroupKeys = ["channel", "windows", "freezes", "version", "pollInterval", "interactivePassesRamp", "oems", "exceptOems", "canary", "clear", "dryRun"];

    public Task<Reply> GroupsAsync(ApiCall call) => store.AboutAppAsync(call, document => Reply.Ok(
        new GroupListReply(document.App ?? call.Route("id"), [.. (document.Spec?.Groups ?? []).Select(group => new GroupView(group.Key, group.Value, document.State?.Groups?.GetValueOrDefault(group.Key)?.Paused))]),
        ApiJson.Readable.GroupListReply));

    public async Task<Reply> AddGroupAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.GroupRequest, GroupKeys);
        if (request is null) return malformed!;
        var group = new GroupSpec();
        return request.ApplyTo(group) is { } fault ? Reply.Malformed(fault) : await ChangeAsync(call, AuditVerb.AddGroup, request.DryRun, document => ChangeGroup.Add(document, call.Route("group"), group));
    }

    public async Task<Reply> SetGroupAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.GroupRequest, GroupKeys);
        if (request is null) return malformed!;
        return request.ApplyTo(new GroupSpec()) is { } fault ? Reply.Malformed(fault) : await ChangeAsync(call, AuditVerb.SetGroup, request.DryRun, document => ChangeGroup.Set(document, call.Route("group"), group => request.ApplyTo(group)));
    }

    public async Task<Reply> RemoveGroupAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.RemoveGroupRequest, "dryRun");
        return request is null ? malformed! : await ChangeAsync(call, AuditVerb.RemoveGroup, request.DryRun, document => ChangeGroup.Remove(document, call.Route("group")));
    }

    public Task<Reply> PauseAsync(ApiCall call) => BrakeAsync(call, AuditVerb.Pause, static (document, request, stamp) => PausePart.Pause(document, request.Channel, request.Group, request.Reason, stamp));

    public Task<Reply> ResumeAsync(ApiCall call) => BrakeAsync(call, AuditVerb.Resume, static (document, request, stamp) => PausePart.Resume(document, request.Channel, request.Group, stamp));

    private Task<Reply> ChangeAsync(ApiCall call, AuditVerb verb, bool dryRun, Func<AppDocument, Outcome<GroupPlan>> operation) => writer.ChangeAppAsync(
        call,
        dryRun,
        (document, _) => operation(document),
        plan => new ChangeNote(verb, plan.App, $"{plan.App} {plan.Group}"),
        (plan, revision) => Reply.Ok(new GroupReply(dryRun, revision, plan.App, plan.Group, plan.Spec, plan.Differences), ApiJson.Readable.GroupReply));

    private async Task<Reply> BrakeAsync(ApiCall call, AuditVerb verb, Func<AppDocument, PausePartRequest, Stamp, Outcome<PausePlan>> operation)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.PausePartRequest, "channel", "group", "reason");
        if (request is null) return malformed!;
        return await writer.BrakePartAsync(
            call,
            dryRun: false,
            (document, stamp) => operation(document, request, stamp),
            plan => new ChangeNote(verb, plan.App, $"{plan.App}{(plan.Channel is null ? "" : $" channel {plan.Channel}")}{(plan.Group is null ? "" : $" group {plan.Group}")}", request.Reason),
            static (plan, revision) => Reply.Ok(new PausePartReply(plan.Document is not null, revision, plan.App, plan.Channel, plan.Group, plan.Paused), ApiJson.Readable.PausePartReply));
    }
}
