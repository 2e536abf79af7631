using Omaha.Catalog;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>A document as it was at some time.</summary>
/// <param name="IsRecorded">False: the time is before what the audit still keeps, or the document was written by something else than the control plane.</param>
/// <param name="Json">The document; null when there was none, or nothing is recorded.</param>
public readonly record struct PastDocument(bool IsRecorded, byte[]? Json)
{
    public static PastDocument NotRecorded { get; }
}

/// <summary>What the audit holds: who did what, and how every document was after it. Entries are added by the scripts that make the changes.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> when the store cannot be reached or refuses.</remarks>
public sealed class AuditStore(StoreConnection connection)
{
    /// <summary>Entries read by one command; each may name 500 apps.</summary>
    private const int PageSize = 100;

    private const int FormsPageSize = 16;

    /// <summary>The newest entry; null for a store that nothing was done to.</summary>
    public async Task<AuditEntry?> ReadLastAsync(CancellationToken cancel = default) => await ReadAsync(long.MaxValue, 1, cancel) is [var last] ? last : null;

    /// <summary>The oldest entry that is still kept.</summary>
    public async Task<AuditEntry?> ReadFirstAsync(CancellationToken cancel = default) =>
        Parse(await connection.ReadAsync(static store => store.SortedSetRangeByRankAsync(CatalogKeys.Audit, 0, 0), cancel)).FirstOrDefault();

    /// <summary>Entries with numbers below a given one, the newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(long before, int count, CancellationToken cancel = default) =>
        Parse(await connection.ReadAsync(store => store.SortedSetRangeByScoreAsync(CatalogKeys.Audit, double.NegativeInfinity, before, Exclude.Stop, Order.Descending, 0, count), cancel));

    /// <summary>Entries with numbers below a given one that changed a certain app, by its id in any spelling, the newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadOfAppAsync(string id, long before, int count, CancellationToken cancel = default)
    {
        var forms = CatalogKeys.Forms(CatalogKeys.Normalize(id));
        var found = await connection.ReadAsync(store => store.SortedSetRangeByScoreWithScoresAsync(forms, double.NegativeInfinity, before, Exclude.Stop, Order.Descending, 0, count), cancel);
        var lines = await connection.ReadAsync(store => Task.WhenAll(found.Select(form => store.SortedSetRangeByScoreAsync(CatalogKeys.Audit, form.Score, form.Score))), cancel);
        return Parse([.. lines.SelectMany(static line => line)]);
    }

    /// <summary>Entries in the order in which they were made, from the one after a number up to another, read page by page.</summary>
    public async IAsyncEnumerable<AuditEntry> ReadForwardAsync(long after, long last, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        while (after < last)
        {
            var from = after;
            var page = Parse(await connection.ReadAsync(store => store.SortedSetRangeByScoreAsync(CatalogKeys.Audit, from, last, Exclude.Start, take: PageSize), cancel));
            if (page.Count == 0) yield break;
            foreach (var entry in page) yield return entry;
            after = page[^1].Number;
        }
    }

    /// <summary>The last entry at a revision of the catalogue; null when the revision is not recorded.</summary>
    public async Task<AuditEntry?> FindAsync(long revision, CancellationToken cancel = default) =>
        await FindLastAsync(entry => entry.Revision <= revision, cancel) is { } entry && entry.Revision == revision ? entry : null;

    /// <summary>The last entry up to a moment; null when nothing that old is recorded.</summary>
    /// <remarks>Exact as far as the clocks of the control planes agree.</remarks>
    public Task<AuditEntry?> FindAsync(DateTimeOffset at, CancellationToken cancel = default) => FindLastAsync(entry => entry.At <= at, cancel);

    /// <summary>An app's document, by its id in any spelling, as it was after the entry with a certain number.</summary>
    public async Task<PastDocument> ReadDocumentAsync(string id, long number, CancellationToken cancel = default)
    {
        var key = CatalogKeys.Normalize(id);
        var past = await ReadFormAsync(CatalogKeys.Forms(key), number, cancel);
        if (past is not null) return past.Value;

        // Nothing up to then: the first form after it tells whether there was nothing, or something unrecorded.
        var later = await connection.ReadAsync(store => store.SortedSetRangeByRankAsync(CatalogKeys.Forms(key), 0, 0), cancel);
        var existed = later.Length > 0 ? ParseForm(later[0]) is not { Kind: AuditForm.Created } : await connection.ReadAsync(store => store.KeyExistsAsync(CatalogKeys.App(key)), cancel);
        return existed || !await IsKeptAsync(number, cancel) ? PastDocument.NotRecorded : new PastDocument(true, null);
    }

    /// <summary>The brakes over all apps as they were after a certain entry of the audit; null when that is not recorded.</summary>
    public async Task<Brakes?> ReadBrakesAsync(long number, CancellationToken cancel = default)
    {
        var past = await ReadFormAsync(CatalogKeys.BrakesForms, number, cancel) ?? new PastDocument(await IsKeptAsync(number, cancel), null);
        if (!past.IsRecorded) return null;
        return past.Json is { } json ? DocumentJson.ReadBrakes(json, out _) : Brakes.None;
    }

