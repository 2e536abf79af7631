using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Omaha.Catalog;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>The catalogue in the store: reads for replicas and the control plane, and the one way to change it.</summary>
/// <remarks>
/// Every method throws <see cref="StoreUnavailableException"/> when the store cannot be reached or refuses. To change what was read: read the
/// head first, then the apps, and give that head as <see cref="CatalogChange.Expected"/>; whatever changed in between is a conflict.
/// </remarks>
public sealed class CatalogStore(StoreConnection connection)
{
    /// <summary>Log entries read by one command; each may name 500 apps.</summary>
    private const int LogPageSize = 100;

    /// <summary>The version, the brakes and the last acceptance, as they were at one moment.</summary>
    public async Task<StoreHead> ReadHeadAsync(CancellationToken cancel = default)
    {
        while (true)
        {
            if (StoreHead.From(await connection.ReadAsync(static store => store.StringGetAsync(StoreHead.Keys), cancel)) is { } head) return head;
        }
    }

    /// <summary>An app's document, by its id in any spelling; null when there is no such app.</summary>
    public Task<byte[]?> ReadAppAsync(string id, CancellationToken cancel = default) => ReadOneAsync(CatalogKeys.App(CatalogKeys.Normalize(id)), cancel);

    /// <summary>An app's document before the last change to it, also when that was its deletion, by its id in any spelling; null when it had none.</summary>
    public Task<byte[]?> ReadPreviousAsync(string id, CancellationToken cancel = default) => ReadOneAsync(CatalogKeys.Previous(CatalogKeys.Normalize(id)), cancel);

    /// <summary>All apps in the order of their normalised ids, read page by page: consistent only if the head is the same before and after.</summary>
    public IAsyncEnumerable<StoredApp> ReadAllAppsAsync(CancellationToken cancel = default) => ReadAllAppsAsync(ReadingPace.AtOnce, cancel);

