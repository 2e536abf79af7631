using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Omaha.Catalog;
using Omaha.Protocol;
using Omaha.Server;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>Whole answers of a catalogue with all that can hold an offer, beside the same answers of one with nothing of it.</summary>
[MemoryDiagnoser]
public class RespondConfigured
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 20, 0, 0, TimeSpan.Zero);

    private static readonly ReadOnlySequence<byte> Offered = new(Encoding.UTF8.GetBytes(Fleet.FlatcarCheck()));
    private static readonly ReadOnlySequence<byte> Current = new(Encoding.UTF8.GetBytes(Fleet.FlatcarCheck("4081.3.1")));

    private readonly Responder _plain = new(new FixedCatalog(Fleet.Snapshot(Fleet.Flatcar())), new DaystartClock(new StoppedClock(), TimeZoneInfo.Utc), new ServerMetrics(), new NoEventSink());
    private readonly Responder _configured = new(new FixedCatalog(Fleet.ConfiguredSnapshot(Now, Fleet.Flatcar())), new DaystartClock(new StoppedClock(), TimeZoneInfo.Utc), new ServerMetrics(), new NoEventSink());

    [Benchmark(Baseline = true)]
    public Refusal PlainOffered() => _plain.Answer(Offered, out _);

    /// <summary>The node is weighed against the ramp, then against floors, freezes and windows.</summary>
    [Benchmark]
    public Refusal ConfiguredOffered() => _configured.Answer(Offered, out _);

    [Benchmark]
    public Refusal PlainCurrent() => _plain.Answer(Current, out _);

    /// <summary>The node has the last complete release and is weighed against the ramp of the next.</summary>
    [Benchmark]
    public Refusal ConfiguredRamped() => _configured.Answer(Current, out _);

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
