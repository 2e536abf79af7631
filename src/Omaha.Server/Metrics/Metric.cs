namespace Omaha.Server.Metrics;

/// <summary>What kind of figure a metric is.</summary>
internal enum MetricKind
{
    /// <summary>Only rises; starts at 0 with the process.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>How often a measurement fell below each of several bounds.</summary>
    Histogram,
}

/// <summary>One metric: its documentation, and how it is read. Whatever shows metrics is made from these.</summary>
/// <param name="Name">As Prometheus writes it: base units, <c>_total</c> at the end of counters.</param>
/// <param name="Kind">What kind of figure it is.</param>
/// <param name="Labels">Names of its labels.</param>
/// <param name="Help">What it means, in one line.</param>
/// <param name="Read">Reads it as it is now. No sample where there is nothing to say.</param>
internal sealed record Metric(string Name, MetricKind Kind, string[] Labels, string Help, Func<IEnumerable<MetricSample>> Read)
{
    /// <summary>A counter without labels.</summary>
    public static Metric Counter(string name, string help, Func<double> read) => new(name, MetricKind.Counter, [], help, () => [new MetricSample(read(), [])]);

    /// <summary>A counter with one label, which has the given values.</summary>
    public static Metric Counter<T>(string name, string label, IEnumerable<T> values, string help, Func<T, double> read)
        where T : notnull => new(name, MetricKind.Counter, [label], help, () => values.Select(value => MetricSample.Of(label, $"{value}", read(value))));

    /// <summary>A gauge without labels.</summary>
    public static Metric Gauge(string name, string help, Func<double> read) => new(name, MetricKind.Gauge, [], help, () => [new MetricSample(read(), [])]);

    /// <summary>A gauge that is 1 or 0.</summary>
    public static Metric Flag(string name, string help, Func<bool> read) => Gauge(name, help, () => read() ? 1 : 0);
}

/// <summary>One value of a metric.</summary>
/// <param name="Value">The value.</param>
/// <param name="Labels">Its labels with their values.</param>
/// <param name="Suffix">What follows the name, for the parts of a histogram.</param>
internal readonly record struct MetricSample(double Value, KeyValuePair<string, object?>[] Labels, string Suffix = "")
{
    public static MetricSample Of(string label, string labelled, double value) => new(value, [new(label, labelled)]);
}

/// <summary>Metrics that belong together.</summary>
internal interface IMetricSource
{
    IEnumerable<Metric> Metrics { get; }
}
