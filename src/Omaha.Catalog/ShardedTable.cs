using System.IO.Hashing;

namespace Omaha.Catalog;

/// <summary>An immutable map from normalised ids to apps: a root of up to 4 096 shards, so that a change copies one of them and the root instead of everything.</summary>
/// <remarks>
/// One table of 1 000 000 apps takes over 100 ms to copy; one shard of it a microsecond. XxHash3 is not seeded, which is safe here because
/// callers only probe: what is inserted comes from operators.
/// </remarks>
internal sealed class ShardedTable
{
    private const int MaxShards = 4096;
    private const int AppsPerShard = 256;

    private readonly AppShard[] _shards;

    private ShardedTable(AppShard[] shards, int count)
    {
        _shards = shards;
        Count = count;
    }

    public static ShardedTable Empty { get; } = new([new AppShard()], 0);

    public int Count { get; }

    public IEnumerable<CatalogApp> Apps => _shards.SelectMany(static shard => shard.Entries).Select(static entry => entry.App!);

    public CatalogApp? Find(ReadOnlySpan<byte> key) => Find(_shards, key);

    public Editor Edit() => new(this);

    private static CatalogApp? Find(AppShard[] shards, ReadOnlySpan<byte> key)
    {
        var hash = XxHash3.HashToUInt64(key);
        return shards[IndexOf(hash, shards.Length)].Find(hash, key);
    }

    /// <summary>The shard of a hash: by its upper half, since shards order their apps by the lower one.</summary>
    private static int IndexOf(ulong hash, int shards) => (int)(hash >> 32) & (shards - 1);

    /// <summary>Collects changes against a table; the table itself never changes.</summary>
    public sealed class Editor(ShardedTable table)
    {
        private AppShard[] _shards = table._shards;
        private bool[]? _owned;
        private int _count = table.Count;

        public CatalogApp? Find(ReadOnlySpan<byte> key) => ShardedTable.Find(_shards, key);

        public void Put(byte[] key, CatalogApp app)
        {
            var hash = XxHash3.HashToUInt64(key);
            if (Own(hash).Put(new AppShard.Slot(hash, key, app))) _count++;
            if (_count > _shards.Length * AppsPerShard * 2 && _shards.Length < MaxShards) Spread(_shards.Length * 4);
        }

        public void Remove(byte[] key)
        {
            var hash = XxHash3.HashToUInt64(key);
            if (Own(hash).Remove(hash, key)) _count--;
        }

        public ShardedTable Build()
        {
            _owned = null;
            return new ShardedTable(_shards, _count);
        }

        private AppShard Own(ulong hash)
        {
            if (_owned is null)
            {
                _owned = new bool[_shards.Length];
                _shards = [.. _shards];
            }

            var index = IndexOf(hash, _shards.Length);
            if (!_owned[index])
            {
                _shards[index] = _shards[index].Copy();
                _owned[index] = true;
            }

            return _shards[index];
        }

        private void Spread(int shardCount)
        {
            var old = _shards;
            _shards = new AppShard[Math.Min(shardCount, MaxShards)];
            for (var i = 0; i < _shards.Length; i++) _shards[i] = new AppShard();
            _owned = new bool[_shards.Length];
            Array.Fill(_owned, true);
            foreach (var entry in old.SelectMany(static shard => shard.Entries)) Own(entry.Hash).Put(entry);
        }
    }
}
