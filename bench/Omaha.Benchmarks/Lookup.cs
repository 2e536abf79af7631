using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Attributes;
using Omaha.Catalog;
using Omaha.Protocol;
using Omaha.Server;

namespace Omaha.Benchmarks;

/// <summary>
/// Finding apps by their ids, each time another one at random, and answering checks of them, beside bare reads of memory: among a million apps
/// none is in a cache of the processor, so a search costs as many waits for memory as it looks at places.
/// </summary>
[MemoryDiagnoser]
public class Lookup
{
    /// <summary>So many apps are drawn beforehand that their turn comes again only after they have left every cache.</summary>
    private const int Draws = 1 << 18;

    private const int IdBytes = 38;
    private const int LongsPerApp = 32;

    private readonly Random _random = new(20260304);
    private CatalogSnapshot _snapshot = CatalogSnapshot.Empty;
    private Responder _responder = null!;
    private byte[] _ids = [];
    private byte[] _body = [];
    private int _idInBody;
    private int _next;
    private long[] _memory = [];
    private long _place;

    [Params(10, 10_000, 1_000_000)]
    public int Apps { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _snapshot = SmallApps.Snapshot(Apps);
        _responder = Exchange.ResponderOver(_snapshot);
        _ids = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Draws).Select(_ => SmallApps.Id(_random.Next(Apps)))));
        _body = SmallApps.Check(0);
        _idInBody = _body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(SmallApps.Id(0)));
        _memory = new long[(int)BitOperations.RoundUpToPowerOf2((uint)Apps) * LongsPerApp];
        _random.NextBytes(MemoryMarshal.AsBytes(_memory.AsSpan()));

        // Once around, so that whatever is made on first use is there.
        for (var draw = 0; draw < Draws; draw++)
        {
            if (Respond() != Refusal.None) throw new InvalidOperationException("The check is refused.");
        }

        if (Find() is null) throw new InvalidOperationException("The app is not found.");
    }

    /// <summary>Four reads at random places, each of which tells the next, from as much memory as a search has to do with.</summary>
    [Benchmark(Baseline = true)]
    public long FourReads()
    {
        for (var reads = 0; reads < 4; reads++) _place = _memory[(_place + reads) & (_memory.Length - 1)];
        return _place;
    }

    [Benchmark]
    public CatalogApp? Find() => _snapshot.Find(NextId()[1..^1]);

    [Benchmark]
    public Refusal Respond()
    {
        NextId().CopyTo(_body.AsSpan(_idInBody));
        return _responder.Answer(new ReadOnlySequence<byte>(_body), out _);
    }

    private ReadOnlySpan<byte> NextId() => _ids.AsSpan((_next = (_next + 1) % Draws) * IdBytes, IdBytes);
}
