using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using System.Xml.Linq;

namespace Omaha.Protocol.Tests;

/// <summary>Where our reader differs from .NET's on purpose. All of it: any other difference fails a test.</summary>
internal static partial class OracleLimits
{
    /// <summary>Takes away what only our reader lets pass: white space before the declaration, white space and NULs after the root.</summary>
    public static byte[] WithoutLenities(byte[] body)
    {
        var bytes = body.AsSpan();
        var mark = bytes.StartsWith("\uFEFF"u8) ? bytes[..3] : default;
        var rest = bytes[mark.Length..].TrimEnd(" \t\r\n\0"u8);
        var trimmed = rest.TrimStart(" \t\r\n"u8);
        return [.. mark, .. trimmed.StartsWith("\uFEFF"u8) ? rest : trimmed];
    }

    /// <summary>
    /// What we refuse and .NET's reader does not: our bounds; encodings other than UTF-8; names that are not ASCII; versions spelt like 1.00.
    /// And what is not well-formed in truth: numbers far beyond U+10FFFF, which overflow there; elements with the prefix xmlns; bytes that are
    /// not UTF-8 in the declaration.
    /// </summary>
    public static bool MayRefuse(XDocument document, byte[] body, Refusal refusal) => refusal switch
    {
        Refusal.TooDeep or Refusal.TooManyAttributes or Refusal.ValueTooLong or Refusal.TooManyNodes => true,
        Refusal.UnsupportedEncoding => document.Declaration?.Encoding is { Length: > 0 } || !Utf8.IsValid(body),
        Refusal.BadNamespace => document.Descendants().Any(element => element.Name.NamespaceName == XNamespace.Xmlns.NamespaceName),
        Refusal.Malformed => document.Declaration?.Version is not (null or "1.0")
            || NamesOf(document).Any(name => !Ascii.IsValid(name))
            || HugeReference().IsMatch(Encoding.UTF8.GetString(body)),
        _ => false,
    };

    /// <summary>Documents that only .NET's reader refuses.</summary>
    public static bool MayAccept(byte[] body) => InvalidSpaceAttribute().IsMatch(Encoding.UTF8.GetString(body));

    private static IEnumerable<string> NamesOf(XDocument document) =>
        document.Descendants().Attributes().Select(attribute => attribute.Name.LocalName)
            .Concat(document.Descendants().Select(element => element.Name.LocalName))
            .Concat(document.Descendants().SelectMany(element => element.Attributes().Select(attribute => attribute.Parent!.GetPrefixOfNamespace(attribute.Name.Namespace) ?? "")))
            .Concat(document.DescendantNodes().OfType<XProcessingInstruction>().Select(instruction => instruction.Target));

    [GeneratedRegex("&#(x0*[1-9A-Fa-f][0-9A-Fa-f]{6,}|0*[1-9][0-9]{6,});")]
    private static partial Regex HugeReference();

    /// <summary>XML 1.0, section 2.10 calls other values than default and preserve an error, but no fatal one.</summary>
    [GeneratedRegex("xml:space\\s*=")]
    private static partial Regex InvalidSpaceAttribute();
}
