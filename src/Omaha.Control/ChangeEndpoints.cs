using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>What can be changed through the API that is about the catalogue as a whole: applying a file, the brakes over all apps, accepting a store.</summary>
internal sealed partial class ChangeEndpoints(CatalogStore store, CatalogWriter writer, TimeProvider time, ILogger<ChangeEndpoints> log)
{
    public async Task<Reply> ApplyAsync(ApiCall call)
    {
        if (!call.TryReadFlag("dryRun", out var dryRun)) return call.NoFlag("dryRun");
        if (!TryReadRevision(call, out var seen, out var malformed)) return malformed;
        var prune = call.Http.Request.Query["prune"].OfType<string>().ToList();
        var file = DocumentJson.ReadFile(await RequestBody.ReadFileAsync(call.Http), out var unreadable);
        if (file is null) return Reply.Malformed(unreadable!);

        var head = await store.ReadHeadAsync();
        if (head.Version.IsNone) return CatalogWriter.Lost();
        if (seen is not null && seen != head.Version.Revision) return Reply.Problem(409, $"the catalogue is at revision {head.Version.Revision}, not at {seen}, so what the file would change may not be what was looked at; look again with a dry run");
        var outcome = ApplyFile.Plan(file, await ReadExistingAsync(file), prune, new Stamp(time.GetUtcNow(), call.By) { Brakes = head.Brakes });
        if (outcome.Plan is not { } plan) return Reply.Problem(422, outcome.Faults);

        var change = new CatalogChange
        {
            Expected = head.Version,
            Written = [.. plan.Apps.Where(static app => app.Document is not null).Select(static app => app.Document!)],
            Deleted = [.. plan.Apps.Where(static app => app.Change == AppChange.Deleted).Select(static app => app.App)],
        };
        if (change.Written.Count + change.Deleted.Count is > CatalogChange.MaxApps and var count) return Reply.Problem(422, [new Fault("apps", $"{count} apps would change at once; at most {CatalogChange.MaxApps} can, so split the file and apply its parts one by one")]);

        var changed = plan.Apps.Where(static app => app.Change != AppChange.Unchanged).ToList();
        var note = new ChangeNote(AuditVerb.Apply, changed.Count == 1 ? changed[0].App : null, $"({change.Written.Count} written, {change.Deleted.Count} deleted)");
        return await writer.CommitAsync(call, note, dryRun, change, revision => Reply.Ok(new ApplyReply(dryRun, revision, plan.Apps), ApiJson.Readable.ApplyReply));
    }

    public async Task<Reply> PauseAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.PauseRequest, "reason");
        if (request is null) return malformed!;
        return await writer.BrakeAsync(call, new ChangeNote(AuditVerb.Pause, null, "all", request.Reason), (brakes, stamp) => PauseEverything.Pause(brakes, request.Reason, stamp));
    }

    public async Task<Reply> ResumeAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.PauseRequest, "reason");
        return request is null ? malformed! : await writer.BrakeAsync(call, new ChangeNote(AuditVerb.Resume, null, "all", request.Reason), PauseEverything.Resume);
    }

    public async Task<Reply> BrakePollingAsync(ApiCall call)
    {
        var (request, malformed) = await RequestBody.ReadAsync(call.Http, ApiJson.Default.PollBrakeRequest, "seconds", "reason");
        if (request is null) return malformed!;
        var interval = request.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var details = interval is { } length ? Duration.Text(length) : "off";
        return await writer.BrakeAsync(call, new ChangeNote(AuditVerb.BrakePolling, null, details, request.Reason), (brakes, stamp) => BrakePolling.Set(brakes, interval, request.Reason, stamp));
    }

    public async Task<Reply> AcceptAsync(ApiCall call)
    {
        if (!call.TryReadFlag("empty", out var empty)) return call.NoFlag("empty");
        var head = await store.ReadHeadAsync();
        if (head.Version.IsNone) return CatalogWriter.Lost();
        var apps = 0;
        await foreach (var _ in store.ReadAllIdsAsync()) apps++;
        if (apps == 0 && !empty) return Reply.Problem(422, [new Fault("store", "holds no apps: accepted, it would make every server answer every machine that its app is unknown. Restore a backup or apply the catalogue first; where an empty store is meant, use omahactl store accept --empty")]);

        await store.AcceptAsync(new AuditRecord(AuditVerb.AcceptStore, call.Actor, time.GetUtcNow()) { Details = $"revision {head.Version.Revision} of epoch {head.Version.Epoch}, {apps} {(apps == 1 ? "app" : "apps")}" });
        LogAccepted(call.By, head.Version.Revision);
        return Reply.Ok(new AcceptReply(new StoreReply(head.Version.Epoch, head.Version.Revision, head.Version.ChangeId), apps), ApiJson.Readable.AcceptReply);
    }

    /// <summary>The revision that the caller has looked at; null when the query names none.</summary>
    private static bool TryReadRevision(ApiCall call, out long? revision, [NotNullWhen(false)] out Reply? malformed)
    {
        (revision, malformed) = (null, null);
        if (!call.Http.Request.Query.TryGetValue("revision", out var given)) return true;
        if (long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) revision = number;
        else malformed = Reply.Malformed(new Fault("revision", $"\"{given}\" is no revision; write the number that a dry run or omahactl status shows"));
        return malformed is null;
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

    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "{By}: store accept; the catalogue is at revision {Revision}.")]
    private partial void LogAccepted(string by, long revision);
}
