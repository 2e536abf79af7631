using System.Text.Encodings.Web;
using System.Text.Json;

namespace Omaha.Benchmarks.Gate;

/// <summary>The committed figures, <c>bench/baseline.json</c>.</summary>
internal sealed class Baseline
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Bytes that one call allocates, by operation. Exact: any growth fails.</summary>
    public SortedDictionary<string, Bytes> Allocations { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Ratios of CPU time within one run, by comparison.</summary>
    public SortedDictionary<string, Cost> Ratios { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Reads the file; an empty baseline when there is none.</summary>
    public static Baseline Read(string path) => File.Exists(path) ? JsonSerializer.Deserialize<Baseline>(File.ReadAllBytes(path), Json)! : new Baseline();

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");

    /// <param name="PerCall">The figure.</param>
    /// <param name="Reason">Why it is what it is.</param>
    internal sealed record Bytes(double PerCall, string Reason);

    /// <param name="Ratio">The ratio as it was found.</param>
    /// <param name="Most">What it must not exceed whatever was found; null when only growth counts.</param>
    /// <param name="Reason">Why it is what it is.</param>
    internal sealed record Cost(double Ratio, double? Most, string Reason);
}
