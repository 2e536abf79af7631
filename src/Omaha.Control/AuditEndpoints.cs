using System.Globalization;
using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>What was done and by whom, and what differs between two states of the catalogue.</summary>
internal sealed class AuditEndpoints(CatalogStore store, AuditStore audit, TimeProvider time)
{
    public static readonly QueryKey[] ListKeys =
    [
        new("app", "Only what changed this app"),
        new("since", "Only from this moment on: a date, or a length of time before now such as 7d"),
        new("before", "Only entries with numbers below this one; next of the last answer goes here"),
        new("limit", "At most so many entries, 1 to 1000; 100 when it is not given"),
    ];

    public static readonly QueryKey[] DiffKeys =
    [
        new("from", "The revision to compare from"),
        new("to", "The revision to compare to"),
        new("app", "Only this app"),
    ];

    private const int MostEntries = 1000;
    private const int MostApps = 500;
    private const int MostDifferences = 500;

    public async Task<Reply> ListAsync(ApiCall call)
    {
        var query = call.Http.Request.Query;
        var faults = new List<Fault>();
        var app = (string?)query["app"];
        if (app is not null && AppKey.Of(app) is null) faults.Add(new Fault("app", $"\"{app}\" is no app id"));
        var before = Number(query["before"], "before", long.MaxValue, long.MaxValue, faults);
        var limit = (int)Number(query["limit"], "limit", 100, MostEntries, faults);
        var since = Since(query["since"], faults);
        if (faults.Count > 0) return Reply.Problem(400, faults);

        // One more than is told, to know whether there are more.
        var cancel = call.Http.RequestAborted;
        var found = app is null ? await audit.ReadAsync(before, limit + 1, cancel) : await audit.ReadOfAppAsync(app, before, limit + 1, cancel);
        var entries = found.TakeWhile(entry => entry.At >= since).ToList();
        var next = entries.Count > limit ? entries[limit - 1].Number.ToString(CultureInfo.InvariantCulture) : null;
        return Reply.Ok(new AuditReply([.. entries.Take(limit)], next), ApiJson.Readable.AuditReply);
    }

    public async Task<Reply> DiffAsync(ApiCall call)
    {
        var query = call.Http.Request.Query;
        var faults = new List<Fault>();
        if ((string?)query["from"] is null) faults.Add(new Fault("from", "is missing; name the revision to compare from"));
        if ((string?)query["to"] is null) faults.Add(new Fault("to", "is missing; name the revision to compare to"));
        var from = Number(query["from"], "from", 0, long.MaxValue, faults, least: 0);
        var to = Number(query["to"], "to", 0, long.MaxValue, faults, least: 0);
        var only = (string?)query["app"] is { } id ? AppKey.Of(id) : null;
        if ((string?)query["app"] is { } app && only is null) faults.Add(new Fault("app", $"\"{app}\" is no app id"));
        if (faults.Count > 0) return Reply.Problem(400, faults);

        var cancel = call.Http.RequestAborted;
        if (await audit.FindAsync(from, cancel) is not { } one) return await NotRecordedAsync("from", from, cancel);
        if (await audit.FindAsync(to, cancel) is not { } other) return await NotRecordedAsync("to", to, cancel);

        var ids = only is not null ? [only] : await ChangedAsync(Math.Min(one.Number, other.Number), Math.Max(one.Number, other.Number), cancel);
        var apps = new List<AppDiffReply>();
        foreach (var key in ids.Take(MostApps))
        {
            if (await DiffAsync(key, one.Number, other.Number, cancel) is { } difference) apps.Add(difference);
        }

        IReadOnlyList<string> brakes = await audit.ReadBrakesAsync(one.Number, cancel) is { } was && await audit.ReadBrakesAsync(other.Number, cancel) is { } now ? [.. BrakesDifferences.Between(was, now)] : ["not recorded"];
        return Reply.Ok(
            new DiffReply(new MomentReply(one.Revision, one.At), new MomentReply(other.Revision, other.At), apps, Math.Max(0, ids.Count - MostApps), brakes),
            ApiJson.Readable.DiffReply);
    }

    /// <summary>Null when the app was the same.</summary>
    private async Task<AppDiffReply?> DiffAsync(string id, long from, long to, CancellationToken cancel)
    {
        var (before, after) = (await audit.ReadDocumentAsync(id, from, cancel), await audit.ReadDocumentAsync(id, to, cancel));
        if (!before.IsRecorded || !after.IsRecorded) return new AppDiffReply(id, IsRecorded: false, null, null, []);
        var (was, now) = (Digest(before.Json), Digest(after.Json));
        return was == now ? null : new AppDiffReply(id, IsRecorded: true, was, now, [.. AppDifferences.Between(Read(before.Json), Read(after.Json)).Take(MostDifferences)]);
    }

    private async Task<IReadOnlyCollection<string>> ChangedAsync(long after, long last, CancellationToken cancel)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var entry in audit.ReadForwardAsync(after, last, cancel))
        {
            ids.UnionWith(entry.Apps.Select(static app => app.App));
            if (entry.FurtherApps > 0) ids.UnionWith(await audit.ReadAuditedAppsAsync(cancel).ToListAsync(cancel));
        }

        return ids;
    }

    private async Task<Reply> NotRecordedAsync(string key, long revision, CancellationToken cancel)
    {
        var head = await store.ReadHeadAsync(cancel);
        var first = await audit.ReadFirstAsync(cancel);
        return Reply.Problem(404, [new Fault(key, $"revision {revision} is not recorded; {(first is null ? "nothing is" : $"the audit goes back to revision {first.Revision}, and the catalogue is at {head.Version.Revision}")}")]);
    }

    private DateTimeOffset Since(string? text, List<Fault> faults)
    {
        if (text is null) return DateTimeOffset.MinValue;
        if (Duration.TryParse(text, out var length)) return time.GetUtcNow() - length;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)) return at;
        faults.Add(new Fault("since", $"\"{text}\" is no moment; give a date such as 2030-12-31, or a length of time before now such as 12h or 7d"));
        return default;
    }

    private static long Number(string? text, string key, long fallback, long most, List<Fault> faults, long least = 1)
    {
        if (text is null) return fallback;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        faults.Add(new Fault(key, $"\"{text}\" is no number {(most == long.MaxValue ? $"from {least}" : $"from {least} to {most}")}"));
        return fallback;
    }

    private static string? Digest(byte[]? document) => document is null ? null : DocumentDigest.Of(document);

    private static AppDocument? Read(byte[]? document) => document is null ? null : DocumentJson.ReadApp(document, out _);
}
