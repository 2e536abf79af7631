using System.Text;
using BenchmarkDotNet.Attributes;
using Omaha.Protocol;

namespace Omaha.Benchmarks;

/// <summary>The largest bodies that are read at all, each made of what costs the most to read of its kind, with the fault at the end.</summary>
[MemoryDiagnoser]
public class RefuseLarge
{
    private const string Start = "<request protocol=\"3.0\">";

    private readonly Exchange _answered = new(Requests.Largest, Refusal.None, "<manifest");
    private readonly Exchange _whiteSpace = new(new string(' ', RequestLimits.BodyBytes), Refusal.EmptyBody);
    private readonly Exchange _notUtf8 = new([.. Encoding.UTF8.GetBytes(Requests.Filling(Start, "日é", "")), 0xFF], Refusal.UnsupportedEncoding);
    private readonly Exchange _apps = new(Requests.Filling(Start, RequestLimits.Apps, $"<app{Names(28)}/>", "</reques>"), Refusal.Malformed);
    private readonly Exchange _elements = new(Requests.Filling(Start, RequestLimits.Nodes - 1, "<aaaaaaaa b=''/>", "</reques>"), Refusal.Malformed);
    private readonly Exchange _nodes = new(Requests.Filling(Start, "<a/>", "</request>"), Refusal.TooManyNodes);
    private readonly Exchange _attributes = new(Requests.Filling(Start, $"<a{Names(RequestLimits.AttributesPerElement)}/>", "</reques>"), Refusal.Malformed);
    private readonly Exchange _prefixes = new(Prefixes(), Refusal.Malformed);
    private readonly Exchange _references = new(Requests.Filling(Start + "<a>", "&#65;", "</a></reques>"), Refusal.Malformed);
    private readonly Exchange _lineEnds = new(Requests.Filling(Start + "<a>", "\r]", "</a></reques>"), Refusal.Malformed);
    private readonly Exchange _depth = new(Requests.Filling("", "<a>", ""), Refusal.TooDeep);
    private readonly Exchange _value = new(Requests.Filling("<a b=\"", "\t", "\"/>"), Refusal.ValueTooLong);

    [Benchmark(Baseline = true)]
    public Refusal Answered() => _answered.Answer();

    [Benchmark]
    public Refusal WhiteSpace() => _whiteSpace.Answer();

    [Benchmark]
    public Refusal NotUtf8() => _notUtf8.Answer();

    [Benchmark]
    public Refusal Apps() => _apps.Answer();

    [Benchmark]
    public Refusal Elements() => _elements.Answer();

    [Benchmark]
    public Refusal Nodes() => _nodes.Answer();

    /// <summary>Names that the search for duplicates has to compare, each with all before it.</summary>
    [Benchmark]
    public Refusal Attributes() => _attributes.Answer();

    /// <summary>Prefixes that are found last of as many as may be declared.</summary>
    [Benchmark]
    public Refusal Prefixed() => _prefixes.Answer();

    [Benchmark]
    public Refusal References() => _references.Answer();

    [Benchmark]
    public Refusal LineEnds() => _lineEnds.Answer();

    [Benchmark]
    public Refusal Depth() => _depth.Answer();

    [Benchmark]
    public Refusal Value() => _value.Answer();

    /// <summary>Attributes whose names have their first and last letter and their length in common.</summary>
    private static string Names(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $" attribute-{i:D2}-name=\"a\""));

    private static string Prefixes()
    {
        var declarations = string.Concat(Enumerable.Range(0, RequestLimits.NamespaceDeclarations).Select(i => $" xmlns:p{i:D2}=\"urn:{i:D2}\""));
        return Requests.Filling($"<request protocol=\"3.0\"{declarations}>", RequestLimits.Nodes - 1, "<p00:a b=\"\"/>", "</reques>");
    }
}
