using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Omaha.Catalog;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>Puts a backup in place of what the store holds.</summary>
/// <remarks>
/// <para>
/// A catalogue is more than one script may write, so for the time of the restore the store has no head: to servers it is lost, and they go on
/// answering from what they know. The head comes last, together with brakes, tokens and audit, and begins a new epoch: a server that holds a
/// catalogue raises an alarm and waits for <c>store accept</c>, one that holds none takes what was restored. No server ever takes a part of it.
/// </para>
/// <para>
/// A restore that is broken off leaves the store without a head, and a key that keeps everything but another restore from giving it one. Whatever
/// else is done to the store meanwhile, such as a brake, has a number in the audit; the restore notices that at its end, and begins again.
/// </para>
/// <para>Methods throw <see cref="StoreUnavailableException"/> when the store cannot be reached or refuses.</para>
/// </remarks>
public sealed class StoreRestore(StoreConnection connection)
{
    private const int Attempts = 5;
    private const int PageSize = 100;

    private readonly AuditStore _audit = new(connection);
    private readonly CatalogStore _catalog = new(connection);

    /// <summary>Looks what a restore would overwrite.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="caller">Id of the token that stays whatever the backup holds.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<RestorePlan> PlanAsync(BackupFile backup, string caller, CancellationToken cancel = default)
    {
        var head = await _catalog.ReadHeadAsync(cancel);
        var number = await ReadNumberAsync(cancel);
        var held = await connection.ReadAsync(static store => store.KeyExistsAsync(CatalogKeys.Restoring), cancel) ? RecordedApps(number) : new HeldApps(ReadStoredAsync, _catalog.ReadAllAppsAsync);
        var lastRevision = Math.Max(head.Version.Revision, (await _audit.ReadLastAsync(cancel))?.Revision ?? 0);

        var (ids, apps, further, unchanged) = (new HashSet<string>(StringComparer.Ordinal), new List<AuditedApp>(), 0, 0);
        var words = AuditEntry.MostDifferences;
        byte[]? brakes = null;
        var tokens = new List<StoredToken>();
        var entries = new Dictionary<long, string>();
        await foreach (var page in backup.ReadAsync(cancel).Chunk(PageSize).WithCancellation(cancel))
        {
            foreach (var line in page)
            {
                if (line.Kind == BackupLine.Brakes) brakes = line.Value;
                else if (line.Kind == BackupLine.Token && TokenStore.Read(line.Value) is { } token) tokens.Add(token);
                else if (line.Kind == BackupLine.Audit) entries[line.Number!.Value] = DocumentDigest.Of(line.Value);
            }

            var documents = page.Where(static line => line.Kind == BackupLine.App).ToList();
            var before = await held.ReadAsync([.. documents.Select(static line => line.Id!)], cancel);
            for (var i = 0; i < documents.Count; i++)
            {
                ids.Add(documents[i].Id!);
                Note(documents[i].Id!, before[i], documents[i].Value);
            }
        }

        // Brakes in force stay; a pause that nobody set, since the brakes cannot be read, does not.
        var inForce = head.Brakes.PauseAll is { By: StoreHead.UnreadableBrakes } ? Brakes.None : head.Brakes;
        var isBraked = inForce.PauseAll is not null || inForce.PollInterval is not null;
        var isEmpty = !isBraked;
        await foreach (var app in held.ReadAllAsync(cancel))
        {
            isEmpty = false;
            if (!ids.Contains(app.Id)) Note(app.Id, app.Json, null);
        }

        var present = (await new TokenStore(connection).ListAsync(cancel)).Where(token => token.Id != caller).ToList();
        return new RestorePlan
        {
            Store = head.Version,
            IsEmpty = isEmpty && present.Count == 0,
            Apps = apps,
            FurtherApps = further,
            UnchangedApps = unchanged,
            BrakesJson = isBraked ? DocumentJson.Write(Brakes.Union(inForce, (brakes is null ? null : DocumentJson.ReadBrakes(brakes, out _)) ?? Brakes.None)) : brakes,
            EndingTokens = [.. present.ExceptBy(tokens.Select(static token => token.Id), static token => token.Id)],
            ReturningTokens = [.. tokens.Where(token => token.Id != caller).ExceptBy(present.Select(static token => token.Id), static token => token.Id)],
            Audit = await CompareAsync(entries, number, cancel),
            Revision = Math.Max(lastRevision, backup.Version.Revision) + 1,
        };

        void Note(string id, byte[]? before, byte[]? after)
        {
            var app = AuditedChange.Describe(id, before, after);
            if (app.Change == AppChange.Unchanged)
            {
                unchanged++;
                return;
            }

            if (apps.Count == AuditEntry.MostApps)
            {
                further++;
                return;
            }

            // Finding differences takes time on large documents, so only as many as are told are looked for.
            if (words > 0) app = app with { Differences = [.. AuditedChange.Differences(before, after).Take(words)] };
            words -= app.Differences.Count;
            apps.Add(app);
        }
    }

