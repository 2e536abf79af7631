using System.Text;
using BenchmarkDotNet.Attributes;
using Omaha.Protocol;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>The largest bodies that are read at all, each full of what costs the most to read of its kind, with the fault at the end.</summary>
[MemoryDiagnoser]
public class RefuseLarge
{
    private const string Start = "<request protocol=\"3.0\">";
    private const string End = "</request>";

    [ParamsSource(nameof(Faults))]
    public Fault Fault { get; set; } = null!;

    public static IEnumerable<Fault> Faults =>
    [
        Unclosed("Events", Start, $"<app appid=\"{Fleet.FlatcarId}\" version=\"3510.2.0\" board=\"amd64-usr\"><updatecheck/>{Repeat("<event eventtype=\"13\" eventresult=\"1\" nextversion=\"4081.3.1\"/>", 12)}</app>", "", RequestLimits.Apps),
        Unclosed("Elements", Start, "<aaaaaaaa b=''/>", "", RequestLimits.Nodes - 1),

        // Names of one length that begin and end alike: the search for a repeated one compares each with all before it.
        Unclosed("Attributes", Start, $"<a{string.Concat(Enumerable.Range(0, RequestLimits.AttributesPerElement).Select(i => $" a{i:D2}a=''"))}/>", ""),

        // The last to be found of as many prefixes as may be declared.
        Unclosed("Prefixes", $"<request protocol=\"3.0\"{string.Concat(Enumerable.Range(0, RequestLimits.NamespaceDeclarations).Select(i => $" xmlns:p{i:D2}=\"urn:{i:D2}\""))}>", "<p00:a b=''/>", "", RequestLimits.Nodes - 1),
        Unclosed("References", Start + "<a>", "&#65;", "</a>"),
        Unclosed("LineEnds", Start + "<a>", "\r]", "</a>"),
        Unclosed("NotUtf8", Start + "<a>", "é日", "</a>", utf8: false),
        Fault.Of("Value", Refusal.ValueTooLong, Requests.Filling(Start, $"<a b=\"{Repeat("\t", RequestLimits.ValueBytes)}\"/>", End), Requests.Filling(Start + "<a b=\"", "\t", "\"/>" + End)),
    ];

    [Benchmark(Baseline = true)]
    public Refusal Answered() => Fault.AnswerWithout();

    [Benchmark]
    public Refusal Refused() => Fault.Refuse();

    /// <summary>A request full of a content, and the same with the root's end tag misspelt or not in UTF-8.</summary>
    private static Fault Unclosed(string name, string start, string content, string end, int times = int.MaxValue, bool utf8 = true)
    {
        var without = Requests.Filling(start, times, content, end + End);
        return utf8
            ? Fault.Of(name, Refusal.Malformed, without, without[..^1] + "<")
            : Fault.Of(name, Refusal.UnsupportedEncoding, Encoding.UTF8.GetBytes(without), [.. Encoding.UTF8.GetBytes(without[..^1]), 0xFF]);
    }

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
