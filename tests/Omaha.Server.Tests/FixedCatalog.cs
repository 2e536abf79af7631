using Omaha.Catalog;

namespace Omaha.Server.Tests;

/// <summary>A catalogue that stays as it is, for counting what the hot path allocates with nothing else going on.</summary>
internal sealed class FixedCatalog(CatalogSnapshot snapshot) : ISnapshotSource
{
    public CatalogSnapshot Current { get; } = snapshot;

    public DateTimeOffset RampLimit => DateTimeOffset.MaxValue;
}
