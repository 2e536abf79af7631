using System.Text;
using BenchmarkDotNet.Attributes;
using Omaha.Protocol;

namespace Omaha.Benchmarks;

/// <summary>The reader alone, beside .NET's XmlReader going to the same values.</summary>
[MemoryDiagnoser]
public class Parse
{
    private readonly UpdateRequest _request = new();
    private byte[] _body = [];

    [Params("Flatcar", "FlatcarUpdated", "ChromeOS", "Chromium")]
    public string Client { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _body = Encoding.UTF8.GetBytes(Client switch { "Flatcar" => Requests.Flatcar, "FlatcarUpdated" => Requests.FlatcarUpdated, "ChromeOS" => Requests.ChromeOs, _ => Requests.Chromium });

    [Benchmark(Baseline = true)]
    public int XmlReader() => XmlReaderParser.Read(_body);

    [Benchmark]
    public Refusal XmlRequestReader()
    {
        _request.Load(_body);
        return Protocol.XmlRequestReader.Read(_request);
    }
}
