using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>What <c>omahactl apply</c> reads and <c>omahactl export</c> writes: the specs of some apps.</summary>
public sealed class CatalogFile : DocumentNode
{
    /// <summary>Where editors find the schema; not used otherwise.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; set; }

    public List<AppDocument>? Apps { get; set; }
}
