namespace Omaha.Catalog;

/// <summary>
/// A part of a <see cref="ShardedTable"/>: an open hash table in one array. Among a million apps none is in a cache of the processor, so what a
/// search costs is the number of places it has to look at: here one for the slot and one for the key.
/// </summary>
/// <remarks>Changed only by the editor that made it, before anyone else sees it.</remarks>
internal sealed class AppShard
{
    private const int LeastSlots = 4;

    // A power of two, at least a quarter of them empty.
    private Slot[] _slots;
    private int _count;

    public AppShard() => _slots = new Slot[LeastSlots];

    private AppShard(AppShard other)
    {
        _slots = [.. other._slots];
        _count = other._count;
    }

    /// <summary>The entries, in no order.</summary>
    public IEnumerable<Slot> Entries => _slots.Where(static slot => slot.App is not null);

    public AppShard Copy() => new(this);

    public CatalogApp? Find(ulong hash, ReadOnlySpan<byte> key) => _slots[Locate(hash, key)].App;

    /// <summary>Adds an app or replaces the one with this key. True when it was added.</summary>
    public bool Put(in Slot entry)
    {
        ref var slot = ref _slots[Locate(entry.Hash, entry.Key)];
        var isNew = slot.App is null;
        slot = entry;
        if (isNew && ++_count > _slots.Length / 4 * 3) Grow();
        return isNew;
    }

    /// <summary>False when there is no such app.</summary>
    public bool Remove(ulong hash, ReadOnlySpan<byte> key)
    {
        var mask = _slots.Length - 1;
        var hole = Locate(hash, key);
        if (_slots[hole].App is null) return false;

        // Whatever was put behind the hole because its place was taken moves up.
        for (var next = (hole + 1) & mask; _slots[next].App is not null; next = (next + 1) & mask)
        {
            var home = (int)_slots[next].Hash & mask;
            if (((next - home) & mask) < ((next - hole) & mask)) continue;
            _slots[hole] = _slots[next];
            hole = next;
        }

        _slots[hole] = default;
        _count--;
        return true;
    }

    /// <summary>The slot of a key, or the empty one where it would be.</summary>
    private int Locate(ulong hash, ReadOnlySpan<byte> key)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        var at = (int)hash & mask;
        while (slots[at].App is not null && !(slots[at].Hash == hash && key.SequenceEqual(slots[at].Key))) at = (at + 1) & mask;
        return at;
    }

    private void Grow()
    {
        var entries = _slots;
        _slots = new Slot[entries.Length * 2];
        foreach (ref readonly var entry in entries.AsSpan())
        {
            if (entry.App is not null) _slots[Locate(entry.Hash, entry.Key)] = entry;
        }
    }

    /// <summary>An app under the key that it is found by, which may be an alias.</summary>
    internal readonly record struct Slot(ulong Hash, byte[] Key, CatalogApp? App);
}
