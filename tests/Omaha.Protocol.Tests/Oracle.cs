using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Omaha.Protocol.Tests;

/// <summary>What .NET's own XML reader makes of a document: written from the rules of the protocol and not from the reader under test.</summary>
internal static partial class Oracle
{
    private const string RequestNamespace = "http://www.google.com/update2/request";

    /// <summary>The document, or null when it is not well-formed.</summary>
    public static XDocument? Parse(byte[] body)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
            using var reader = XmlReader.Create(new MemoryStream(OracleLimits.WithoutLenities(body)), settings);
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>Whether the root is one we serve, as far as its name and version go.</summary>
    public static Refusal RefusalOf(XDocument document)
    {
        var root = document.Root!;
        if (root.Name.LocalName != "request" || root.Name.NamespaceName is not ("" or RequestNamespace)) return Refusal.WrongRoot;
        if (Value(root, "protocol") is not ("3.0" or "3.1")) return Refusal.UnsupportedProtocol;

        var apps = Children(root, "app").ToArray();
        if (apps.Length > RequestLimits.Apps) return Refusal.TooManyApps;
        if (apps.Any(app => Children(app, "event").Count() > RequestLimits.EventsPerApp)) return Refusal.TooManyEvents;
        return apps.Any(app => Children(app, "data").Count() > RequestLimits.DataPerApp) ? Refusal.TooManyNodes : Refusal.None;
    }

    /// <summary>The same lines as <see cref="Reading.Describe"/>.</summary>
    public static string Describe(XDocument document)
    {
        var root = document.Root!;
        var os = Children(root, "os").FirstOrDefault();
        var hardware = Children(root, "hw").FirstOrDefault();
        var updaters = Children(root, "updater").Prepend(null).ToArray();

        var text = new Description();
        text.Add("protocol", Value(root, "protocol"));
        text.Add("updater", FirstOf([Value(root, "updater"), .. updaters.Select(updater => Value(updater, "name"))]));
        text.Add("updaterversion", FirstOf([Value(root, "updaterversion"), .. updaters.Select(updater => Value(updater, "version"))]));
        foreach (var name in (string[])["version", "prodversion", "userid", "sessionid", "requestid", "installsource", "testsource", "dlpref", "acceptformat"])
        {
            text.Add(name, Value(root, name));
        }

        text.Add("ismachine", IsTrue(FirstOf([Value(root, "ismachine"), .. updaters.Select(updater => Value(updater, "ismachine"))])));
        text.Add("os", FirstOf(Value(os, "platform"), Value(root, "os")));
        text.Add("os.version", Value(os, "version"));
        text.Add("os.sp", Value(os, "sp"));
        text.Add("os.arch", FirstOf(Value(os, "arch"), Value(root, "arch")));
        text.Add("memory", Math.Max(-1, Number(Value(hardware, "physmemory"), int.MinValue, int.MaxValue) ?? -1));
        text.Add("lacks", (Lacks("sse2"), Lacks("sse3"), Lacks("avx")));

        foreach (var app in Children(root, "app")) Describe(app, Value(root, "lang"), text);
        return text.ToString();

        bool Lacks(string feature) => Number(Value(hardware, feature), int.MinValue, int.MaxValue) == 0;
    }

    /// <summary>Every node of a document: elements with their namespaces, attributes and texts.</summary>
    public static string Flatten(XDocument document)
    {
        var text = new Description();
        foreach (var element in document.Descendants())
        {
            var depth = element.AncestorsAndSelf().Count();
            text.Add(new string(' ', depth) + "element", $"{{{element.Name.NamespaceName}}}{element.Name.LocalName}");
            foreach (var attribute in element.Attributes())
            {
                var space = attribute.IsNamespaceDeclaration ? "http://www.w3.org/2000/xmlns/" : attribute.Name.NamespaceName;
                text.Add(new string(' ', depth) + $"{{{space}}}{attribute.Name.LocalName}", attribute.Value);
            }

            text.Add(new string(' ', depth) + "text", TextOf(element));
        }

        return text.ToString();
    }

