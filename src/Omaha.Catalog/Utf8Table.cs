using System.Buffers.Binary;

namespace Omaha.Catalog;

/// <summary>A small immutable table from UTF-8 names to values, probed with bytes of a request. The default value is an empty one.</summary>
/// <remarks>
/// For the handful of tracks and targets an app has, a binary search beats hashing. Names of up to 15 bytes, which is nearly all, lie in the
/// one array and nowhere else: among a million apps none is in a cache of the processor, and each object less on the way to a release counts.
/// </remarks>
internal readonly struct Utf8Table<T> where T : class
{
    /// <summary>Bytes of a name that an entry holds itself.</summary>
    public const int HeadBytes = 15;

    // In the order of their heads, and of their names where those agree.
    private readonly Entry[]? _entries;

    public Utf8Table(IEnumerable<KeyValuePair<byte[], T>> entries)
    {
        _entries = [.. entries.Select(static entry => new Entry(HeadOf(entry.Key), entry.Key.Length > HeadBytes ? entry.Key : null, entry.Value))];
        Array.Sort(_entries, static (a, b) => a.CompareTo(b.Head, b.LongName));
    }

    public int Count => _entries?.Length ?? 0;

    /// <summary>A name.</summary>
    /// <param name="index">Which.</param>
    /// <param name="buffer">At least <see cref="HeadBytes"/> + 1 bytes; the name may lie in it.</param>
    public ReadOnlySpan<byte> NameAt(int index, Span<byte> buffer)
    {
        ref readonly var entry = ref _entries![index];
        if (entry.LongName is not null) return entry.LongName;
        BinaryPrimitives.WriteUInt128BigEndian(buffer, entry.Head);
        return buffer[..buffer[HeadBytes]];
    }

    public T? Find(ReadOnlySpan<byte> name)
    {
        if (_entries is not { } entries) return null;
        var head = HeadOf(name);
        int low = 0, high = entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            ref readonly var entry = ref entries[middle];
            var order = entry.CompareTo(head, name);
            if (order == 0) return entry.Value;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    /// <summary>The first bytes of a name, and behind them its length where that is not more.</summary>
    private static UInt128 HeadOf(ReadOnlySpan<byte> name)
    {
        Span<byte> head = stackalloc byte[HeadBytes + 1];
        head.Clear();
        name[..Math.Min(name.Length, HeadBytes)].CopyTo(head);
        head[HeadBytes] = (byte)Math.Min(name.Length, HeadBytes + 1);
        return BinaryPrimitives.ReadUInt128BigEndian(head);
    }

    /// <param name="Head">See <see cref="HeadOf"/>.</param>
    /// <param name="LongName">The name, when it is longer than its head.</param>
    /// <param name="Value">What it stands for.</param>
    private readonly record struct Entry(UInt128 Head, byte[]? LongName, T Value)
    {
        public int CompareTo(UInt128 head, ReadOnlySpan<byte> name)
        {
            if (Head != head) return Head < head ? -1 : 1;
            return LongName is null ? 0 : LongName.AsSpan().SequenceCompareTo(name);
        }
    }
}
