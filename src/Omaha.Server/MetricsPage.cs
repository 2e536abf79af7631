using System.Globalization;
using System.Text;
using Omaha.Catalog;
using Omaha.Protocol;
using Omaha.Redis;

namespace Omaha.Server;

/// <summary>The metrics in Prometheus text format (version 0.0.4). This file is the list of names: each is written here once, with its help text.</summary>
internal sealed class MetricsPage(ServerMetrics metrics, CatalogReplica replica, ISnapshotSource catalog, Readiness readiness, LoadHold load, ConnectionGate gate, Drain drain, DiskSnapshot? disk, TimeProvider time)
{
    public Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(Render());
    }

    private string Render()
    {
        var page = new StringBuilder(8192);
        var status = replica.Status;

        Head(page, "omaha_checks_total", "counter", "Apps answered, by decision: every update check, and every app that is unknown or has no usable id. Probes and tests (testsource) are left out.");
        foreach (var decision in ServerMetrics.Decisions) Sample(page, "omaha_checks_total", $"decision=\"{decision}\"", metrics.ChecksBy(decision));

        Head(page, "omaha_node_ids_total", "counter", "Update checks of known apps by where the node's id was found, but for those held because of overload; those with None go last in every rollout.");
        foreach (var source in ServerMetrics.NodeIdSources) Sample(page, "omaha_node_ids_total", $"source=\"{source}\"", metrics.ChecksWith(source));

        Head(page, "omaha_app_checks_total", "counter", $"Update checks of the apps that ask to be counted by name, at most {ServerMetrics.MaxAppLabels} of them.");
        foreach (var (app, checks) in metrics.ByApp())
        {
            foreach (var decision in ServerMetrics.Decisions)
            {
                if (checks(decision) is > 0 and var count) Sample(page, "omaha_app_checks_total", $"app=\"{Label(app)}\",decision=\"{decision}\"", count);
            }
        }

        Head(page, "omaha_events_total", "counter", "Events that clients reported about known apps, by what they mean. Routine ones say that nothing was updated.");
        foreach (var kind in ServerMetrics.EventKinds) Sample(page, "omaha_events_total", $"event=\"{kind}\"", metrics.EventsOf(kind));

        Head(page, "omaha_event_errors_total", "counter", "Failed and rolled back events by error code without flags; http for codes that carry an HTTP status, other for the rest.");
        foreach (var (code, count) in metrics.EventErrors()) Sample(page, "omaha_event_errors_total", $"code=\"{code}\"", count);

        Head(page, "omaha_refusals_total", "counter", "Requests that were refused as a whole, by reason.");
        foreach (var refusal in ServerMetrics.Refusals)
        {
            if (refusal != Refusal.None) Sample(page, "omaha_refusals_total", $"refusal=\"{refusal}\"", metrics.RefusalsBy(refusal));
        }

        Head(page, "omaha_ready", "gauge", "1 when there is a catalogue, the server has answered a request of its own, and it was not told to stop.");
        Sample(page, "omaha_ready", null, readiness.IsReady ? 1 : 0);

        RenderLoad(page);

        Head(page, "omaha_replica_state", "gauge", "1 for the state that the replica is in: Diverged waits for an operator, Lost and Unreachable for the store.");
        foreach (var state in Enum.GetValues<ReplicaState>()) Sample(page, "omaha_replica_state", $"state=\"{state}\"", status.State == state ? 1 : 0);

        Head(page, "omaha_replica_revision", "gauge", "Revision of the store that is served.");
        Sample(page, "omaha_replica_revision", null, status.Version.Revision);

        Head(page, "omaha_store_revision", "gauge", "Revision that the store was last seen at.");
        Sample(page, "omaha_store_revision", null, status.StoreVersion.Revision);

        Head(page, "omaha_replica_age_seconds", "gauge", "Seconds since the store last agreed with what is served; -1 when it never did.");
        Sample(page, "omaha_replica_age_seconds", null, replica.Age is { } age ? age.TotalSeconds : -1);

        Head(page, "omaha_replica_from_disk", "gauge", "1 while the catalogue that is served was kept on disk by an earlier run and the store has not confirmed it since.");
        Sample(page, "omaha_replica_from_disk", null, status.IsFromDisk ? 1 : 0);

        Head(page, "omaha_store_connected", "gauge", "1 while a connection to the store is open.");
        Sample(page, "omaha_store_connected", null, status.Connected ? 1 : 0);

        Head(page, "omaha_store_faulty", "gauge", "1 when the head or the brakes of the store cannot be read; unreadable brakes pause everything.");
        Sample(page, "omaha_store_faulty", null, status.StoreFault is null ? 0 : 1);

        Head(page, "omaha_ramps_frozen", "gauge", "1 while exposure stands still because the store was not heard of for longer than Replica:FreezeAfter.");
        Sample(page, "omaha_ramps_frozen", null, catalog.RampLimit < time.GetUtcNow() ? 1 : 0);

        Head(page, "omaha_poll_interval_brake_seconds", "gauge", "Seconds before which no machine is told to ask again; 0 for no brake.");
        Sample(page, "omaha_poll_interval_brake_seconds", null, catalog.Current.Brakes.PollInterval?.Seconds ?? 0);

        Head(page, "omaha_paused_all", "gauge", "1 while everything is paused.");
        Sample(page, "omaha_paused_all", null, catalog.Current.Brakes.PauseAll is null ? 0 : 1);

        Head(page, "omaha_apps", "gauge", "Apps in the catalogue.");
        Sample(page, "omaha_apps", null, status.Apps);

        Head(page, "omaha_apps_faulty", "gauge", "Apps whose documents have faults and that are served in their last good form.");
        Sample(page, "omaha_apps_faulty", null, status.FaultyApps);

        Head(page, "omaha_apps_unsupported", "gauge", "Apps that require what this build lacks and are answered with noupdate.");
        Sample(page, "omaha_apps_unsupported", null, status.UnsupportedApps);

        Head(page, "omaha_replica_loads_total", "counter", "Times the replica read the store, everything (full) or what had changed (increment).");
        Sample(page, "omaha_replica_loads_total", "kind=\"full\"", status.FullLoads);
        Sample(page, "omaha_replica_loads_total", "kind=\"increment\"", status.Increments);

        if (disk is not null) RenderDisk(page, disk.Status);
        return page.ToString();
    }

    private void RenderLoad(StringBuilder page)
    {
        Head(page, "omaha_draining", "gauge", "1 from when the server was told to stop.");
        Sample(page, "omaha_draining", null, drain.IsDraining ? 1 : 0);

        Head(page, "omaha_connections", "gauge", "Open connections of the public port.");
        Sample(page, "omaha_connections", null, gate.Count);

        Head(page, "omaha_connections_limit", "gauge", "Most connections that may be open: Limits:Connections, or as many as the process may open files for.");
        Sample(page, "omaha_connections_limit", null, gate.Bound);

        Head(page, "omaha_connections_total", "counter", "Connections to the public port, accepted ones and those that were shed because too many were open.");
        Sample(page, "omaha_connections_total", "outcome=\"accepted\"", gate.Accepted);
        Sample(page, "omaha_connections_total", "outcome=\"shed\"", gate.Shed);

        Head(page, "omaha_overload_lag_seconds", "gauge", "Median time of the last half second from when a request could be read until it was handled.");
        Sample(page, "omaha_overload_lag_seconds", null, load.Lag.TotalSeconds);

        Head(page, "omaha_overload_cpu_ratio", "gauge", "CPU time used in the last half second, as a share of what the process may use.");
        Sample(page, "omaha_overload_cpu_ratio", null, load.Cpu);

        Head(page, "omaha_overload_held_ratio", "gauge", "Share of the requests that is held because of overload (decision HeldLoad), unless somebody asks by hand.");
        Sample(page, "omaha_overload_held_ratio", null, load.Share / 100.0);
    }

    /// <summary>Only where a snapshot is kept: an absent series is no alarm.</summary>
    private static void RenderDisk(StringBuilder page, DiskSnapshotStatus status)
    {
        Head(page, "omaha_snapshot_faulty", "gauge", "1 when the snapshot on disk could not be used at the start, or cannot be written.");
        Sample(page, "omaha_snapshot_faulty", null, status.Fault is null ? 0 : 1);

        Head(page, "omaha_snapshot_revision", "gauge", "Revision of the store that the snapshot on disk shows; -1 when there is none.");
        Sample(page, "omaha_snapshot_revision", null, status.Version.IsNone ? -1 : status.Version.Revision);

        Head(page, "omaha_snapshot_bytes", "gauge", "Size of the snapshot on disk.");
        Sample(page, "omaha_snapshot_bytes", null, status.Bytes);

        Head(page, "omaha_snapshot_writings_total", "counter", "Times the snapshot on disk was written (done), or could not be read or written (failed).");
        Sample(page, "omaha_snapshot_writings_total", "outcome=\"done\"", status.Writings);
        Sample(page, "omaha_snapshot_writings_total", "outcome=\"failed\"", status.Failures);
    }

    private static void Head(StringBuilder page, string name, string type, string help) =>
        page.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Sample(StringBuilder page, string name, string? labels, double value)
    {
        page.Append(name);
        if (labels is not null) page.Append('{').Append(labels).Append('}');
        page.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Label(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
