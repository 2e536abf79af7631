namespace Omaha.Catalog;

/// <summary>Where the hot path takes its snapshot from: a field read, never I/O.</summary>
public interface ISnapshotSource
{
    /// <summary>The latest good snapshot. Take it once for each request.</summary>
    CatalogSnapshot Current { get; }
}
