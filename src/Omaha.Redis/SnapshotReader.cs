using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Omaha.Redis;

/// <summary>A snapshot file that cannot be used; the message says why.</summary>
internal sealed class SnapshotRefusedException(string message) : Exception(message)
{
    /// <summary>True: the file is somebody else's, and must not be replaced.</summary>
    public bool IsForeign { get; init; }
}

/// <summary>Reads a snapshot file record by record. What it gave is to be used only once the end was read, since the checksum comes last.</summary>
internal sealed class SnapshotReader : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly FileStream _file;
    private readonly XxHash3 _checksum = new();
    private readonly byte[] _head = new byte[SnapshotFormat.RecordHead];

    private SnapshotReader(FileStream file) => _file = file;

    /// <summary>Opens a file; null when there is none.</summary>
    /// <exception cref="SnapshotRefusedException">It is no snapshot, or of another format.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public static SnapshotReader? Open(string path)
    {
        if (!File.Exists(path)) return null;
        var reader = new SnapshotReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes, FileOptions.SequentialScan));
        try
        {
            reader.ReadFirstLine();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The next app; null at the end, with what the file shows.</summary>
    /// <exception cref="SnapshotRefusedException">The file is truncated or damaged.</exception>
    public SnapshotRecord? Next(out SnapshotEnd? end)
    {
        end = null;
        ReadExactly(_head);
        var kind = (SnapshotRecordKind)_head[0];
        var id = Text(BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(1)));
        var json = Bytes(BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(5)));
        if (kind != SnapshotRecordKind.End) return new SnapshotRecord(kind, id, kind == SnapshotRecordKind.Missing ? null : json);

        CheckSum();
        end = SnapshotFormat.ReadEnd(json) ?? throw Damaged();
        return null;
    }

    public void Dispose() => _file.Dispose();

    private void ReadFirstLine()
    {
        Span<byte> line = stackalloc byte[SnapshotFormat.LongestFirstLine];
        var length = 0;
        var isWhole = false;
        while (length < line.Length && _file.ReadByte() is >= 0 and var next)
        {
            isWhole = next == '\n';
            if (isWhole) break;
            line[length++] = (byte)next;
        }

        var text = Encoding.Latin1.GetString(line[..length]);
        var isOurs = text.StartsWith(SnapshotFormat.Name, StringComparison.Ordinal) || (!isWhole && SnapshotFormat.Name.StartsWith(text, StringComparison.Ordinal));
        if (!isOurs) throw new SnapshotRefusedException("is no snapshot of Omaha") { IsForeign = true };
        if (!isWhole) throw Truncated();
        if (!int.TryParse(text.AsSpan(SnapshotFormat.Name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version)) throw Damaged();
        if (version != SnapshotFormat.Version) throw new SnapshotRefusedException(string.Create(CultureInfo.InvariantCulture, $"has format {version}; this version reads format {SnapshotFormat.Version}"));
        _checksum.Append(line[..length]);
        _checksum.Append("\n"u8);
    }

    private void CheckSum()
    {
        var expected = _checksum.GetCurrentHashAsUInt64();
        Span<byte> written = stackalloc byte[sizeof(ulong)];
        if (_file.ReadAtLeast(written, written.Length, throwOnEndOfStream: false) < written.Length) throw Truncated();
        if (BinaryPrimitives.ReadUInt64LittleEndian(written) != expected || _file.ReadByte() >= 0) throw Damaged();
    }

    private string Text(uint length)
    {
        var bytes = Bytes(length);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (ArgumentException)
        {
            throw Damaged();
        }
    }

    /// <summary>A damaged length is found before memory is taken for it.</summary>
    private byte[] Bytes(uint length)
    {
        if (length > _file.Length - _file.Position) throw Truncated();
        var bytes = new byte[length];
        ReadExactly(bytes);
        return bytes;
    }

    private void ReadExactly(byte[] bytes)
    {
        if (_file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Truncated();
        _checksum.Append(bytes);
    }

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static SnapshotRefusedException Truncated() => new("is truncated or damaged: it ends early");

    private static SnapshotRefusedException Damaged() => new("is damaged: its checksum does not fit its content");
}
