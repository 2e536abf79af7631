using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Server.Metrics;

/// <summary>How the server stands to the store, and what catalogue it serves.</summary>
internal sealed class ReplicaMetrics(CatalogReplica replica, ISnapshotSource catalog, Readiness readiness, TimeProvider time) : IMetricSource
{
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Flag("omaha_ready", "1 when there is a catalogue, the server has answered a request of its own, and it was not told to stop.", () => readiness.IsReady),
        new("omaha_replica_state", MetricKind.Gauge, ["state"], "1 for the state that the replica is in: Diverged waits for an operator, Lost and Unreachable for the store.", States),
        Metric.Gauge("omaha_replica_revision", "Revision of the store that is served.", () => replica.Status.Version.Revision),
        Metric.Gauge("omaha_store_revision", "Revision that the store was last seen at.", () => replica.Status.StoreVersion.Revision),
        Metric.Gauge("omaha_replica_age_seconds", "Seconds since the store last agreed with what is served; -1 when it never did.", () => replica.Age is { } age ? age.TotalSeconds : -1),
        Metric.Flag("omaha_replica_from_disk", "1 while the catalogue that is served was kept on disk by an earlier run and the store has not confirmed it since.", () => replica.Status.IsFromDisk),
        Metric.Flag("omaha_store_connected", "1 while a connection to the store is open.", () => replica.Status.Connected),
        Metric.Flag("omaha_store_hints", "1 while the store's hints about changes are heard; without them a change is found by looking, within Replica:PollInterval.", () => replica.Status.HearsHints),
        Metric.Flag("omaha_store_faulty", "1 when the head or the brakes of the store cannot be read; unreadable brakes pause everything.", () => replica.Status.StoreFault is not null),
        Metric.Flag("omaha_ramps_frozen", "1 while exposure stands still because the store was not heard of for longer than Replica:FreezeAfter.", () => catalog.RampLimit < time.GetUtcNow()),
        Metric.Gauge("omaha_poll_interval_brake_seconds", "Seconds before which no machine is told to ask again; 0 for no brake.", () => catalog.Current.Brakes.PollInterval?.Seconds ?? 0),
        Metric.Flag("omaha_paused_all", "1 while everything is paused.", () => catalog.Current.Brakes.PauseAll is not null),
        Metric.Gauge("omaha_apps", "Apps in the catalogue.", () => replica.Status.Apps),
        Metric.Gauge("omaha_apps_faulty", "Apps whose documents have faults and that are served in their last good form.", () => replica.Status.FaultyApps),
        Metric.Gauge("omaha_apps_unsupported", "Apps that require what this build lacks and are answered with noupdate.", () => replica.Status.UnsupportedApps),
        Metric.Counter("omaha_replica_loads_total", "kind", ["full", "increment"], "Times the replica read the store, everything (full) or what had changed (increment).", kind => kind == "full" ? replica.Status.FullLoads : replica.Status.Increments),
    ];

    private IEnumerable<MetricSample> States()
    {
        var current = replica.Status.State;
        return Enum.GetValues<ReplicaState>().Select(state => MetricSample.Of("state", $"{state}", state == current ? 1 : 0));
    }
}
