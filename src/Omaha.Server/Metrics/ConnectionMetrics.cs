namespace Omaha.Server.Metrics;

/// <summary>Connections of the public port.</summary>
internal sealed class ConnectionMetrics(ConnectionGate gate, Drain drain) : IMetricSource
{
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Gauge("omaha_connections", "Open connections of the public port, busy or idle.", () => gate.Count),
        Metric.Gauge("omaha_connections_limit", "Most connections that may be open: Limits:Connections, or as many as the process may open files for.", () => gate.Bound),
        Metric.Counter("omaha_connections_total", "outcome", ["accepted", "shed"], "Connections to the public port, accepted ones and those that were shed because too many were open.", outcome => outcome == "accepted" ? gate.Accepted : gate.Shed),
        Metric.Flag("omaha_draining", "1 from when the server was told to stop.", () => drain.IsDraining),
    ];
}
