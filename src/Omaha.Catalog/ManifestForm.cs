namespace Omaha.Catalog;

/// <summary>The forms that a release's manifest is rendered in. The common form serves every client; the others exist only for releases where they differ from it.</summary>
[Flags]
public enum ManifestForm
{
    /// <summary>One superset for all.</summary>
    Common = 0,

    /// <summary>For update_engine of CoreOS and Flatcar, which takes exactly one action and the plain <c>true</c> of a delta flag.</summary>
    SingleAction = 1,

    /// <summary>Plain http URLs first, for clients that ask for what caches can serve (<c>dlpref="cacheable"</c>).</summary>
    CacheableFirst = 2,
}
