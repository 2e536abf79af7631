using CsCheck;

namespace Omaha.Protocol.Tests;

/// <summary>Generates XML that reads like requests, in every odd form that XML allows.</summary>
internal static class Documents
{
    private static readonly string[] AttributeNames =
    [
        "appid", "version", "track", "from_track", "from_version", "ap", "tag", "release_channel", "cohort", "cohorthint", "cohortname", "brand",
        "lang", "installsource", "machineid", "bootid", "machinealias", "oem", "oemversion", "alephversion", "board", "hardware_class", "fp",
        "delta_okay", "multi_manifest_ok", "updatedisabled", "targetversionprefix", "sameversionupdate", "rollback_allowed", "active", "a", "ad",
        "rd", "r", "eventtype", "eventresult", "errorcode", "extracode1", "previousversion", "nextversion", "name", "index", "platform", "sp",
        "arch", "os", "physmemory", "sse2", "sse3", "avx", "updater", "updaterversion", "prodversion", "userid", "sessionid", "requestid",
        "testsource", "dlpref", "acceptformat", "ismachine", "protocol", "unknown", "_private", "a.b-c", "APPID", "o:appid", "o:version", "xml:lang",
    ];

    private static readonly string[] ElementNames =
    [
        "app", "app", "app", "os", "hw", "updater", "updatecheck", "ping", "event", "event", "data", "data", "packages", "package", "request",
        "unknown", "o:app", "o:os", "o:event", "o:data", "App",
    ];

    private static readonly Gen<string> Space = Gen.OneOf(" ", "  ", "\t", "\n", "\r\n", "\r", " \n\t ");

    private static readonly Gen<string> MaybeSpace = Gen.Frequency((4, Gen.Const("")), (1, Space));

    private static readonly Gen<string> ValuePiece = Gen.OneOf(
        "1", "0", "true", "YES", "-1", "42", "99999999999", "3.0", "1.2.3", "word", "two words", "&amp;", "&lt;", "&gt;", "&quot;", "&apos;",
        "&#65;", "&#x41;", "&#10;", "&#13;", "&#x9;", "&#x1F600;", "&#0000228;", "é", "日本", "😀", ">", "]]>", "\t", "\n", "\r\n", "\r", "&#xFFFD;");

    private static readonly Gen<string> TextPiece = Gen.OneOf<string>(
        Gen.OneOf("]", "]]", "\"", "'", "<!---->", "<!-- a - b -->", "<?pi?>", "<?pi some ?data?>", "<![CDATA[]]>", "<![CDATA[<x>&amp;\r\n]]]>", "\r", "\r\n"),
        ValuePiece.Where(piece => piece != "]]>"));

    private static readonly Gen<string> Value = ValuePiece.Array[0, 3].Select(string.Concat);

    private static readonly Gen<string> Attribute = Gen.Select(
        Space, Gen.OneOf(AttributeNames), MaybeSpace, MaybeSpace, Value, Gen.Bool,
        (before, name, left, right, value, doubled) => doubled ? $"{before}{name}{left}={right}\"{value}\"" : $"{before}{name}{left}={right}'{value}'");

    private static readonly Gen<string> Declarations = Gen.Frequency(
        (20, Gen.Const("")),
        (1, Gen.OneOf(" xmlns=''", " xmlns='http://www.google.com/update2/request'", " xmlns='urn:x'", " xmlns:o='urn:x'", " xmlns:p='http://www.google.com/update2/request'", " xmlns:p='urn:x' p:version='7'")));

    private static readonly Gen<string> Text = TextPiece.Array[0, 3].Select(string.Concat);

    private static readonly Gen<string> Prolog = Gen.OneOf(
        "", "", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<?xml version='1.0'?>", "<?xml version = \"1.0\"\nencoding='utf-8' standalone=\"yes\" ?>\r\n",
        "\uFEFF", " \n<?xml version=\"1.0\" encoding=\"Utf-8\"?>", "<!-- first --><?pi x?>\n");

    private static readonly Gen<string> Epilog = Gen.OneOf("", "", "\n", "<!-- last -->", " <?pi?> ", "\0", "\r\n\0\0");

    /// <summary>Nearly always well-formed; every third of them in a namespace.</summary>
    public static readonly Gen<string> All =
        from prolog in Prolog
        from root in Gen.OneOf(
            "request", "request", "request xmlns='http://www.google.com/update2/request'", "o:request",
            "request xmlns='urn:other'", "other")
        from bound in Gen.OneOf("http://www.google.com/update2/request", "http://www.google.com/update2/request", "urn:foreign")
        from version in Gen.OneOf("3.0", "3.0", "3.0", "3.1", "3.1", "3&#46;0", "4.0")
        from attributes in AttributesExcept("protocol")
        from content in Content(1)
        from epilog in Epilog
        select $"{prolog}<{root} xmlns:o=\"{bound}\" protocol='{version}'{attributes}>{content}</{root.Split(' ')[0]}>{epilog}";

    private static Gen<string> AttributesExcept(string name) => Attribute.Array[0, 6].Select(attributes =>
        string.Concat(attributes.Where(attribute => NameOf(attribute) != name).DistinctBy(NameOf)));

    private static string NameOf(string attribute) => attribute[..attribute.IndexOf('=')].Trim();

    private static Gen<string> Content(int depth) => Gen.Select(Text, Element(depth), Text, (before, element, after) => before + element + after)
        .Array[0, depth == 1 ? 4 : 3].Select(string.Concat);

    private static Gen<string> Element(int depth) =>
        from name in Gen.OneOf(ElementNames)
        from declarations in Declarations
        from attributes in AttributesExcept("p:version")
        from space in MaybeSpace
        from empty in Gen.Bool
        from content in depth < 4 ? Content(depth + 1) : Text
        select empty ? $"<{name}{declarations}{attributes}{space}/>" : $"<{name}{declarations}{attributes}{space}>{content}</{name}{space}>";
}
