using System.Text;
using BenchmarkDotNet.Attributes;
using Omaha.Protocol;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>
/// Every refusal that a body can cause. Most bodies are a usual check, about 750 bytes, with a fault as near to its end as that fault can be,
/// so that the most work is done in vain; those that have too many of something have one too many. What the endpoint refuses without a look
/// at the body is not here.
/// </summary>
[MemoryDiagnoser]
public class Refuse
{
    private const string End = "</request>";

    [ParamsSource(nameof(Faults))]
    public Fault Fault { get; set; } = null!;

    public static IEnumerable<Fault> Faults =>
    [
        InCheck(Refusal.EmptyBody, new string(' ', Requests.Flatcar.Length)),
        Fault.Of("UnsupportedEncoding", Refusal.UnsupportedEncoding, Encoding.UTF8.GetBytes(Requests.Flatcar), Encoding.Latin1.GetBytes(At(End, "\u00FF" + End))),
        InCheck(Refusal.Malformed, At(End, "</reques>")),
        InCheck(Refusal.UnescapedQuote, At("previousversion=\"\"", "previousversion=\"a\"b\"")),
        InCheck(Refusal.DocumentType, At(End, "<!DOCTYPE a>" + End)),
        InCheck(Refusal.DuplicateAttribute, At("previousversion", "eventtype")),
        InCheck(Refusal.BadNamespace, At(End, "<o:a/>" + End)),
        InCheck(Refusal.WrongRoot, At("<request ", "<requests ").Replace(End, "</requests>", StringComparison.Ordinal)),
        InCheck(Refusal.UnsupportedProtocol, At("protocol=\"3.0\"", "protocol=\"4.0\"")),
        InCheck(Refusal.TooDeep, At(End, Repeat("<a>", RequestLimits.Depth) + End)),
        Counted(Refusal.TooManyAttributes, RequestLimits.AttributesPerElement, count => $"<a{string.Concat(Enumerable.Range(0, count).Select(i => $" a{i:D2}=\"b\""))}/>"),
        Counted(Refusal.ValueTooLong, RequestLimits.ValueBytes, count => $"<a b=\"{new string('c', count)}\"/>"),
        Counted(Refusal.TooManyApps, RequestLimits.Apps, count => Repeat("<app b=\"c\"/>", count)),
        Counted(Refusal.TooManyEvents, RequestLimits.EventsPerApp, count => $"<app appid=\"{Fleet.FlatcarId}\">{Repeat("<event/>", count)}</app>"),
        Counted(Refusal.TooManyNodes, RequestLimits.Nodes - 1, count => Repeat("<a/>", count)),
    ];

    [Benchmark(Baseline = true)]
    public Refusal Answered() => Fault.AnswerWithout();

    [Benchmark]
    public Refusal Refused() => Fault.Refuse();

    private static Fault InCheck(Refusal refusal, string body) => Fault.Of(refusal.ToString(), refusal, Requests.Flatcar, body);

    private static Fault Counted(Refusal refusal, int most, Func<int, string> content) =>
        Fault.Of(refusal.ToString(), refusal, $"<request protocol=\"3.0\">{content(most)}</request>", $"<request protocol=\"3.0\">{content(most + 1)}</request>");

    /// <summary>The check with another text in place of one that it has once.</summary>
    private static string At(string text, string other) => Requests.Flatcar.Replace(text, other, StringComparison.Ordinal);

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
