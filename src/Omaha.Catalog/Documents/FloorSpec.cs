namespace Omaha.Catalog;

/// <summary>A release that older machines must install before a later one is offered to them.</summary>
public sealed class FloorSpec : DocumentNode
{
    /// <summary>Version of a release of the spec, for the target that the floor is given for.</summary>
    public string? Version { get; set; }

    /// <summary>Why; clients that understand several manifests are told.</summary>
    public string? Reason { get; set; }
}
