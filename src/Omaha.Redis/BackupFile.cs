using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>A file that is no backup, or a damaged one; the message says what is wrong with it.</summary>
public sealed class BackupException(string message) : Exception(message);

/// <summary>A backup that was checked from its beginning to its end, to be read as often as needed.</summary>
public sealed class BackupFile
{
    private const int LongestLine = 32 * 1024 * 1024;

    private static readonly HashSet<string> Values = [BackupLine.Brakes, BackupLine.App, BackupLine.Previous, BackupLine.Form, BackupLine.BrakesForm, BackupLine.Audit, BackupLine.Token];

    private readonly Stream _file;

    private BackupFile(Stream file, DateTimeOffset madeAt, StoreVersion version)
    {
        _file = file;
        MadeAt = madeAt;
        Version = version;
    }

    public DateTimeOffset MadeAt { get; }

    /// <summary>The version of the catalogue in it; none when it is of a store that had lost its head.</summary>
    public StoreVersion Version { get; }

    /// <summary>Reads a file once and checks all of it.</summary>
    /// <param name="file">It can be read anew from its beginning.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="BackupException">It is no backup, is damaged, or has a format that this version does not know.</exception>
    public static async Task<BackupFile> OpenAsync(Stream file, CancellationToken cancel = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        BackupLine? beginning = null, last = null;
        long number = 0;
        await foreach (var bytes in SplitAsync(file, cancel))
        {
            number++;
            if (last?.Kind == BackupLine.End) throw new BackupException(Say($"the backup is damaged: it goes on after its end, at line {number}"));
            last = BackupLine.Read(bytes);
            if (beginning is null) beginning = CheckBeginning(last);
            else if (last is null) throw new BackupException(Say($"the backup is damaged: line {number} cannot be read"));
            else if (last.Kind == BackupLine.End) CheckEnd(last, Convert.ToHexStringLower(hash.GetHashAndReset()));
            else CheckValue(last, number);
            hash.AppendData(bytes);
            hash.AppendData("\n"u8);
        }

        if (beginning is null) throw new BackupException("the backup is empty");
        if (last!.Kind != BackupLine.End) throw new BackupException(Say($"the backup is cut short: its end is missing after line {number}"));
        return new BackupFile(file, beginning.MadeAt ?? default, StoreVersion.TryParse(beginning.Version, out var version) ? version : StoreVersion.None);
    }

    /// <summary>Its values from the first to the last.</summary>
    internal async IAsyncEnumerable<BackupLine> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var bytes in SplitAsync(_file, cancel))
        {
            if (BackupLine.Read(bytes) is { } line && Values.Contains(line.Kind)) yield return line;
        }
    }

    private static BackupLine CheckBeginning(BackupLine? line)
    {
        if (line?.Kind != BackupLine.Beginning) throw new BackupException("the file is no backup of Omaha, or its beginning is damaged; omahactl backup makes one");
        if (line.FormatOf != BackupLine.Format) throw new BackupException(Say($"the backup has the format {line.FormatOf}, and this version reads {BackupLine.Format}; restore it with the version that made it, or a later one"));
        return line;
    }

    private static void CheckEnd(BackupLine end, string sha256)
    {
        if (end.Sha256 != sha256) throw new BackupException($"the backup is damaged: its content has the SHA-256 {sha256}, and its end says {end.Sha256}; use another copy");
    }

    private static void CheckValue(BackupLine line, long number)
    {
        var fault = line switch
        {
            _ when !Values.Contains(line.Kind) => $"is of the kind \"{line.Kind}\", which this version does not know",
            { Text: null, Bytes: null } => "has no value",
            { Kind: BackupLine.App or BackupLine.Previous or BackupLine.Form, Id: var id } when id is null || !CatalogKeys.IsNormalized(id) => $"has \"{line.Id}\" for an app id",
            { Kind: BackupLine.Token, Id: null } => "has no id",
            { Kind: BackupLine.App or BackupLine.Previous } when line.Value.Length > DocumentJson.MaxDocumentBytes => $"has a document of more than {DocumentJson.MaxDocumentBytes} bytes",
            { Kind: BackupLine.Form or BackupLine.BrakesForm or BackupLine.Audit } when !AuditLine.TryNumber(line.Value, out var own, out _) || own != line.Number => "has another number inside than outside",
            _ => null,
        };
        if (fault is not null) throw new BackupException(Say($"the backup cannot be used: line {number} {fault}"));
    }

    /// <summary>The lines of a file, without their ends.</summary>
    private static async IAsyncEnumerable<byte[]> SplitAsync(Stream file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        file.Position = 0;
        var reader = PipeReader.Create(file, new StreamPipeReaderOptions(leaveOpen: true, bufferSize: 1024 * 1024));
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                yield return rest.Slice(0, end).ToArray();
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (rest.Length > LongestLine) throw new BackupException("the file is no backup of Omaha: it has a line of more than 32 MiB");
            if (read.IsCompleted && !rest.IsEmpty) yield return rest.ToArray();
            reader.AdvanceTo(read.IsCompleted ? rest.End : rest.Start, rest.End);
            if (read.IsCompleted) break;
        }

        await reader.CompleteAsync();
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
