using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>Writes all that the store holds of ours to a file: catalogue with state and history, brakes, audit, and tokens by their hashes.</summary>
/// <remarks>Throws <see cref="StoreUnavailableException"/> when the store cannot be reached or refuses.</remarks>
public sealed class StoreBackup(StoreConnection connection, TimeProvider time)
{
    private const int PageSize = 500;

    /// <summary>Forms may be as large as documents.</summary>
    private const int FormsPageSize = 32;

    /// <summary>Writes one state of the store.</summary>
    /// <param name="file">Empty. Whatever it holds after a failure is no backup.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False: the store changed while it was read, so that what was written is a mixture.</returns>
    public async Task<bool> TryWriteAsync(Stream file, CancellationToken cancel = default)
    {
        // Whatever is done to the store is numbered, so the same number and head before and after mean the same state.
        var before = await ReadStateAsync(cancel);
        var lines = new Writer(file);
        await lines.WriteAsync(new BackupLine(BackupLine.Beginning) { FormatOf = BackupLine.Format, MadeAt = time.GetUtcNow(), Version = before[0], Number = (long?)before[1] }, cancel);
        await WriteCatalogAsync(lines, cancel);
        await WriteFormsAsync(lines, cancel);
        await WriteMembersAsync(lines, CatalogKeys.Audit, BackupLine.Audit, null, PageSize, cancel);
        foreach (var token in (await connection.ReadAsync(static store => store.HashGetAllAsync(CatalogKeys.Tokens), cancel)).OrderBy(static token => (string?)token.Name, StringComparer.Ordinal))
        {
            await lines.WriteAsync(BackupLine.Of(BackupLine.Token, token.Value!, token.Name), cancel);
        }

        await lines.EndAsync(cancel);
        return (await ReadStateAsync(cancel)).SequenceEqual(before);
    }

    private Task<RedisValue[]> ReadStateAsync(CancellationToken cancel) =>
        connection.ReadAsync(static store => store.StringGetAsync([CatalogKeys.Head, CatalogKeys.AuditNumber]), cancel);

    private async Task WriteCatalogAsync(Writer lines, CancellationToken cancel)
    {
        if (await connection.ReadAsync(static store => store.StringGetAsync(CatalogKeys.Brakes), cancel) is { IsNull: false } brakes) await lines.WriteAsync(BackupLine.Of(BackupLine.Brakes, brakes!), cancel);
        await foreach (var ids in new CatalogStore(connection).ReadAllIdsAsync(cancel).Chunk(PageSize).WithCancellation(cancel))
        {
            var documents = await connection.ReadStringsAsync(Array.ConvertAll(ids, CatalogKeys.App), cancel);
            var previous = await connection.ReadStringsAsync(Array.ConvertAll(ids, CatalogKeys.Previous), cancel);
            for (var i = 0; i < ids.Length; i++)
            {
                if (!documents[i].IsNullOrEmpty) await lines.WriteAsync(BackupLine.Of(BackupLine.App, documents[i]!, ids[i]), cancel);
                if (!previous[i].IsNullOrEmpty) await lines.WriteAsync(BackupLine.Of(BackupLine.Previous, previous[i]!, ids[i]), cancel);
            }
        }
    }

    private async Task WriteFormsAsync(Writer lines, CancellationToken cancel)
    {
        await foreach (var id in new AuditStore(connection).ReadAuditedAppsAsync(cancel)) await WriteMembersAsync(lines, CatalogKeys.Forms(id), BackupLine.Form, id, FormsPageSize, cancel);
        await WriteMembersAsync(lines, CatalogKeys.BrakesForms, BackupLine.BrakesForm, null, FormsPageSize, cancel);
    }

    private async Task WriteMembersAsync(Writer lines, RedisKey key, string kind, string? id, int pageSize, CancellationToken cancel)
    {
        var last = double.NegativeInfinity;
        while (true)
        {
            var after = last;
            var page = await connection.ReadAsync(store => store.SortedSetRangeByScoreWithScoresAsync(key, after, double.PositiveInfinity, Exclude.Start, take: pageSize), cancel);
            foreach (var member in page) await lines.WriteAsync(BackupLine.Of(kind, member.Element!, id, (long)member.Score), cancel);

            // Where others write all the time, there is always one more to read.
            if (page.Length < pageSize) return;
            last = page[^1].Score;
        }
    }

    /// <summary>Writes lines and keeps their checksum.</summary>
    private sealed class Writer(Stream file)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public async Task WriteAsync(BackupLine line, CancellationToken cancel)
        {
            byte[] bytes = [.. line.Write(), (byte)'\n'];
            _hash.AppendData(bytes);
            await file.WriteAsync(bytes, cancel);
        }

        public async Task EndAsync(CancellationToken cancel)
        {
            var end = new BackupLine(BackupLine.End) { Sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset()) };
            await file.WriteAsync(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(end.Write()) + "\n"), cancel);
            await file.FlushAsync(cancel);
            _hash.Dispose();
        }
    }
}
