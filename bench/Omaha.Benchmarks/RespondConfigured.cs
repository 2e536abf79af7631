using BenchmarkDotNet.Attributes;
using Omaha.Protocol;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>Whole answers of a catalogue with all that can hold an offer, beside the same answers of one with nothing of it.</summary>
[MemoryDiagnoser]
public class RespondConfigured
{
    private readonly Exchange _plainOffered;
    private readonly Exchange _plainCurrent;
    private readonly Exchange _configuredOffered;
    private readonly Exchange _configuredRamped;

    public RespondConfigured()
    {
        var plain = Exchange.ResponderOver(Fleet.Snapshot(Fleet.Flatcar()));
        var configured = Exchange.ResponderOver(Fleet.ConfiguredSnapshot(new StoppedClock().GetUtcNow(), Fleet.Flatcar()));
        var (old, current) = (System.Text.Encoding.UTF8.GetBytes(Fleet.FlatcarCheck()), System.Text.Encoding.UTF8.GetBytes(Fleet.FlatcarCheck("4081.3.1")));
        _plainOffered = new Exchange(plain, old, Refusal.None, "<manifest version=\"4081.3.1\">");
        _plainCurrent = new Exchange(plain, current, Refusal.None, "noupdate");
        _configuredOffered = new Exchange(configured, old, Refusal.None, "<manifest version=");
        _configuredRamped = new Exchange(configured, current, Refusal.None, "<updatecheck");
    }

    [Benchmark(Baseline = true)]
    public Refusal PlainOffered() => _plainOffered.Answer();

    /// <summary>The node is weighed against the ramp, then against floors, freezes and windows.</summary>
    [Benchmark]
    public Refusal ConfiguredOffered() => _configuredOffered.Answer();

    [Benchmark]
    public Refusal PlainCurrent() => _plainCurrent.Answer();

    /// <summary>The node has the last complete release and is weighed against the ramp of the next.</summary>
    [Benchmark]
    public Refusal ConfiguredRamped() => _configuredRamped.Answer();
}
