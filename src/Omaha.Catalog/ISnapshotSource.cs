namespace Omaha.Catalog;

/// <summary>Where the hot path takes its snapshot from: a field read, never I/O.</summary>
public interface ISnapshotSource
{
    /// <summary>The latest good snapshot. Take it once for each request.</summary>
    CatalogSnapshot Current { get; }

    /// <summary>As far as ramps may go on by what is known of the store; see <see cref="CheckMoment"/>. It never goes back.</summary>
    DateTimeOffset RampLimit { get; }
}
