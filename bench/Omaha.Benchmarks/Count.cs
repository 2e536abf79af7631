using BenchmarkDotNet.Attributes;
using Omaha.Catalog;
using Omaha.Server;

namespace Omaha.Benchmarks;

/// <summary>Counting one decided check, beside the plain shared counter that two cores would fight for.</summary>
[MemoryDiagnoser]
public class Count
{
    private readonly ServerMetrics _metrics = new();
    private long _shared;

    [Benchmark(Baseline = true)]
    public long Shared() => Interlocked.Increment(ref _shared);

    [Benchmark]
    public void Checked() => _metrics.Checked(Decision.Offered);
}
