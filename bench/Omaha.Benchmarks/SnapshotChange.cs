using BenchmarkDotNet.Attributes;
using Omaha.Catalog;

namespace Omaha.Benchmarks;

/// <summary>What one changed app costs a server: from the bytes of its document to the next snapshot.</summary>
[MemoryDiagnoser]
public class SnapshotChange
{
    private CatalogSnapshot _snapshot = CatalogSnapshot.Empty;
    private byte[][] _changed = [];
    private int _next;

    [Params(10, 10_000, 1_000_000)]
    public int Apps { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _snapshot = SmallApps.Snapshot(Apps);
        _changed = [.. Enumerable.Range(0, 10).Select(static app => DocumentJson.Write(SmallApps.Document(app)))];
    }

    [Benchmark]
    public CatalogSnapshot Change() => _snapshot = Apply(_snapshot, _changed[_next = (_next + 1) % _changed.Length]);

    /// <summary>Takes a changed document as a server does.</summary>
    internal static CatalogSnapshot Apply(CatalogSnapshot snapshot, byte[] json)
    {
        var document = DocumentJson.ReadApp(json, out _)!;
        if (AppValidator.Check(document).Count > 0) throw new InvalidOperationException("The document has faults.");
        var editor = snapshot.Edit();
        editor.Put(CatalogApp.From(document, editor.Find(document.App!)));
        return editor.Build();
    }
}
