using System.Text;
using BenchmarkDotNet.Attributes;
using Omaha.Protocol;

namespace Omaha.Benchmarks;

/// <summary>
/// Every refusal that a body can cause. Most bodies are a usual check, about 750 bytes, with a fault as near to its end as that fault can be,
/// so that the most work is done in vain; where there is too much of something, the body beside it has as much as may be. What the endpoint
/// refuses without a look at the body is not here.
/// </summary>
[MemoryDiagnoser]
public class Refuse
{
    private const string End = "</request>";
    private const string AppEnd = "</app>";

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
        Counted(Refusal.TooManyAttributes, RequestLimits.AttributesPerElement, AppEnd, count => $"<a{string.Concat(Enumerable.Range(0, count).Select(i => $" a{i:D2}=\"b\""))}/>"),
        Counted(Refusal.ValueTooLong, RequestLimits.ValueBytes, AppEnd, count => $"<a b=\"{new string('c', count)}\"/>"),
        Counted(Refusal.TooManyApps, RequestLimits.Apps - 1, End, count => Repeat("<app b=\"c\"/>", count)),
        Counted(Refusal.TooManyEvents, RequestLimits.EventsPerApp - 1, AppEnd, count => Repeat("<event/>", count)),
        Counted(Refusal.TooManyNodes, RequestLimits.DataPerApp, AppEnd, count => Repeat("<data name=\"untrusted\">a</data>", count)),
    ];

    [Benchmark(Baseline = true)]
    public Refusal Answered() => Fault.AnswerWithout();

    [Benchmark]
    public Refusal Refused() => Fault.Refuse();

    private static Fault InCheck(Refusal refusal, string body) => Fault.Of(refusal.ToString(), refusal, Requests.Flatcar, body);

    /// <summary>The check with as much of something as there may be, and with one more.</summary>
    private static Fault Counted(Refusal refusal, int most, string before, Func<int, string> content) =>
        Fault.Of(refusal.ToString(), refusal, At(before, content(most) + before), At(before, content(most + 1) + before));

    /// <summary>The check with another text in place of one that it has once.</summary>
    private static string At(string text, string other) => Requests.Flatcar.Replace(text, other, StringComparison.Ordinal);

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
