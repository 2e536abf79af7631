using System.Text;
using System.Text.RegularExpressions;
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

    /// <summary>Well-formed documents that we refuse: bounds, names that are not ASCII, spellings of the version such as 1.00.</summary>
    public static bool MayRefuse(XDocument document, Refusal refusal) => refusal switch
    {
        Refusal.TooDeep or Refusal.TooManyAttributes or Refusal.ValueTooLong or Refusal.TooManyNodes => true,
        Refusal.UnsupportedEncoding => document.Declaration?.Encoding is { Length: > 0 },
        Refusal.Malformed => document.Declaration?.Version is not (null or "1.0") || NamesOf(document).Any(name => !Ascii.IsValid(name)),
        _ => false,
    };

    /// <summary>Documents that only .NET's reader refuses.</summary>
    public static bool MayAccept(byte[] body) => InvalidSpaceAttribute().IsMatch(Encoding.UTF8.GetString(body));

    private static IEnumerable<string> NamesOf(XDocument document) =>
        document.Descendants().Attributes().Select(attribute => attribute.Name.LocalName)
            .Concat(document.Descendants().Select(element => element.Name.LocalName))
            .Concat(document.Descendants().SelectMany(element => element.Attributes().Select(attribute => attribute.Parent!.GetPrefixOfNamespace(attribute.Name.Namespace) ?? "")))
            .Concat(document.DescendantNodes().OfType<XProcessingInstruction>().Select(instruction => instruction.Target));

    /// <summary>XML 1.0, section 2.10 calls other values than default and preserve an error, but no fatal one.</summary>
    [GeneratedRegex("xml:space\\s*=")]
    private static partial Regex InvalidSpaceAttribute();
}
