using System.Text;
using BenchmarkDotNet.Attributes;
using Omaha.Protocol;

namespace Omaha.Benchmarks;

/// <summary>
/// A usual check with one fault, as near to its end as that fault can be, so that the most work is done in vain. Where the fault takes more
/// room than the check, it is the smallest body that has it. Bodies that the endpoint refuses unread cost nothing here.
/// </summary>
[MemoryDiagnoser]
public class Refuse
{
    private const string End = "</request>";

    private readonly Exchange _answered = new(Requests.Flatcar, Refusal.None, "<manifest");
    private readonly Exchange _emptyBody = new(new string(' ', Requests.Flatcar.Length), Refusal.EmptyBody);
    private readonly Exchange _unsupportedEncoding = new(Encoding.Latin1.GetBytes(At(End, "\u00FF" + End)), Refusal.UnsupportedEncoding);
    private readonly Exchange _malformed = new(At(End, "</reques>"), Refusal.Malformed);
    private readonly Exchange _unescapedQuote = new(At("previousversion=\"\"", "previousversion=\"a\"b\""), Refusal.UnescapedQuote);
    private readonly Exchange _documentType = new(At(End, "<!DOCTYPE a>" + End), Refusal.DocumentType);
    private readonly Exchange _duplicateAttribute = new(At("previousversion", "eventtype"), Refusal.DuplicateAttribute);
    private readonly Exchange _badNamespace = new(At(End, "<o:a/>" + End), Refusal.BadNamespace);
    private readonly Exchange _wrongRoot = new(At(End, "</requests>").Replace("<request ", "<requests ", StringComparison.Ordinal), Refusal.WrongRoot);
    private readonly Exchange _unsupportedProtocol = new(At("protocol=\"3.0\"", "protocol=\"4.0\""), Refusal.UnsupportedProtocol);
    private readonly Exchange _tooDeep = new(At(End, Repeat("<a>", RequestLimits.Depth) + End), Refusal.TooDeep);
    private readonly Exchange _tooManyAttributes = new($"<request protocol=\"3.0\"><a{string.Concat(Enumerable.Range(0, RequestLimits.AttributesPerElement + 1).Select(i => $" a{i:D3}=\"b\""))}/></request>", Refusal.TooManyAttributes);
    private readonly Exchange _tooManyApps = new($"<request protocol=\"3.0\">{Repeat("<app b=\"c\"/>", RequestLimits.Apps + 1)}</request>", Refusal.TooManyApps);
    private readonly Exchange _tooManyEvents = new($"<request protocol=\"3.0\"><app>{Repeat("<event/>", RequestLimits.EventsPerApp + 1)}</app></request>", Refusal.TooManyEvents);
    private readonly Exchange _tooManyNodes = new($"<request protocol=\"3.0\"><app>{Repeat("<data name=\"untrusted\">some text</data>", RequestLimits.DataPerApp + 1)}</app></request>", Refusal.TooManyNodes);

    [Benchmark(Baseline = true)]
    public Refusal Answered() => _answered.Answer();

    [Benchmark]
    public Refusal EmptyBody() => _emptyBody.Answer();

    [Benchmark]
    public Refusal UnsupportedEncoding() => _unsupportedEncoding.Answer();

    [Benchmark]
    public Refusal Malformed() => _malformed.Answer();

    [Benchmark]
    public Refusal UnescapedQuote() => _unescapedQuote.Answer();

    [Benchmark]
    public Refusal DocumentType() => _documentType.Answer();

    [Benchmark]
    public Refusal DuplicateAttribute() => _duplicateAttribute.Answer();

    [Benchmark]
    public Refusal BadNamespace() => _badNamespace.Answer();

    [Benchmark]
    public Refusal WrongRoot() => _wrongRoot.Answer();

    [Benchmark]
    public Refusal UnsupportedProtocol() => _unsupportedProtocol.Answer();

    [Benchmark]
    public Refusal TooDeep() => _tooDeep.Answer();

    [Benchmark]
    public Refusal TooManyAttributes() => _tooManyAttributes.Answer();

    [Benchmark]
    public Refusal TooManyApps() => _tooManyApps.Answer();

    [Benchmark]
    public Refusal TooManyEvents() => _tooManyEvents.Answer();

    [Benchmark]
    public Refusal TooManyNodes() => _tooManyNodes.Answer();

    /// <summary>The check with another text in place of one that it has once.</summary>
    private static string At(string text, string other) => Requests.Flatcar.Replace(text, other, StringComparison.Ordinal);

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
