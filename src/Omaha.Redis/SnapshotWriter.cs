using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Omaha.Redis;

/// <summary>Writes a snapshot file beside the one that it replaces, and puts it in its place when it is whole and on disk: there is always a whole one.</summary>
/// <remarks>A file that was not finished is deleted. After a power failure the file is the last one or the one before: the folder itself is not flushed.</remarks>
internal sealed class SnapshotWriter : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly XxHash3 _checksum = new();
    private bool _finished;

    /// <exception cref="IOException">The file cannot be written, or another process writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public SnapshotWriter(string path)
    {
        _path = path;
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        _file = new FileStream(Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
        Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{SnapshotFormat.Name}{SnapshotFormat.Version}\n")));
    }

    private string Unfinished => _path + ".new";

    public void Put(in SnapshotRecord record) => Put(record.Kind, Encoding.UTF8.GetBytes(record.Id), record.Json ?? []);

    /// <summary>Completes the file, waits until it is on disk, and puts it in its place.</summary>
    /// <returns>Its size in bytes.</returns>
    public long Finish(SnapshotEnd end)
    {
        Put(SnapshotRecordKind.End, [], SnapshotFormat.Write(end));
        Span<byte> checksum = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(checksum, _checksum.GetCurrentHashAsUInt64());
        _file.Write(checksum);
        _file.Flush(flushToDisk: true);
        var length = _file.Length;
        _file.Dispose();
        File.Move(Unfinished, _path, overwrite: true);
        _finished = true;
        return length;
    }

    public void Dispose()
    {
        if (_finished) return;
        try
        {
            _file.Dispose();
        }
        finally
        {
            File.Delete(Unfinished);
        }
    }

    private void Put(SnapshotRecordKind kind, ReadOnlySpan<byte> id, ReadOnlySpan<byte> json)
    {
        Span<byte> head = stackalloc byte[SnapshotFormat.RecordHead];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteUInt32LittleEndian(head[1..], (uint)id.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[5..], (uint)json.Length);
        Write(head);
        Write(id);
        Write(json);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _checksum.Append(bytes);
        _file.Write(bytes);
    }
}
