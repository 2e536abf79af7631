using Omaha.Redis;

namespace Omaha.Server.Metrics;

/// <summary>The snapshot on disk. Without one there are no samples: an absent series is no alarm.</summary>
internal sealed class SnapshotMetrics(DiskSnapshot? disk = null) : IMetricSource
{
    public IEnumerable<Metric> Metrics =>
    [
        Gauge("omaha_snapshot_faulty", "1 when the snapshot on disk could not be used at the start, or cannot be written.", static status => status.Fault is null ? 0 : 1),
        Gauge("omaha_snapshot_revision", "Revision of the store that the snapshot on disk shows; -1 when there is none.", static status => status.Version.IsNone ? -1 : status.Version.Revision),
        Gauge("omaha_snapshot_bytes", "Size of the snapshot on disk.", static status => status.Bytes),
        new("omaha_snapshot_writings_total", MetricKind.Counter, ["outcome"], "Times the snapshot on disk was written (done), or could not be read or written (failed).", () => disk?.Status is { } status ? [MetricSample.Of("outcome", "done", status.Writings), MetricSample.Of("outcome", "failed", status.Failures)] : []),
    ];

    private Metric Gauge(string name, string help, Func<DiskSnapshotStatus, double> read) =>
        new(name, MetricKind.Gauge, [], help, () => disk?.Status is { } status ? [new MetricSample(read(status), [])] : []);
}
