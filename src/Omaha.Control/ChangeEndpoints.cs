using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>What can be changed through the API. Every change is planned on documents, then written only if the store is still as it was read.</summary>
internal sealed partial class ChangeEndpoints(CatalogStore store, TimeProvider time, ILogger<ChangeEndpoints> log)
{
    /// <summary>How often a brake is tried again when other changes come between. It depends on none of them, so it must not lose to them.</summary>
    private const int BrakeAttempts = 100;

    public async Task<Reply> ApplyAsync(ApiCall call)
    {
        if (!TryReadFlag(call, "dryRun", out var dryRun)) return Reply.Malformed(new Fault("dryRun", $"\"{call.Http.Request.Query["dryRun"]}\" is no flag; write ?dryRun, ?dryRun=true or ?dryRun=false"));
        var prune = call.Http.Request.Query["prune"].OfType<string>().ToList();
        var file = DocumentJson.ReadFile(await RequestBody.ReadFileAsync(call.Http), out var unreadable);
        if (file is null) return Reply.Malformed(unreadable!);

        var head = await store.ReadHeadAsync();
        if (head.Version.IsNone) return Lost();
        var outcome = ApplyFile.Plan(file, await ReadExistingAsync(file), prune);
        if (outcome.Plan is not { } plan) return Reply.Problem(422, outcome.Faults);

        var change = new CatalogChange
        {
            Expected = head.Version,
            Written = [.. plan.Apps.Where(static app => app.Document is not null).Select(static app => app.Document!)],
            Deleted = [.. plan.Apps.Where(static app => app.Change == AppChange.Deleted).Select(static app => app.App)],
        };
        if (change.Written.Count + change.Deleted.Count is > CatalogChange.MaxApps and var count) return Reply.Problem(422, [new Fault("apps", $"{count} apps would change at once; at most {CatalogChange.MaxApps} can, so split the file and apply its parts one by one")]);

        return await CommitAsync(call, $"apply ({change.Written.Count} written, {change.Deleted.Count} deleted)", dryRun || change.Written.Count + change.Deleted.Count == 0, change, revision =>
            Reply.Ok(new ApplyReply(dryRun, revision, plan.Apps), ApiJson.Readable.ApplyReply));
    }

