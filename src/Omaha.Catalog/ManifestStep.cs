namespace Omaha.Catalog;

/// <summary>One manifest of a reply that holds several.</summary>
/// <param name="Release">What it describes.</param>
/// <param name="IsFloor">The client has to install it before later ones.</param>
/// <param name="FloorReason">Why; null when nobody said.</param>
/// <param name="IsTarget">It is where the steps lead to.</param>
internal sealed record ManifestStep(ReleaseSpec Release, bool IsFloor, string? FloorReason, bool IsTarget);
