namespace Omaha.Catalog;

/// <summary>A small immutable table from UTF-8 names to values, probed with bytes of a request.</summary>
/// <remarks>Sorted by length, then bytes: for the handful of tracks and targets an app has, a binary search beats hashing and needs two arrays and nothing else.</remarks>
internal sealed class Utf8Table<T> where T : class
{
    private readonly byte[][] _names;
    private readonly T[] _values;

    public Utf8Table(IEnumerable<KeyValuePair<byte[], T>> entries)
    {
        var sorted = entries.ToArray();
        Array.Sort(sorted, static (a, b) => Compare(a.Key, b.Key));
        _names = Array.ConvertAll(sorted, static entry => entry.Key);
        _values = Array.ConvertAll(sorted, static entry => entry.Value);
    }

    public ReadOnlySpan<T> Values => _values;

    public ReadOnlySpan<byte[]> Names => _names;

    public T? Find(ReadOnlySpan<byte> name)
    {
        int low = 0, high = _names.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = Compare(_names[middle], name);
            if (order == 0) return _values[middle];
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    private static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);
}
