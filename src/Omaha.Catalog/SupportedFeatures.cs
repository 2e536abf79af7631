namespace Omaha.Catalog;

/// <summary>What a document may name in <c>requires</c> and this build can do. Later features that change a decision are added here, so that older servers hold back instead of offering wrongly.</summary>
public static class SupportedFeatures
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal);

    /// <summary>The first required feature that this build lacks, or null.</summary>
    public static string? FirstMissing(AppDocument document) => document.Requires?.Find(static name => !Names.Contains(name));
}
