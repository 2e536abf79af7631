using System.Text.Json;
using System.Text.Json.Serialization;
using HdrHistogram;

namespace Omaha.Load;

/// <summary>What a run showed. Its JSON form is what <c>--json</c> writes; times are in the unit that a name ends with.</summary>
internal sealed record LoadResult
{
    /// <summary>Files are read by people too: quotes and the like are left as they are.</summary>
    private static readonly LoadJson Json = new(new JsonSerializerOptions(LoadJson.Default.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public required DateTimeOffset Started { get; init; }

    public required string Url { get; init; }

    /// <summary>What the caller gave with <c>--label</c>.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyList<BodyResult> Bodies { get; init; }

    public required int Connections { get; init; }

    public required bool NewConnections { get; init; }

    public required int Nodes { get; init; }

    /// <summary>Requests that were due each second; null in a closed loop.</summary>
    public required double? Rate { get; init; }

    /// <summary>From when the first request was due until the time was over and the last reply there.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether somebody ended the run before its time.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>Requests that were measured, with those that were due and never sent.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests that were answered as they should be.</summary>
    public required long Right { get; init; }

    /// <summary>Right answers a second.</summary>
    public required double Throughput { get; init; }

    public required ErrorsResult Errors { get; init; }

    /// <summary>From when a request was due to its reply, of right answers.</summary>
    public required TimesResult Latency { get; init; }

    /// <summary>From when a request was due to when a connection took it; part of the latency.</summary>
    public required TimesResult Delay { get; init; }

    /// <summary>From when a connection took a request to its reply, of right answers; the other part of the latency. Bounded also where more is due than the server can do.</summary>
    public required TimesResult Served { get; init; }

    public required UsageResult Generator { get; init; }

    /// <summary>Null when no process was named.</summary>
    public required UsageResult? Server { get; init; }

    public required IReadOnlyList<PercentilePoint> Percentiles { get; init; }

    public required IReadOnlyList<Interval> Intervals { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json.LoadResult);
}

internal sealed record BodyResult(string Name, int Bytes);

/// <param name="Total">All kinds together.</param>
/// <param name="ByKind">Kinds that came up.</param>
/// <param name="Examples">What was seen the first time, by kind.</param>
internal sealed record ErrorsResult(long Total, IReadOnlyDictionary<string, long> ByKind, IReadOnlyDictionary<string, string> Examples);

internal sealed record TimesResult(
    double MeanMilliseconds,
    double P50Milliseconds,
    double P90Milliseconds,
    double P99Milliseconds,
    [property: JsonPropertyName("p99.9Milliseconds")] double P999Milliseconds,
    double MaxMilliseconds)
{
    public static TimesResult Of(LongHistogram histogram) => histogram.TotalCount == 0 ? new TimesResult(0, 0, 0, 0, 0, 0) : new TimesResult(
        histogram.GetMean() / Clock.Millisecond,
        Measurements.Milliseconds(histogram, 50),
        Measurements.Milliseconds(histogram, 90),
        Measurements.Milliseconds(histogram, 99),
        Measurements.Milliseconds(histogram, 99.9),
        Measurements.Milliseconds(histogram, 100));
}

/// <param name="Pid">The process.</param>
/// <param name="CpuMicrosecondsPerRequest">CPU time of all its threads during the measurement, by replies that were read whole; null when the process ended meanwhile.</param>
/// <param name="Cores">Cores that it kept busy.</param>
/// <param name="MemoryMiB">Resident at the end.</param>
/// <param name="PeakMemoryMiB">Most that was seen resident during the measurement.</param>
internal sealed record UsageResult(int Pid, double? CpuMicrosecondsPerRequest, double? Cores, double? MemoryMiB, double? PeakMemoryMiB);

/// <param name="Percentile">0 to 100.</param>
/// <param name="Milliseconds">Latency that so many per cent of the requests did not exceed.</param>
internal sealed record PercentilePoint(double Percentile, double Milliseconds)
{
    /// <summary>Twelve points for each nine, as far as there are requests to tell them apart.</summary>
    public static IReadOnlyList<PercentilePoint> Of(LongHistogram histogram)
    {
        var points = new List<PercentilePoint>();
        for (var step = 0; histogram.TotalCount > 0; step++)
        {
            var rarity = Math.Pow(10, step / 12.0);
            if (rarity > histogram.TotalCount) break;
            var percentile = 100 * (1 - (1 / rarity));
            points.Add(new PercentilePoint(percentile, Measurements.Milliseconds(histogram, percentile)));
        }

        return points;
    }
}

/// <summary>A piece of a run.</summary>
/// <param name="Begin">Seconds since the start.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Right">Requests that were answered as they should be.</param>
/// <param name="Errors">Requests that were not.</param>
/// <param name="P50Milliseconds">Latency.</param>
/// <param name="P99Milliseconds">Latency.</param>
/// <param name="MaxMilliseconds">Latency.</param>
internal sealed record Interval(double Begin, double Seconds, long Right, long Errors, double P50Milliseconds, double P99Milliseconds, double MaxMilliseconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LoadResult))]
internal sealed partial class LoadJson : JsonSerializerContext;
