using System.Text;
using BenchmarkDotNet.Attributes;
using Omaha.Catalog;
using Omaha.Protocol;

namespace Omaha.Benchmarks;

/// <summary>Finding apps by their ids, each time another one at random, and answering checks of them.</summary>
[MemoryDiagnoser]
public class Lookup
{
    /// <summary>As many lookups as there are keys at hand.</summary>
    private const int Keys = 4096;

    private CatalogSnapshot _snapshot = CatalogSnapshot.Empty;
    private byte[][] _keys = [];
    private Exchange[] _checks = [];
    private int _next;

    [Params(10, 10_000, 1_000_000)]
    public int Apps { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(20260304);
        _snapshot = SmallApps.Snapshot(Apps);
        var apps = Enumerable.Range(0, Keys).Select(_ => random.Next(Apps)).ToArray();
        _keys = [.. apps.Select(static app => Encoding.UTF8.GetBytes(AppIds.Normalize(SmallApps.Id(app))))];
        var responder = Exchange.ResponderOver(_snapshot);
        _checks = [.. apps.Select(app => new Exchange(responder, SmallApps.Check(app), Refusal.None, "<manifest version=\"4081.3.1\">"))];
    }

    [Benchmark]
    public CatalogApp? Find() => _snapshot.Find(_keys[Next()]);

    [Benchmark]
    public Refusal Respond() => _checks[Next()].Answer();

    private int Next() => _next = (_next + 1) % Keys;
}
