using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>What <c>omahactl release import</c> reads: releases of one app, written as in its spec.</summary>
public sealed class ReleaseFile : DocumentNode
{
    /// <summary>Where editors find the schema; not used otherwise.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; set; }

    /// <summary>The app that the releases are of.</summary>
    public string? App { get; set; }

    public List<ReleaseSpec>? Releases { get; set; }
}