    /// <summary>
    /// Forgets entries that were made before a moment, and the forms of documents that only they needed. The newest entry always stays. Nothing is
    /// forgotten in a store without a head, or once another history took the place of the one that was looked at.
    /// </summary>
    /// <returns>How many entries were forgotten.</returns>
    public async Task<int> TrimAsync(DateTimeOffset horizon, CancellationToken cancel = default)
    {
        var forgotten = 0;
        var epoch = (await new CatalogStore(connection).ReadHeadAsync(cancel)).Version.Epoch;
        while (true)
        {
            var page = Parse(await connection.ReadAsync(static store => store.SortedSetRangeByRankAsync(CatalogKeys.Audit, 0, PageSize), cancel));
            var old = page.Take(page.Count - 1).TakeWhile(entry => entry.At < horizon).ToList();
            if (old.Count == 0 || epoch.Length == 0) return forgotten;

            var last = old[^1].Number;
            if (!await TrimFormsAsync(epoch, [CatalogKeys.BrakesForms], [""], last)) return forgotten;
            var apps = old.Exists(static entry => entry.FurtherApps > 0) ? ReadAuditedAppsAsync(cancel) : old.SelectMany(static entry => entry.Apps).Select(static app => app.App).Distinct(StringComparer.Ordinal).ToAsyncEnumerable();
            await foreach (var ids in apps.Chunk(PageSize).WithCancellation(cancel))
            {
                if (!await TrimFormsAsync(epoch, Array.ConvertAll(ids, CatalogKeys.Forms), ids, last)) return forgotten;
            }

            // Last, so that what was begun is begun again after a failure.
            if ((int)await connection.RunAsync(CatalogScripts.TrimEntries, [CatalogKeys.Head, CatalogKeys.Audit], [epoch, last]) != 1) return forgotten;
            forgotten += old.Count;
        }
    }

    /// <summary>The normalised ids of all apps that have recorded forms.</summary>
    public async IAsyncEnumerable<string> ReadAuditedAppsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        var last = RedisValue.Null;
        while (true)
        {
            var after = last;
            var page = await connection.ReadAsync(store => store.SortedSetRangeByValueAsync(CatalogKeys.AuditedApps, after, default, Exclude.Start, Order.Ascending, 0, PageSize), cancel);
            if (page.Length == 0) yield break;
            foreach (var id in page) yield return id.ToString();
            last = page[^1];
        }
    }

    private static List<AuditEntry> Parse(RedisValue[] lines) => [.. lines.Select(static line => AuditLine.Parse((byte[])line!)).OfType<AuditEntry>()];

    private static AuditForm? ParseForm(RedisValue member) =>
        (byte[]?)member is { } bytes && AuditLine.TryNumber(bytes, out _, out var rest) ? AuditForm.Parse(bytes.AsMemory(bytes.Length - rest.Length)) : null;

    private async Task<bool> TrimFormsAsync(string epoch, RedisKey[] forms, string[] ids, long number) =>
        (int)await connection.RunAsync(CatalogScripts.TrimForms, [CatalogKeys.Head, CatalogKeys.AuditedApps, .. forms], [epoch, number, .. ids.Select(static id => (RedisValue)id)]) == 1;

    /// <summary>Whether the state after an entry is still told. The state before the oldest entry is that after the one before it.</summary>
    private async Task<bool> IsKeptAsync(long number, CancellationToken cancel) => await ReadFirstAsync(cancel) is { } first && number >= first.Number - 1;

    /// <summary>Null when there is no form up to then.</summary>
    private async Task<PastDocument?> ReadFormAsync(RedisKey key, long number, CancellationToken cancel)
    {
        var forms = new Stack<AuditForm>();
        while (forms.Count == 0 || !forms.Peek().StandsAlone)
        {
            var page = await connection.ReadAsync(store => store.SortedSetRangeByScoreAsync(key, double.NegativeInfinity, number, Exclude.None, Order.Descending, forms.Count, FormsPageSize), cancel);
            if (page.Length == 0) return forms.Count == 0 ? null : PastDocument.NotRecorded;
            foreach (var member in page)
            {
                if (ParseForm(member) is not { } form) return PastDocument.NotRecorded;
                forms.Push(form);
                if (form.StandsAlone) break;
            }
        }

        if (!await IsKeptAsync(number, cancel)) return PastDocument.NotRecorded;
        byte[]? document = null;
        while (forms.TryPop(out var form))
        {
            if (form.Kind == AuditForm.Deleted) return new PastDocument(true, null);
            document = form.Decode(document);
            if (document is null) return PastDocument.NotRecorded;
        }

        return new PastDocument(true, document);
    }

    /// <summary>The last entry for which something holds that holds for all entries before it; null when it holds for none.</summary>
    private async Task<AuditEntry?> FindLastAsync(Func<AuditEntry, bool> holds, CancellationToken cancel)
    {
        if (await ReadFirstAsync(cancel) is not { } found || await ReadLastAsync(cancel) is not { } last || !holds(found)) return null;
        if (holds(last)) return last;
        var (low, high) = (found.Number, last.Number);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (await ReadAsync(middle + 1, 1, cancel) is not [var entry] || entry.Number <= low) return found;
            if (holds(entry)) (found, low) = (entry, entry.Number);
            else high = entry.Number;
        }

        return found;
    }
}
