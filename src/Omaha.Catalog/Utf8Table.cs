using System.Buffers.Binary;

namespace Omaha.Catalog;

/// <summary>A small immutable table from UTF-8 names to values, probed with bytes of a request.</summary>
/// <remarks>
/// For the handful of tracks and targets an app has, a binary search beats hashing. Names of up to 15 bytes, which is nearly all, are compared
/// within the one array: among a million apps none is in a cache of the processor, and each object less on the way to a release counts.
/// </remarks>
internal sealed class Utf8Table<T> where T : class
{
    private const int HeadBytes = 15;

    // In the order of their heads, and of their names where those agree.
    private readonly Entry[] _entries;

    public Utf8Table(IEnumerable<KeyValuePair<byte[], T>> entries)
    {
        _entries = [.. entries.Select(static entry => new Entry(HeadOf(entry.Key), entry.Key, entry.Value))];
        Array.Sort(_entries, static (a, b) => a.CompareTo(b.Head, b.Name));
    }

    public int Count => _entries.Length;

    public ReadOnlySpan<byte> NameAt(int index) => _entries[index].Name;

    public T? Find(ReadOnlySpan<byte> name)
    {
        var head = HeadOf(name);
        int low = 0, high = _entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            ref readonly var entry = ref _entries[middle];
            var order = entry.CompareTo(head, name);
            if (order == 0) return entry.Value;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    /// <summary>The first bytes of a name, and its length where that is not more.</summary>
    private static UInt128 HeadOf(ReadOnlySpan<byte> name)
    {
        Span<byte> head = stackalloc byte[HeadBytes + 1];
        head.Clear();
        name[..Math.Min(name.Length, HeadBytes)].CopyTo(head);
        head[HeadBytes] = (byte)Math.Min(name.Length, HeadBytes + 1);
        return BinaryPrimitives.ReadUInt128BigEndian(head);
    }

    private readonly record struct Entry(UInt128 Head, byte[] Name, T Value)
    {
        public int CompareTo(UInt128 head, ReadOnlySpan<byte> name)
        {
            if (Head != head) return Head < head ? -1 : 1;
            return name.Length <= HeadBytes ? 0 : Name.AsSpan().SequenceCompareTo(name);
        }
    }
}
