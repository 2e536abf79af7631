using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>The releases of an app: what there is, and the verbs that change it.</summary>
internal sealed class ReleaseEndpoints(CatalogStore store, CatalogWriter writer)
{
    public Task<Reply> ListAsync(ApiCall call) => store.AboutAppAsync(call, static document => Answer(document, ReleaseList.Of(document)));

    public Task<Reply> ShowAsync(ApiCall call)
    {
        var target = (string?)call.Http.Request.Query["target"];
        return store.AboutAppAsync(call, document => Answer(document, ReleaseList.Find(document, call.Route("version"), target)));
    }

    public async Task<Reply> AddAsync(ApiCall call)
    {
        if (!call.TryReadFlag("dryRun", out var dryRun)) return call.NoFlag("dryRun");
        var file = DocumentJson.ReadReleases(await RequestBody.ReadFileAsync(call.Http), out var unreadable);
        if (file is null) return Reply.Malformed(unreadable!);
        return await ChangeAsync(call, AuditVerb.AddRelease, dryRun, null, (document, _) => AddReleases.Plan(document, file));
    }

    public async Task<Reply> RelocateAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.RelocateRequest, "codebases", "target", "dryRun");
        if (request is null) return malformed!;
        if (request.Codebases is not { } codebases) return Reply.Malformed(new Fault("codebases", "is missing; give the URLs of the folders that hold the packages now"));
        return await ChangeAsync(call, AuditVerb.RelocateRelease, request.DryRun, null, (document, _) => RelocateRelease.Plan(document, call.Route("version"), request.Target, codebases));
    }

    public Task<Reply> BlockAsync(ApiCall call) =>
        BlockAsync(call, AuditVerb.Block, (document, request, stamp) => BlockRelease.Block(document, call.Route("version"), request.Target, request.Reason, stamp));

    public Task<Reply> UnblockAsync(ApiCall call) =>
        BlockAsync(call, AuditVerb.Unblock, (document, request, _) => BlockRelease.Unblock(document, call.Route("version"), request.Target, request.Reason));

    public async Task<Reply> RemoveAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.RemoveRequest, "target", "dryRun");
        if (request is null) return malformed!;
        return await ChangeAsync(call, AuditVerb.RemoveRelease, request.DryRun, null, (document, _) => RemoveRelease.Plan(document, call.Route("version"), request.Target));
    }

    private async Task<Reply> BlockAsync(ApiCall call, AuditVerb verb, Func<AppDocument, BlockRequest, Stamp, Outcome<ReleasePlan>> operation)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.BlockRequest, "target", "reason", "dryRun");
        if (request is null) return malformed!;
        return await ChangeAsync(call, verb, request.DryRun, request.Reason, (document, stamp) => operation(document, request, stamp));
    }

    private Task<Reply> ChangeAsync(ApiCall call, AuditVerb verb, bool dryRun, string? reason, Func<AppDocument, Stamp, Outcome<ReleasePlan>> operation)
    {
        return verb == AuditVerb.Block ? writer.BrakePartAsync(call, dryRun, operation, Note, Done) : writer.ChangeAppAsync(call, dryRun, operation, Note, Done);

        ChangeNote Note(ReleasePlan plan) => new(verb, plan.App, $"{plan.App} {string.Join(", ", plan.Releases.Where(static step => step.Change != ReleaseChange.Unchanged).Select(static step => step.Name))}", reason);
        Reply Done(ReleasePlan plan, long revision) => Reply.Ok(new ReleaseReply(dryRun, revision, plan.App, plan.Releases), ApiJson.Readable.ReleaseReply);
    }

    private static Reply Answer(AppDocument document, Outcome<IReadOnlyList<ReleaseView>> outcome) => outcome.Plan is { } releases
        ? Reply.Ok(new ReleaseListReply(document.App!, releases), ApiJson.Readable.ReleaseListReply)
        : Reply.Problem(outcome.IsUnknown ? 404 : 422, outcome.Faults);
}
