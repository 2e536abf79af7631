using System.Text;
using Omaha.Protocol;

namespace Omaha.Server.Tests;

/// <summary>
/// A body with one fault, and the nearest one without it. Most are a usual check of about 700 bytes with a fault as near to its end as that fault
/// can be, so that the most work is done in vain; where there is too much of something, the body beside it has as much as may be.
/// </summary>
/// <param name="Refusal">What becomes of it.</param>
/// <param name="Without">The body without the fault.</param>
/// <param name="With">The body with it.</param>
internal sealed record RefusedBody(Refusal Refusal, byte[] Without, byte[] With)
{
    private const string End = "</request>";
    private const string AppEnd = "</app>";

    /// <summary>One for every refusal that a body can cause. What the endpoint refuses without a look at the body is not here.</summary>
    public static IReadOnlyList<RefusedBody> All { get; } =
    [
        InCheck(Refusal.EmptyBody, new string(' ', Check.Length)),
        new(Refusal.UnsupportedEncoding, Encoding.UTF8.GetBytes(Check), Encoding.Latin1.GetBytes(At(End, "\u00FF" + End))),
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

    private static string Check => Fleet.FlatcarCheck();

    public override string ToString() => Refusal.ToString();

    private static RefusedBody InCheck(Refusal refusal, string body) => new(refusal, Encoding.UTF8.GetBytes(Check), Encoding.UTF8.GetBytes(body));

    /// <summary>The check with as much of something as there may be, and with one more.</summary>
    private static RefusedBody Counted(Refusal refusal, int most, string before, Func<int, string> content) =>
        new(refusal, Encoding.UTF8.GetBytes(At(before, content(most) + before)), Encoding.UTF8.GetBytes(At(before, content(most + 1) + before)));

    /// <summary>The check with another text in place of one that it has once.</summary>
    private static string At(string text, string other) => Check.Replace(text, other, StringComparison.Ordinal);

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
