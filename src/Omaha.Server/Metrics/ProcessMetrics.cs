using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Omaha.Server.Metrics;

/// <summary>The process, under the names that Prometheus' own client libraries use.</summary>
internal sealed class ProcessMetrics : IMetricSource
{
    private const string Descriptors = "/proc/self/fd";
    private const string Limits = "/proc/self/limits";
    private const string DescriptorLimit = "Max open files";

    private readonly double _started = new DateTimeOffset(Process.GetCurrentProcess().StartTime.ToUniversalTime(), TimeSpan.Zero).ToUnixTimeMilliseconds() / 1000.0;

    public IEnumerable<Metric> Metrics =>
    [
        new("omaha_build_info", MetricKind.Gauge, ["version", "runtime"], "1; its labels say which build runs.", static () => [new MetricSample(1, [new("version", Version), new("runtime", Environment.Version.ToString())])]),
        Metric.Counter("process_cpu_seconds_total", "CPU time that the process took, user and system.", static () => Environment.CpuUsage.TotalTime.TotalSeconds),
        Metric.Gauge("process_resident_memory_bytes", "Memory of the process that is resident.", static () => Environment.WorkingSet),
        Metric.Gauge("process_start_time_seconds", "When the process started, in seconds since 1970.", () => _started),
        Metric.Gauge("process_threads", "Threads of the process.", static () => Threads()),
        new("process_open_fds", MetricKind.Gauge, [], "File descriptors that are open, connections included. Linux only.", static () => Directory.Exists(Descriptors) ? [new MetricSample(OpenDescriptors(), [])] : []),
        new("process_max_fds", MetricKind.Gauge, [], "File descriptors that may be open; no connection is accepted beyond. Linux only.", static () => MaxDescriptors() is { } most ? [new MetricSample(most, [])] : []),
    ];

    internal static string Version => typeof(ProcessMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static int Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    /// <summary>Less the one that the counting itself opens.</summary>
    private static int OpenDescriptors() => Directory.EnumerateFileSystemEntries(Descriptors).Count() - 1;

    /// <summary>The soft limit; none where it is unlimited or unknown.</summary>
    private static double? MaxDescriptors()
    {
        if (!File.Exists(Limits)) return null;
        var line = File.ReadLines(Limits).FirstOrDefault(static line => line.StartsWith(DescriptorLimit, StringComparison.Ordinal));
        var soft = line?[DescriptorLimit.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return double.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : null;
    }
}