    /// <summary>Restores, and records that.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="caller">Id of the token that stays whatever the backup holds.</param>
    /// <param name="audit">Who restores it.</param>
    /// <returns>What was overwritten, and the version that the catalogue is at; null when the store changed again and again.</returns>
    /// <exception cref="RestoreBrokenOffException">It began and did not end.</exception>
    public async Task<(RestorePlan Plan, StoreVersion Version)?> RunAsync(BackupFile backup, string caller, AuditRecord audit)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var plan = await PlanAsync(backup, caller);
            var version = new StoreVersion(NewId(), plan.Revision, NewId());
            var id = NewId();
            var began = (int)await connection.RunAsync(
                RestoreScripts.Begin,
                [CatalogKeys.Restoring, CatalogKeys.Head, CatalogKeys.AuditNumber],
                [id, plan.Store.IsNone ? "" : plan.Store.ToString(), plan.Audit.Number]);
            if (began != 1) continue;

            try
            {
                var batch = new RestoreBatch(connection, id);
                var recorded = await WriteBackupAsync(backup, plan, batch);
                await WriteRestAsync(backup, plan, batch, recorded);
                await batch.FlushAsync();
                if (await CommitAsync(backup, plan, id, caller, version, audit)) return (plan, version);
            }
            catch (StoreUnavailableException reason)
            {
                throw new RestoreBrokenOffException(reason.Message, reason);
            }
        }

        return null;
    }

    private async Task<byte[]?[]> ReadStoredAsync(string[] ids, CancellationToken cancel) =>
        ids.Length == 0 ? [] : Array.ConvertAll(await connection.ReadStringsAsync(Array.ConvertAll(ids, CatalogKeys.App), cancel), static value => (byte[]?)value);

    /// <summary>Where a restore was broken off, documents are a mixture; what was there before it tells the audit.</summary>
    private HeldApps RecordedApps(long number)
    {
        return new HeldApps((ids, cancel) => Task.WhenAll(ids.Select(id => ReadOneAsync(id, cancel))), ReadAllAsync);

        async Task<byte[]?> ReadOneAsync(string id, CancellationToken cancel) => (await _audit.ReadDocumentAsync(id, number, cancel)).Json;

        async IAsyncEnumerable<StoredApp> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            await foreach (var id in _audit.ReadAuditedAppsAsync(cancel))
            {
                if (await ReadOneAsync(id, cancel) is { } json) yield return new StoredApp(id, json);
            }
        }
    }

    private static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private async Task<long> ReadNumberAsync(CancellationToken cancel) =>
        (long?)await connection.ReadAsync(static store => store.StringGetAsync(CatalogKeys.AuditNumber), cancel) ?? 0;

    /// <summary>Finds where the store's audit is another than the backup's, of which digests by number are given.</summary>
    private async Task<AuditMerge> CompareAsync(Dictionary<long, string> entries, long number, CancellationToken cancel)
    {
        var last = entries.Keys.DefaultIfEmpty().Max();
        await foreach (var (own, line) in ReadLinesAsync(0, cancel))
        {
            if (entries.GetValueOrDefault(own) != DocumentDigest.Of(line)) return new AuditMerge(number, own, last, GoesOn: last > 0 && own > last);
        }

        return new AuditMerge(number, number + 1, last, GoesOn: last > 0 && number == last);
    }

    private async IAsyncEnumerable<(long Number, byte[] Line)> ReadLinesAsync(long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        while (true)
        {
            var from = after;
            var page = await connection.ReadAsync(store => store.SortedSetRangeByScoreWithScoresAsync(CatalogKeys.Audit, from, double.PositiveInfinity, Exclude.Start, take: PageSize), cancel);
            foreach (var entry in page) yield return ((long)entry.Score, (byte[])entry.Element!);
            if (page.Length < PageSize) yield break;
            after = (long)page[^1].Score;
        }
    }

    /// <summary>Writes what is in the backup but brakes and tokens. Of audit and forms only if they take the place of the store's.</summary>
    /// <returns>By app, the digest of the document that its last form leaves; null for one that was deleted.</returns>
    private async Task<Dictionary<string, string?>> WriteBackupAsync(BackupFile backup, RestorePlan plan, RestoreBatch batch)
    {
        var recorded = new Dictionary<string, string?>(StringComparer.Ordinal);
        await batch.DeleteAsync(CatalogKeys.RestoringAudit);
        if (plan.Audit.GoesOn) await ReadRecordedAsync(recorded, plan, batch);
        else await batch.DeleteAsync(CatalogKeys.BrakesForms);

        await foreach (var line in backup.ReadAsync())
        {
            switch (line.Kind)
            {
                case BackupLine.App:
                    await batch.SetAsync(CatalogKeys.App(line.Id!), line.Value);
                    await batch.PutAsync(CatalogKeys.Apps, 0, line.Id!);
                    break;
                case BackupLine.Previous:
                    await batch.SetAsync(CatalogKeys.Previous(line.Id!), line.Value);
                    break;
                case BackupLine.Audit when !plan.Audit.GoesOn:
                    await batch.PutAsync(CatalogKeys.RestoringAudit, line.Number!.Value, line.Value);
                    break;
                case BackupLine.BrakesForm when !plan.Audit.GoesOn:
                    await batch.PutAsync(CatalogKeys.BrakesForms, line.Number!.Value, line.Value);
                    break;
                case BackupLine.Form when !plan.Audit.GoesOn:
                    if (!recorded.ContainsKey(line.Id!))
                    {
                        await batch.DeleteAsync(CatalogKeys.Forms(line.Id!));
                        await batch.PutAsync(CatalogKeys.AuditedApps, 0, line.Id!);
                    }

                    await batch.PutAsync(CatalogKeys.Forms(line.Id!), line.Number!.Value, line.Value);
                    recorded[line.Id!] = DigestOf(line.Value);
                    break;
                default:
                    break;
            }
        }

        return recorded;
    }

    /// <summary>What the store's own forms tell, without those that a restore left which was broken off.</summary>
    private async Task ReadRecordedAsync(Dictionary<string, string?> recorded, RestorePlan plan, RestoreBatch batch)
    {
        await batch.CutAsync(CatalogKeys.BrakesForms, plan.Audit.Next);
        await foreach (var ids in _audit.ReadAuditedAppsAsync().Chunk(PageSize))
        {
            var last = await connection.ReadAsync(store => Task.WhenAll(ids.Select(id => store.SortedSetRangeByScoreAsync(CatalogKeys.Forms(id), double.NegativeInfinity, plan.Audit.Number, Exclude.None, Order.Descending, 0, 1))));
            for (var i = 0; i < ids.Length; i++)
            {
                await batch.CutAsync(CatalogKeys.Forms(ids[i]), plan.Audit.Next);
                recorded[ids[i]] = last[i] is [var form] ? DigestOf((byte[])form!) : null;
            }
        }
    }

    /// <summary>Removes what the backup does not have, keeps the audit's later entries, and records every document that no form leads to.</summary>
    private async Task WriteRestAsync(BackupFile backup, RestorePlan plan, RestoreBatch batch, Dictionary<string, string?> recorded)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var head = StoreVersion.None;
        await foreach (var line in backup.ReadAsync())
        {
            if (line.Kind == BackupLine.Audit) head = AuditLine.HeadOf(line.Value);
            if (line.Kind != BackupLine.App) continue;
            ids.Add(line.Id!);
            var last = recorded.GetValueOrDefault(line.Id!);
            if (last != DocumentDigest.Of(line.Value)) await RecordAsync(batch, plan, line.Id!, AuditForm.Encode(last is null ? null : [], line.Value, whole: true));
        }

        await foreach (var app in _catalog.ReadAllAppsAsync())
        {
            if (ids.Contains(app.Id)) continue;
            if (app.Json is not null) await batch.SetAsync(CatalogKeys.Previous(app.Id), app.Json);
            await batch.DeleteAsync(CatalogKeys.App(app.Id));
            await batch.TakeAsync(CatalogKeys.Apps, app.Id);
        }

        foreach (var (id, digest) in recorded)
        {
            if (digest is not null && !ids.Contains(id)) await RecordAsync(batch, plan, id, AuditForm.Encode(null, null, whole: true));
        }

        if (plan.Audit.GoesOn) return;
        await foreach (var id in _audit.ReadAuditedAppsAsync())
        {
            if (recorded.ContainsKey(id) || ids.Contains(id)) continue;
            await batch.DeleteAsync(CatalogKeys.Forms(id));
            await batch.TakeAsync(CatalogKeys.AuditedApps, id);
        }

        // What was done to the store stays on record, also where the backup knows nothing of it.
        var number = plan.Audit.LastOfBackup;
        await foreach (var (_, line) in ReadLinesAsync(plan.Audit.FirstOwn - 1))
        {
            number++;
            await batch.PutAsync(CatalogKeys.RestoringAudit, number, AuditLine.Renumber(line, number, head));
        }
    }

    private static async Task RecordAsync(RestoreBatch batch, RestorePlan plan, string id, byte[] form)
    {
        await batch.PutAsync(CatalogKeys.Forms(id), plan.Audit.Next, Member(plan.Audit.Next, form));
        await batch.PutAsync(CatalogKeys.AuditedApps, 0, id);
    }

    private async Task<bool> CommitAsync(BackupFile backup, RestorePlan plan, string id, string caller, StoreVersion version, AuditRecord audit)
    {
        var tokens = new List<RedisValue>();
        await foreach (var line in backup.ReadAsync())
        {
            if (line.Kind == BackupLine.Token && line.Id != caller) tokens.AddRange([line.Id, line.Value]);
        }

        if (await connection.ReadAsync(store => store.HashGetAsync(CatalogKeys.Tokens, caller)) is { IsNull: false } own) tokens.AddRange([caller, own]);

        var entry = AuditedChange.EntryOf(audit, plan.Apps, plan.Brakes, plan.FurtherApps);
        var done = (int)await connection.RunAsync(
            RestoreScripts.Commit,
            [
                CatalogKeys.Restoring, CatalogKeys.Head, CatalogKeys.Changes, CatalogKeys.Brakes, CatalogKeys.Tokens,
                CatalogKeys.AuditNumber, CatalogKeys.Audit, CatalogKeys.RestoringAudit, CatalogKeys.BrakesForms,
            ],
            [
                id, plan.Audit.Number, version.ToString(), version.Revision, ChangeEntry.First(version).ToString(), CatalogKeys.Hint.ToString(), plan.BrakesJson ?? [],
                plan.Audit.Next, (RedisValue)(byte[])[.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{plan.Audit.Next} {version} ")), .. entry], plan.Audit.GoesOn ? 0 : 1,
                Member(plan.Audit.Next, AuditForm.Encode([], DocumentJson.Write(plan.Brakes), whole: true)),
                .. tokens,
            ]);
        return done == 0 ? throw RestoreBrokenOffException.Overtaken() : done == 1;
    }

    private static RedisValue Member(long number, byte[] form) => (byte[])[.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} ")), .. form];

    /// <summary>Digest of the document that a recorded form leaves; null when it was deleted.</summary>
    private static string? DigestOf(byte[] member) =>
        AuditLine.TryNumber(member, out _, out var form) && AuditForm.Parse(form.ToArray()) is { Kind: not AuditForm.Deleted } parsed ? parsed.Digest : null;

    /// <summary>The apps that a restore takes the place of: documents by normalised ids, null for none, and all of them.</summary>
    private sealed record HeldApps(Func<string[], CancellationToken, Task<byte[]?[]>> ReadAsync, Func<CancellationToken, IAsyncEnumerable<StoredApp>> ReadAllAsync);
}
