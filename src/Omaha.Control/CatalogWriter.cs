using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>
/// The one way in which the API changes the catalogue: a change is planned on what was read, then written only if the store is still as it
/// was read.
/// </summary>
internal sealed partial class CatalogWriter(CatalogStore store, TimeProvider time, ILogger<CatalogWriter> log)
{
    /// <summary>How often a brake is tried again when other changes come between. It depends on none of them, so it must not lose to them.</summary>
    private const int BrakeAttempts = 100;

    /// <summary>Changes one app.</summary>
    /// <param name="call">Whose change it is; its route names the app.</param>
    /// <param name="dryRun">True: only what would be done is answered.</param>
    /// <param name="operation">Plans the change on the app as it is stored.</param>
    /// <param name="note">What the planned change is on record.</param>
    /// <param name="done">The answer, by the plan and the revision that the catalogue is at then.</param>
    public async Task<Reply> ChangeAppAsync<TPlan>(ApiCall call, bool dryRun, Func<AppDocument, Stamp, Outcome<TPlan>> operation, Func<TPlan, ChangeNote> note, Func<TPlan, long, Reply> done) where TPlan : class, IAppChange
    {
        var id = call.Route("id");
        var head = await store.ReadHeadAsync();
        if (head.Version.IsNone) return Lost();
        if (await store.FindAsync(id) is not { } app) return await store.UnknownAppAsync(id);
        if (app.Document is not { } document) return Reply.Problem(422, [app.Fault!]);

        var outcome = operation(document, Stamp(call) with { Brakes = head.Brakes });
        if (outcome.Plan is not { } plan) return Reply.Problem(outcome.IsUnknown ? 404 : 422, outcome.Faults);
        var change = new CatalogChange { Expected = head.Version, Written = plan.Document is { } next ? [next] : [] };
        return await CommitAsync(call, note(plan), dryRun, change, revision => done(plan, revision));
    }

    /// <summary>Changes a brake on a part of the catalogue (a pause, a halt, a block): tried again when other changes come between, since it depends on none of them.</summary>
    public async Task<Reply> BrakePartAsync<TPlan>(ApiCall call, bool dryRun, Func<AppDocument, Stamp, Outcome<TPlan>> operation, Func<TPlan, ChangeNote> note, Func<TPlan, long, Reply> done) where TPlan : class, IAppChange
    {
        for (var attempt = 1; ; attempt++)
        {
            var reply = await ChangeAppAsync(call, dryRun, operation, note, done);
            if (reply.Status != StatusCodes.Status409Conflict || attempt == BrakeAttempts || (await store.ReadHeadAsync()).Version.IsNone) return reply;
        }
    }

    /// <summary>Writes a planned change; a dry run and a change without effect are answered in the same words, and write nothing.</summary>
    public async Task<Reply> CommitAsync(ApiCall call, ChangeNote note, bool dryRun, CatalogChange change, Func<long, Reply> done)
    {
        if (note.Verb.Check(note.Reason) is { } noReason) return Reply.Problem(422, [noReason]);
        if (dryRun || change.IsEmpty) return done(change.Expected.Revision);
        try
        {
            var result = await WriteAsync(call, note, change);
            return result.IsCommitted ? done(result.Version.Revision) : Conflict(change.Expected, result.Version);
        }
        catch (ArgumentException limit)
        {
            // Only the limits of one change are left to break here, such as the size of all its documents together.
            return Reply.Problem(422, [new Fault("apps", limit.Message)]);
        }
    }

    /// <summary>Changes the brakes over all apps, which must work whatever else is being changed.</summary>
    public async Task<Reply> BrakeAsync(ApiCall call, ChangeNote note, Func<Brakes, Stamp, Outcome<Brakes>> operation)
    {
        if (note.Verb.Check(note.Reason) is { } noReason) return Reply.Problem(422, [noReason]);
        for (var attempt = 0; attempt < BrakeAttempts; attempt++)
        {
            var head = await store.ReadHeadAsync();

            // Brakes that cannot be read count as a pause, but one that nobody set: it is not kept.
            var last = head.Brakes.PauseAll?.By == StoreHead.UnreadableBrakes ? Brakes.None : head.Brakes;
            var outcome = operation(last, Stamp(call));
            if (outcome.Plan is not { } brakes) return Reply.Problem(422, outcome.Faults);
            if (ReferenceEquals(brakes, head.Brakes)) return Reply.Ok(new BrakesReply(false, head.Version.Revision, brakes), ApiJson.Readable.BrakesReply);

            // A brake must work on a store that was emptied, too: servers that kept the last good catalogue honour it.
            var result = head.Version.IsNone ? await BrakeLostAsync(call, note, brakes) : await WriteAsync(call, note, new CatalogChange { Expected = head.Version, Brakes = brakes });
            if (result.IsCommitted) return Reply.Ok(new BrakesReply(true, result.Version.Revision, brakes), ApiJson.Readable.BrakesReply);
        }

        return Reply.Problem(409, $"other changes came between {BrakeAttempts} times; try again");
    }

    /// <summary>The answer when the store has no epoch.</summary>
    public static Reply Lost() => Reply.Problem(409, "the store has no epoch, so it lost its data; servers keep what they know. Restore a backup, or wait for the restore that is under way, or run it again if it was broken off; or restart the control plane to begin anew, declare the apps again, and then run omahactl store accept");

    /// <summary>Where every change of the API passes.</summary>
    private async Task<WriteResult> WriteAsync(ApiCall call, ChangeNote note, CatalogChange change)
    {
        var result = await store.WriteAsync(change, note.By(call, time.GetUtcNow()));
        if (result.IsCommitted) LogChange(call.By, note.Verb, note.Details, result.Version.Revision);
        return result;
    }

    private async Task<WriteResult> BrakeLostAsync(ApiCall call, ChangeNote note, Brakes brakes)
    {
        if (!await store.BrakeLostAsync(brakes, note.By(call, time.GetUtcNow()))) return default;
        LogChange(call.By, note.Verb, note.Details, 0);
        return new WriteResult(true, StoreVersion.None);
    }

    private Stamp Stamp(ApiCall call) => new(time.GetUtcNow(), call.By);

    private static Reply Conflict(StoreVersion expected, StoreVersion found) => found.IsNone ? Lost() : Reply.Problem(409, expected.Epoch == found.Epoch
        ? $"the catalogue moved from revision {expected.Revision} to {found.Revision} while this change was prepared; try again"
        : $"the store was replaced (epoch {expected.Epoch} became {found.Epoch}) while this change was prepared; look at omahactl status and try again");

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "{By}: {Verb} {Details}; the catalogue is at revision {Revision}.")]
    private partial void LogChange(string by, AuditVerb verb, string details, long revision);
}
