namespace Omaha.Server.Metrics;

/// <summary>
/// Every metric of the server, once: <c>/metrics</c>, the export by OTLP and the page <c>metrics.md</c> are made from this. A new metric is a line in
/// one of the sources.
/// </summary>
public sealed class MetricTable
{
    internal MetricTable(IEnumerable<IMetricSource> sources) => Metrics = [.. sources.SelectMany(static source => source.Metrics)];

    internal IReadOnlyList<Metric> Metrics { get; }
}
