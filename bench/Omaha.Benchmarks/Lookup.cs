using System.Buffers;
using System.IO.Hashing;
using System.Text;
using BenchmarkDotNet.Attributes;
using Omaha.Catalog;
using Omaha.Protocol;
using Omaha.Server;

namespace Omaha.Benchmarks;

/// <summary>
/// Finding apps by their ids, each time another one at random, and answering checks of them, beside the dictionary of the standard library: among
/// a million apps none is in a cache of the processor, so a search costs as many waits for memory as it looks at places, in either.
/// </summary>
[MemoryDiagnoser]
public class Lookup
{
    /// <summary>So many apps are drawn beforehand that their turn comes again only after they have left every cache.</summary>
    private const int Draws = 1 << 18;

    private const int IdBytes = 38;

    private readonly Random _random = new(20260304);
    private CatalogSnapshot _snapshot = CatalogSnapshot.Empty;
    private Responder _responder = null!;
    private byte[] _ids = [];
    private byte[] _body = [];
    private int _idInBody;
    private int _next;
    private Dictionary<byte[], CatalogApp>.AlternateLookup<ReadOnlySpan<byte>> _dictionary;

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
        var dictionary = new Dictionary<byte[], CatalogApp>(Apps, new KeyComparer());
        foreach (var app in _snapshot.Apps) dictionary.Add(app.Key, app);
        _dictionary = dictionary.GetAlternateLookup<ReadOnlySpan<byte>>();

        // Once around, so that whatever is made on first use is there.
        for (var draw = 0; draw < Draws; draw++)
        {
            if (Respond() != Refusal.None) throw new InvalidOperationException("The check is refused.");
        }

        if (Find() is null || FindInDictionary() is null) throw new InvalidOperationException("The app is not found.");
    }

    [Benchmark(Baseline = true)]
    public CatalogApp? FindInDictionary() => _dictionary.TryGetValue(NextId()[1..^1], out var app) ? app : null;

    [Benchmark]
    public CatalogApp? Find() => _snapshot.Find(NextId()[1..^1]);

    [Benchmark]
    public Refusal Respond()
    {
        NextId().CopyTo(_body.AsSpan(_idInBody));
        return _responder.Answer(new ReadOnlySequence<byte>(_body), out _);
    }

    private ReadOnlySpan<byte> NextId() => _ids.AsSpan((_next = (_next + 1) % Draws) * IdBytes, IdBytes);

    /// <summary>Compares keys as the catalogue does.</summary>
    private sealed class KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? left, byte[]? right) => left.AsSpan().SequenceEqual(right);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] key) => GetHashCode(key.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash3.HashToUInt64(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
