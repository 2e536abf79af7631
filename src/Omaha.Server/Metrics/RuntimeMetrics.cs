namespace Omaha.Server.Metrics;

/// <summary>The .NET runtime, under the names of its own meter as Prometheus writes them.</summary>
internal sealed class RuntimeMetrics : IMetricSource
{
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Counter("dotnet_gc_collections_total", "generation", [0, 1, 2], "Garbage collections whose oldest generation was this one.", static generation => GC.CollectionCount(generation) - (generation < GC.MaxGeneration ? GC.CollectionCount(generation + 1) : 0)),
        Metric.Counter("dotnet_gc_pause_seconds_total", "Seconds for which garbage collections stopped all threads.", static () => GC.GetTotalPauseDuration().TotalSeconds),
        Metric.Counter("dotnet_gc_allocated_bytes_total", "Bytes that were allocated on the managed heap.", static () => GC.GetTotalAllocatedBytes()),
        Metric.Gauge("dotnet_gc_heap_bytes", "Bytes of objects on the managed heap, those included that wait to be collected.", static () => GC.GetTotalMemory(forceFullCollection: false)),
        Metric.Gauge("dotnet_gc_committed_bytes", "Memory that the managed heap holds of the system, as of the last collection.", static () => GC.GetGCMemoryInfo().TotalCommittedBytes),
        Metric.Gauge("dotnet_thread_pool_threads", "Threads of the thread pool.", static () => ThreadPool.ThreadCount),
        Metric.Gauge("dotnet_thread_pool_queue_length", "Work that waits for a thread of the pool; more than 0 for long means that the server has more to do than it can.", static () => ThreadPool.PendingWorkItemCount),
    ];
}