    public async Task<Reply> PromoteAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.PromoteRequest, "from", "target", "dryRun");
        if (request is null) return malformed!;
        if (request.From is not { } from) return Reply.Malformed(new Fault("from", "is missing; name the channel whose release is promoted"));
        var to = call.Route("channel");
        return await MoveAsync(call, "promote", request.DryRun, (document, stamp) => PromoteRelease.Plan(document, from, to, request.Target, stamp));
    }

    public async Task<Reply> SetAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.SetRequest, "version", "target", "dryRun");
        if (request is null) return malformed!;
        if (request.Version is not { } version) return Reply.Malformed(new Fault("version", "is missing; name the version that the channel is to point to"));
        var channel = call.Route("channel");
        return await MoveAsync(call, "set", request.DryRun, (document, stamp) => SetRelease.Plan(document, channel, version, request.Target, stamp));
    }

    public async Task<Reply> PauseAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.PauseRequest, "reason");
        if (request is null) return malformed!;
        return await BrakeAsync(call, "pause all", brakes => PauseEverything.Pause(brakes, request.Reason, Stamp(call)));
    }

    public async Task<Reply> ResumeAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.PauseRequest, "reason");
        return request is null ? malformed! : await BrakeAsync(call, "resume all", static brakes => PauseEverything.Resume(brakes));
    }

    public async Task<Reply> AcceptAsync(ApiCall call)
    {
        if (!TryReadFlag(call, "empty", out var empty)) return Reply.Malformed(new Fault("empty", $"\"{call.Http.Request.Query["empty"]}\" is no flag; write ?empty, ?empty=true or ?empty=false"));
        var head = await store.ReadHeadAsync();
        if (head.Version.IsNone) return Lost();
        var apps = 0;
        await foreach (var _ in store.ReadAllIdsAsync()) apps++;
        if (apps == 0 && !empty) return Reply.Problem(422, [new Fault("store", "holds no apps: accepted, it would make every server answer every machine that its app is unknown. Restore a backup or apply the catalogue first; where an empty store is meant, use omahactl store accept --empty")]);

        await store.AcceptAsync();
        LogChange(call.By, "store accept", head.Version.Revision);
        return Reply.Ok(new AcceptReply(new StoreReply(head.Version.Epoch, head.Version.Revision, head.Version.ChangeId), apps), ApiJson.Readable.AcceptReply);
    }

    /// <summary>Every app, for clashes of ids; of those that the file does not name only what a clash needs, since a catalogue may be large.</summary>
    private async Task<List<ExistingApp>> ReadExistingAsync(CatalogFile file)
    {
        var named = (file.Apps ?? []).Select(static app => app?.App is { } id ? AppKey.Of(id) : null).ToHashSet(StringComparer.Ordinal);
        var existing = new List<ExistingApp>();
        await foreach (var app in store.ReadAllAsync())
        {
            var document = app.Document is null || named.Contains(app.Id) ? app.Document : new AppDocument { App = app.Document.App, Spec = new AppSpec { Aliases = app.Document.Spec?.Aliases } };
            existing.Add(new ExistingApp(app.Id, document));
        }

        return existing;
    }

    private async Task<Reply> MoveAsync(ApiCall call, string verb, bool dryRun, Func<AppDocument, Stamp, Outcome<ChannelPlan>> operation)
    {
        var id = call.Route("id");
        var head = await store.ReadHeadAsync();
        if (head.Version.IsNone) return Lost();
        if (await store.FindAsync(id) is not { } app) return await store.UnknownAppAsync(id);
        if (app.Document is not { } document) return Reply.Problem(422, [app.Fault!]);

        var outcome = operation(document, Stamp(call));
        if (outcome.Plan is not { } plan) return Reply.Problem(outcome.IsUnknown ? 404 : 422, outcome.Faults);
        var change = new CatalogChange { Expected = head.Version, Written = plan.Document is null ? [] : [plan.Document] };
        var moved = plan.Moves.Where(static move => move.Change == ChannelChange.Moved).Select(static move => $"{move.Version} for {move.Target}");
        return await CommitAsync(call, $"{verb} {plan.Channel} of {plan.App} to {string.Join(", ", moved)}", dryRun || plan.Document is null, change, revision =>
            Reply.Ok(new ChannelReply(dryRun, revision, plan.App, plan.Channel, plan.Moves), ApiJson.Readable.ChannelReply));
    }

    /// <summary>Writes a planned change; a dry run and a plan without effect are answered in the same words, and write nothing.</summary>
    private async Task<Reply> CommitAsync(ApiCall call, string verb, bool writesNothing, CatalogChange change, Func<long, Reply> done)
    {
        if (writesNothing) return done(change.Expected.Revision);
        try
        {
            var result = await store.WriteAsync(change);
            if (!result.IsCommitted) return Conflict(change.Expected, result.Version);
            LogChange(call.By, verb, result.Version.Revision);
            return done(result.Version.Revision);
        }
        catch (ArgumentException limit)
        {
            // Only the limits of one change are left to break here, such as the size of all its documents together.
            return Reply.Problem(422, [new Fault("apps", limit.Message)]);
        }
    }

    private async Task<Reply> BrakeAsync(ApiCall call, string verb, Func<Brakes, Outcome<Brakes>> operation)
    {
        for (var attempt = 0; attempt < BrakeAttempts; attempt++)
        {
            var head = await store.ReadHeadAsync();
            // A brake must work on a store that was emptied, too: servers that kept the last good catalogue honour it.
            var expected = head.Version.IsNone ? await store.InitializeAsync() : head.Version;
            if (expected.IsNone) return Lost();

            // Brakes that cannot be read count as a pause, but one that nobody set: it is not kept.
            var last = head.Brakes.PauseAll?.By == StoreHead.UnreadableBrakes ? Brakes.None : head.Brakes;
            var outcome = operation(last);
            if (outcome.Plan is not { } brakes) return Reply.Problem(422, outcome.Faults);
            if (ReferenceEquals(brakes, head.Brakes)) return Reply.Ok(new BrakesReply(false, expected.Revision, brakes), ApiJson.Readable.BrakesReply);

            var result = await store.WriteAsync(new CatalogChange { Expected = expected, Brakes = brakes });
            if (!result.IsCommitted) continue;
            LogChange(call.By, verb, result.Version.Revision);
            return Reply.Ok(new BrakesReply(true, result.Version.Revision, brakes), ApiJson.Readable.BrakesReply);
        }

        return Reply.Problem(409, $"other changes came between {BrakeAttempts} times; try again");
    }

    private Stamp Stamp(ApiCall call) => new(time.GetUtcNow(), call.By);

    private static bool TryReadFlag(ApiCall call, string key, out bool value)
    {
        value = false;
        if (!call.Http.Request.Query.TryGetValue(key, out var given)) return true;
        value = given.Count == 1 && (given[0] is "" || (bool.TryParse(given[0], out var flag) && flag));
        return given.Count == 1 && (given[0] is "" || bool.TryParse(given[0], out _));
    }

    private static Reply Conflict(StoreVersion expected, StoreVersion found) => found.IsNone ? Lost() : Reply.Problem(409, expected.Epoch == found.Epoch
        ? $"the catalogue moved from revision {expected.Revision} to {found.Revision} while this change was prepared; try again"
        : $"the store was replaced (epoch {expected.Epoch} became {found.Epoch}) while this change was prepared; look at omahactl status and try again");

    private static Reply Lost() => Reply.Problem(409, "the store has no epoch, so it lost its data; servers keep what they know. Restore a backup; or restart the control plane to begin anew, declare the apps again, and then run omahactl store accept");

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "{By}: {Verb}; the catalogue is at revision {Revision}.")]
    private partial void LogChange(string by, string verb, long revision);
}