    /// <inheritdoc cref="ReadAllAppsAsync(CancellationToken)"/>
    /// <param name="pace">How much of the store's time may be taken.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async IAsyncEnumerable<StoredApp> ReadAllAppsAsync(ReadingPace pace, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var size = new PageSize();
        var isFirst = true;
        await foreach (var ids in PagesOfIdsAsync(cancel))
        {
            await foreach (var app in ReadPagesAsync(ids, size, isFirst, pace, cancel)) yield return app;
            isFirst = false;
        }
    }

    /// <summary>The ids of all apps, normalised and in order, read page by page.</summary>
    public async IAsyncEnumerable<string> ReadAllIdsAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var ids in PagesOfIdsAsync(cancel))
        {
            foreach (var id in ids) yield return id;
        }
    }

    /// <summary>The apps with certain normalised ids, page by page, those without a document included.</summary>
    public async IAsyncEnumerable<StoredApp> ReadAppsAsync(IEnumerable<string> normalizedIds, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var size = new PageSize();
        foreach (var ids in normalizedIds.Chunk(PageSize.Most))
        {
            await foreach (var app in ReadPagesAsync(ids, size, isFirst: false, ReadingPace.AtOnce, cancel)) yield return app;
        }
    }

    /// <summary>
    /// What changed from one state to another; null when the log does not lead from the one to the other: it was trimmed, the history
    /// forked, or they are of different epochs.
    /// </summary>
    public async Task<ChangedApps?> ReadChangesAsync(StoreVersion since, StoreVersion until, CancellationToken cancel = default)
    {
        if (since == until) return ChangedApps.None;
        if (since.IsNone || since.Epoch != until.Epoch || until.Revision < since.Revision || until.Revision - since.Revision >= CatalogKeys.ChangesKept) return null;

        HashSet<string> written = new(StringComparer.Ordinal), deleted = new(StringComparer.Ordinal);
        var at = StoreVersion.None;
        while (at != until)
        {
            // The first entry is the one of the state itself: without it nobody knows that this history is ours.
            var next = at.IsNone ? since.Revision : at.Revision + 1;
            var page = await connection.ReadAsync(store => store.SortedSetRangeByScoreAsync(CatalogKeys.Changes, next, until.Revision, take: LogPageSize), cancel);
            if (page.Length == 0) return null;

            foreach (var value in page)
            {
                if (ChangeEntry.Parse(value) is not { } entry) return null;
                if (at.IsNone)
                {
                    if (entry.Revision != since.Revision || entry.ChangeId != since.ChangeId) return null;
                    at = since;
                    continue;
                }

                if (entry.Revision != at.Revision + 1 || entry.Parent != at.ChangeId) return null;
                at = since with { Revision = entry.Revision, ChangeId = entry.ChangeId };
                written.UnionWith(entry.Written);
                written.ExceptWith(entry.Deleted);
                deleted.UnionWith(entry.Deleted);
                deleted.ExceptWith(entry.Written);
            }

            if (at.Revision == until.Revision && at != until) return null;
        }

        return new ChangedApps(written, deleted);
    }

    /// <summary>Makes a change, wholly or not at all, and records it in the audit.</summary>
    /// <param name="change">What is to be changed.</param>
    /// <param name="audit">Who makes it, and why; what it changes is found here.</param>
    /// <exception cref="ArgumentException">The change breaks a limit, names an app twice or by something that is no id, or expects no state; or its verb needs a reason.</exception>
    /// <exception cref="OutcomeUnknownException">The connection was lost after the change was sent.</exception>
    public async Task<WriteResult> WriteAsync(CatalogChange change, AuditRecord audit)
    {
        var (written, deleted) = change.Checked();
        string[] ids = [.. written.Select(static app => app.Id), .. deleted];
        var expected = change.Expected;
        var version = expected with { Revision = expected.Revision + 1, ChangeId = NewId() };
        var entry = new ChangeEntry(version.Revision, version.ChangeId, expected.ChangeId, [.. written.Select(static app => app.Id)], deleted);

        // Read now, after the head: when the head is still the same at the end, so were these.
        var before = await ReadAppsAsync(ids).ToListAsync();
        var audited = AuditedChange.Of(change, audit, before, written, await CountFormsAsync(ids));

        RedisKey[] keys =
        [
            CatalogKeys.Head, CatalogKeys.Brakes, CatalogKeys.Apps, CatalogKeys.Changes,
            CatalogKeys.AuditNumber, CatalogKeys.Audit, CatalogKeys.AuditedApps, CatalogKeys.BrakesForms,
            .. ids.SelectMany(static id => new[] { CatalogKeys.App(id), CatalogKeys.Previous(id), CatalogKeys.Forms(id) }),
        ];
        RedisValue[] arguments =
        [
            expected.ToString(), version.ToString(), change.Brakes is { } brakes ? DocumentJson.Write(brakes) : "",
            version.Revision, entry.ToString(), version.Revision - CatalogKeys.ChangesKept, CatalogKeys.Hint.ToString(), written.Count,
            audited.Entry, audited.BrakesForm,
            .. ids, .. audited.Forms.Select(static form => (RedisValue)form), .. written.Select(static app => (RedisValue)app.Json),
        ];
        var head = StoreHead.ReadVersion(await RunAsync(CatalogScripts.Write, keys, arguments));
        return new WriteResult(head == version, head);
    }

    /// <summary>Sets the brakes of a store without an epoch: servers that keep the last good catalogue honour them.</summary>
    /// <returns>False: the store has an epoch, so that a change is to be made instead.</returns>
    /// <exception cref="OutcomeUnknownException">The connection was lost after the command was sent; it can be repeated.</exception>
    public async Task<bool> BrakeLostAsync(Brakes brakes, AuditRecord audit)
    {
        var (entry, form) = AuditedChange.Of(brakes, audit);
        return (await RunAsync(
            CatalogScripts.Brake,
            [CatalogKeys.Head, CatalogKeys.Brakes, CatalogKeys.AuditNumber, CatalogKeys.Audit, CatalogKeys.BrakesForms],
            [DocumentJson.Write(brakes), entry, form, CatalogKeys.Hint.ToString()])).IsNull;
    }

    /// <summary>
    /// Begins an epoch in a store that has none; otherwise changes nothing. Apps that are in the store without an epoch stay. Revisions go on from
    /// the last one that the audit knows, so that one revision never means two states of one store.
    /// </summary>
    /// <returns>The version that the store is in then; none while a restore is under way.</returns>
    /// <exception cref="OutcomeUnknownException">The connection was lost after the command was sent; it can be repeated.</exception>
    public async Task<StoreVersion> InitializeAsync(AuditRecord audit)
    {
        var last = await new AuditStore(connection).ReadLastAsync();
        var version = new StoreVersion(NewId(), last is null ? 0 : last.Revision + 1, NewId());
        return StoreHead.ReadVersion(await RunAsync(
            CatalogScripts.Initialize,
            [CatalogKeys.Head, CatalogKeys.Changes, CatalogKeys.AuditNumber, CatalogKeys.Audit, CatalogKeys.Restoring],
            [version.ToString(), ChangeEntry.First(version).ToString(), CatalogKeys.Hint.ToString(), AuditedChange.EntryOf(audit), version.Revision]));
    }

    /// <summary>Whether the store holds any key of ours, whoever wrote it.</summary>
    public Task<bool> HasAnyKeyAsync() => connection.ReadAsync(static async store =>
    {
        foreach (var server in store.Multiplexer.GetServers())
        {
            if (server.IsReplica) continue;
            await foreach (var _ in server.KeysAsync(store.Database, "*{omaha}*", pageSize: 1000)) return true;
        }

        return false;
    });

    /// <summary>Tells every server that holds an alarm now to follow the store as it is.</summary>
    /// <returns>Id of the acceptance.</returns>
    /// <exception cref="OutcomeUnknownException">The connection was lost after the command was sent; it can be repeated.</exception>
    public async Task<string> AcceptAsync(AuditRecord audit)
    {
        var id = Acceptance.NewId(audit.At, NewId());
        await RunAsync(
            CatalogScripts.Accept,
            [CatalogKeys.Head, CatalogKeys.Accepted, CatalogKeys.AuditNumber, CatalogKeys.Audit],
            [id, CatalogKeys.Hint.ToString(), AuditedChange.EntryOf(audit)]);
        return id;
    }

    private static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private Task<RedisValue> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments) => connection.RunAsync(script, keys, arguments);

    private Task<long[]> CountFormsAsync(string[] ids) =>
        connection.ReadAsync(store => Task.WhenAll(ids.Select(id => store.SortedSetLengthAsync(CatalogKeys.Forms(id)))));

    private async Task<byte[]?> ReadOneAsync(RedisKey key, CancellationToken cancel) =>
        await connection.ReadAsync(store => store.StringGetAsync(key), cancel);

    private async IAsyncEnumerable<string[]> PagesOfIdsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var last = RedisValue.Null;
        while (true)
        {
            var after = last;
            var page = await connection.ReadAsync(store => store.SortedSetRangeByValueAsync(CatalogKeys.Apps, after, default, Exclude.Start, Order.Ascending, 0, PageSize.Most), cancel);
            if (page.Length == 0) yield break;
            yield return Array.ConvertAll(page, static id => id.ToString());
            last = page[^1];
        }
    }

    /// <param name="ids">A page of ids.</param>
    /// <param name="size">How many documents are asked for at once.</param>
    /// <param name="isFirst">Whether these are the first of all ids, and there may be more.</param>
    /// <param name="pace">Rests between the pages.</param>
    /// <param name="cancel">Ends the reading.</param>
    private async IAsyncEnumerable<StoredApp> ReadPagesAsync(string[] ids, PageSize size, bool isFirst, ReadingPace pace, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var next = 0; next < ids.Length;)
        {
            var page = ids[next..Math.Min(ids.Length, next + size.Next)];
            next += page.Length;
            var began = TimeProvider.System.GetTimestamp();
            var values = await connection.ReadStringsAsync(Array.ConvertAll(page, CatalogKeys.App), cancel);
            var took = TimeProvider.System.GetElapsedTime(began);
            size.Took(page.Length, values.Sum(static value => value.Length()));
            for (var i = 0; i < page.Length; i++) yield return new StoredApp(page[i], values[i]);

            if (ids.Length < PageSize.Most && next == ids.Length) continue;
            await pace.RestAsync(took, isFirst && next == ids.Length, cancel);
        }
    }
}
