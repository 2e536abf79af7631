namespace Omaha.Server.Metrics;

/// <summary>Connections of the public port.</summary>
internal sealed class ConnectionMetrics(OpenConnections connections) : IMetricSource
{
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Gauge("omaha_connections", "Connections of machines that are open, busy or idle.", () => connections.Open),
        Metric.Counter("omaha_connections_total", "Connections of machines that were accepted.", () => connections.Accepted),
    ];
}
