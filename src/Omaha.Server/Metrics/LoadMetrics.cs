namespace Omaha.Server.Metrics;

/// <summary>How loaded the server is, and what it holds because of it.</summary>
internal sealed class LoadMetrics(LoadHold load) : IMetricSource
{
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Gauge("omaha_overload_lag_seconds", "Median time of the last half second from when a request could be read until it was handled.", () => load.Lag.TotalSeconds),
        Metric.Gauge("omaha_overload_cpu_ratio", "CPU time used in the last half second, as a share of what the process may use.", () => load.Cpu),
        Metric.Gauge("omaha_overload_held_ratio", "Share of the requests that is held because of overload (decision HeldLoad), unless somebody asks by hand.", () => load.Share / 100.0),
    ];
}