    private static void Describe(XElement app, string lang, Description text)
    {
        var check = Children(app, "updatecheck").FirstOrDefault();
        var ping = Children(app, "ping").FirstOrDefault();
        var fingerprints = Children(app, "packages").SelectMany(packages => Children(packages, "package")).Select(package => Value(package, "fp"));

        text.Add("app", Value(app, "appid"));
        foreach (var name in (string[])["version", "track", "from_track", "from_version", "ap"]) text.Add(" " + name, Value(app, name));
        text.Add(" tag", FirstOf(Value(check, "tag"), Value(app, "tag")));
        text.Add(" release_channel", FirstOf(Value(check, "release_channel"), Value(app, "release_channel")));
        foreach (var name in (string[])["cohort", "cohorthint", "cohortname"])
        {
            var cohort = Value(app, name);
            text.Add(" " + name, CohortShape().IsMatch(cohort) ? cohort : "");
        }

        text.Add(" brand", Value(app, "brand"));
        text.Add(" lang", FirstOf(Value(app, "lang"), lang));
        foreach (var name in (string[])["installsource", "machineid", "bootid", "machinealias", "oem", "oemversion", "alephversion", "board", "hardware_class"])
        {
            text.Add(" " + name, Value(app, name));
        }

        text.Add(" fp", FirstOf([Value(app, "fp"), .. fingerprints]));
        text.Add(" delta_okay", IsTrue(Value(app, "delta_okay")));
        text.Add(" multi_manifest_ok", IsTrue(Value(app, "multi_manifest_ok")));
        text.Add(" updatecheck", check is not null);
        foreach (var name in (string[])["updatedisabled", "sameversionupdate", "rollback_allowed"]) text.Add("  " + name, IsTrue(Value(check, name)));
        text.Add("  targetversionprefix", Value(check, "targetversionprefix"));
        text.Add(" ping", ping is not null);
        text.Add("  active", IsTrue(Value(ping, "active")) || ping?.Attribute("a") is not null || ping?.Attribute("ad") is not null);
        text.Add("  rd", Number(Value(ping, "rd"), int.MinValue, int.MaxValue) ?? RequestedEvent.Unknown);

        foreach (var reported in Children(app, "event"))
        {
            var result = Value(reported, "eventresult");
            text.Add(" event", Number(Value(reported, "eventtype"), int.MinValue, int.MaxValue) ?? RequestedEvent.Unknown);
            text.Add("  eventresult", IsBlank(result) ? 0 : Number(result, int.MinValue, int.MaxValue) ?? RequestedEvent.Unknown);
            text.Add("  errorcode", Number(Value(reported, "errorcode"), long.MinValue, long.MaxValue) ?? RequestedEvent.Unknown);
            text.Add("  extracode1", Number(Value(reported, "extracode1"), long.MinValue, long.MaxValue) ?? RequestedEvent.Unknown);
            text.Add("  previousversion", Value(reported, "previousversion"));
            text.Add("  nextversion", Value(reported, "nextversion"));
        }

        foreach (var data in Children(app, "data"))
        {
            text.Add(" data", Value(data, "name"));
            text.Add("  index", Value(data, "index"));
            text.Add("  text", TextOf(data));
        }
    }

    /// <summary>Elements of the protocol are in the namespace of the root.</summary>
    private static IEnumerable<XElement> Children(XElement parent, string name) => parent.Elements(parent.Document!.Root!.Name.Namespace + name);

    private static string Value(XElement? element, string attribute) => element?.Attribute(attribute)?.Value ?? "";

    private static string TextOf(XElement element) => string.Concat(element.Nodes().OfType<XText>().Select(text => text.Value));

    private static string FirstOf(params IEnumerable<string> values) => values.FirstOrDefault(value => value.Length > 0) ?? "";

    private static bool IsTrue(string value) => TrueShape().IsMatch(value);

    private static bool IsBlank(string value) => value.Trim(AsciiSpace).Length == 0;

    private static BigInteger? NumberOf(string value) =>
        NumberShape().IsMatch(value.Trim(AsciiSpace)) ? BigInteger.Parse(value.Trim(AsciiSpace), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    private static long? Number(string value, long least, long most) =>
        NumberOf(value) is { } number && number >= least && number <= most ? (long)number : null;

    private static readonly char[] AsciiSpace = [' ', '\t', '\n', '\r'];

    [GeneratedRegex(@"^[\t\n\r ]*(true|yes|1)[\t\n\r ]*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TrueShape();

    [GeneratedRegex(@"^[+-]?[0-9]+\z")]
    private static partial Regex NumberShape();

    [GeneratedRegex(@"^[ -~]{0,1024}\z")]
    private static partial Regex CohortShape();
}
