namespace Omaha.Server.Metrics;

/// <summary>How much the server has to do, what it puts off, and whether it stops.</summary>
internal sealed class LoadMetrics(LoadHold load, Drain drain) : IMetricSource
{
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Flag("omaha_draining", "1 from when the server was told to stop.", () => drain.IsDraining),
        Metric.Gauge("omaha_overload_lag_seconds", "Median time of the last half second from when a request could be read until it was handled.", () => load.Lag.TotalSeconds),
        Metric.Gauge("omaha_overload_cpu_ratio", "CPU time used in the last half second, as a share of what the process may use.", () => load.Cpu),
        Metric.Gauge("omaha_overload_held_ratio", "Share of the requests that is held because of overload (decision HeldLoad), unless somebody asks by hand.", () => load.Share / 100.0),
    ];
}
