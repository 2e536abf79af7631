using BenchmarkDotNet.Attributes;
using Omaha.Protocol;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>Whole answers, from the bytes of a body to the bytes of its reply.</summary>
[MemoryDiagnoser]
public class Respond
{
    private readonly Exchange _flatcarOffered = new(Requests.Flatcar, Refusal.None, "<manifest version=\"4081.3.1\">");
    private readonly Exchange _flatcarCurrent = new(Requests.FlatcarCurrent, Refusal.None, "noupdate");
    private readonly Exchange _flatcarUnknownApp = new(Requests.FlatcarUnknownApp, Refusal.None, "error-unknownApplication");
    private readonly Exchange _chromeOs = new(Requests.ChromeOs, Refusal.None, "<manifest version=\"15572.63.0\">");
    private readonly Exchange _chromium = new(Requests.Chromium, Refusal.None, "<manifest version=\"1.0.0\">");
    private readonly Exchange _twenty = new(Fleet.ChromiumCheck(Requests.Components[..20]), Refusal.None, "<manifest version=\"1.0.0\">");
    private readonly Exchange[] _singles = [.. Requests.Components[..20].Select(static id => new Exchange(Fleet.ChromiumCheck(id), Refusal.None, "<manifest version=\"1.0.0\">"))];

    [Benchmark(Baseline = true)]
    public Refusal FlatcarOffered() => _flatcarOffered.Answer();

    [Benchmark]
    public Refusal FlatcarCurrent() => _flatcarCurrent.Answer();

    [Benchmark]
    public Refusal FlatcarUnknownApp() => _flatcarUnknownApp.Answer();

    [Benchmark]
    public Refusal ChromeOsOffered() => _chromeOs.Answer();

    [Benchmark]
    public Refusal ChromiumThirtyOffered() => _chromium.Answer();

    /// <summary>Twenty components in one request.</summary>
    [Benchmark]
    public Refusal ChromiumTwentyAtOnce() => _twenty.Answer();

    /// <summary>The same twenty components, each in a request of its own.</summary>
    [Benchmark]
    public Refusal ChromiumTwentySingly()
    {
        foreach (var single in _singles) single.Answer();
        return Refusal.None;
    }
}
