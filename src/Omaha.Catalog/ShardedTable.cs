using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;

namespace Omaha.Catalog;

/// <summary>An immutable map from normalised ids to apps: a root of up to 4 096 dictionaries, so that a change copies one of them and the root instead of everything.</summary>
/// <remarks>
/// A flat dictionary of 1 000 000 apps takes over 100 ms to copy; one shard of it some microseconds. XxHash3 is not seeded, which is safe
/// here because callers only probe: what is inserted comes from operators.
/// </remarks>
internal sealed class ShardedTable
{
    private const int MaxShards = 4096;
    private const int AppsPerShard = 256;

    private static readonly Utf8KeyComparer Comparer = new();

    private readonly Dictionary<byte[], CatalogApp>[] _shards;

    private ShardedTable(Dictionary<byte[], CatalogApp>[] shards, int count)
    {
        _shards = shards;
        Count = count;
    }

    public static ShardedTable Empty { get; } = new([new(Comparer)], 0);

    public int Count { get; }

    public CatalogApp? Find(ReadOnlySpan<byte> key)
    {
        var shard = _shards[XxHash3.HashToUInt64(key) >> 32 & (ulong)(_shards.Length - 1)];
        return shard.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var app) ? app : null;
    }

    public IEnumerable<CatalogApp> Apps => _shards.SelectMany(static shard => shard.Values);

    public Editor Edit() => new(this);

    /// <summary>Collects changes against a table; the table itself never changes.</summary>
    public sealed class Editor(ShardedTable table)
    {
        private Dictionary<byte[], CatalogApp>[] _shards = table._shards;
        private bool[]? _owned;
        private int _count = table.Count;

        public CatalogApp? Find(ReadOnlySpan<byte> key) =>
            _shards[IndexOf(key)].GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var app) ? app : null;

        public void Put(byte[] key, CatalogApp app)
        {
            var shard = Own(key);
            if (shard.TryAdd(key, app)) _count++;
            else shard[key] = app;
            if (_count > _shards.Length * AppsPerShard * 2 && _shards.Length < MaxShards) Spread(_shards.Length * 4);
        }

        public void Remove(byte[] key)
        {
            if (Own(key).Remove(key)) _count--;
        }

        public ShardedTable Build()
        {
            _owned = null;
            return new ShardedTable(_shards, _count);
        }

        private ulong IndexOf(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key) >> 32 & (ulong)(_shards.Length - 1);

        private Dictionary<byte[], CatalogApp> Own(byte[] key)
        {
            if (_owned is null)
            {
                _owned = new bool[_shards.Length];
                _shards = [.. _shards];
            }

            var index = IndexOf(key);
            if (!_owned[index])
            {
                _shards[index] = new Dictionary<byte[], CatalogApp>(_shards[index], Comparer);
                _owned[index] = true;
            }

            return _shards[index];
        }

        private void Spread(int shardCount)
        {
            var old = _shards;
            _shards = new Dictionary<byte[], CatalogApp>[Math.Min(shardCount, MaxShards)];
            for (var i = 0; i < _shards.Length; i++) _shards[i] = new(Comparer);
            _owned = new bool[_shards.Length];
            Array.Fill(_owned, true);
            foreach (var shard in old)
            {
                foreach (var (key, app) in shard) _shards[IndexOf(key)].Add(key, app);
            }
        }
    }

    private sealed class Utf8KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] key) => GetHashCode(key.AsSpan());

        public bool Equals(ReadOnlySpan<byte> probe, byte[] key) => probe.SequenceEqual(key);

        public int GetHashCode(ReadOnlySpan<byte> probe) => (int)XxHash3.HashToUInt64(probe);

        [return: NotNull]
        public byte[] Create(ReadOnlySpan<byte> probe) => probe.ToArray();
    }
}
