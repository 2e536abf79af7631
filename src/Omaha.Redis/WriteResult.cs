using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>What became of a change.</summary>
/// <param name="IsCommitted">False: the store was no longer in the expected state, and nothing was changed.</param>
/// <param name="Version">The version that the change made; after a conflict the one that the store is in, <see cref="StoreVersion.None"/> when it was lost.</param>
public readonly record struct WriteResult(bool IsCommitted, StoreVersion Version);
