namespace Omaha.Server.Metrics;

/// <summary>Connections of the public port.</summary>
internal sealed class ConnectionMetrics(ConnectionGate gate) : IMetricSource
{
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Gauge("omaha_connections", "Connections of machines that are open, busy or idle.", () => gate.Count),
        Metric.Gauge("omaha_connections_limit", "Most connections that may be open: Limits:Connections, or as many as the process may open files for.", () => gate.Bound),
        Metric.Counter("omaha_connections_total", "outcome", ["accepted", "shed"], "Connections of machines, accepted ones and those that were shed because too many were open.", outcome => outcome == "accepted" ? gate.Accepted : gate.Shed),
    ];
}
