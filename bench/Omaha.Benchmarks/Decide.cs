using BenchmarkDotNet.Attributes;
using Omaha.Catalog;
using Omaha.Protocol;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>The rules alone: which release, if any, the machine of a request that is read is offered.</summary>
[MemoryDiagnoser]
public class Decide
{
    private readonly CatalogSnapshot _snapshot = Exchange.Catalog();
    private readonly UpdateRequest _request = new();
    private CatalogApp _app = null!;
    private ClientKind _client;

    [Params("Offered", "Current", "ChromeOS")]
    public string Check { get; set; } = "";

    private static readonly CheckMoment Moment = new(new DateTimeOffset(2026, 3, 4, 20, 0, 0, TimeSpan.Zero));

    [GlobalSetup]
    public void Setup()
    {
        _request.Load(System.Text.Encoding.UTF8.GetBytes(Check switch { "Offered" => Requests.Flatcar, "Current" => Requests.FlatcarCurrent, _ => Requests.ChromeOs }));
        if (XmlRequestReader.Read(_request) != Refusal.None) throw new InvalidOperationException("The request is refused.");
        _app = _snapshot.Find(System.Text.Encoding.UTF8.GetBytes(AppIds.Normalize(Check == "ChromeOS" ? Fleet.ChromeOsId : Fleet.FlatcarId)))!;
        _client = ClientKinds.Of(_request);
        if (Outcome().Decision != (Check == "Current" ? Decision.Current : Decision.Offered)) throw new InvalidOperationException($"{Outcome().Decision} in place of {Check}");
    }

    [Benchmark]
    public CheckOutcome Outcome() => Catalog.Decide.Check(_snapshot, _app, _request, _request.Apps[0], _client, Moment);
}
