using System.Text;
using Omaha.Protocol;
using Omaha.Protocol.Tests;
using Omaha.Server.Tests;

namespace Omaha.Fuzz;

/// <summary>Requests to begin with: what clients send, the forms that XML has, and one for each reason to refuse.</summary>
internal static class Seeds
{
    /// <summary>Larger ones make the search slow and are only replayed.</summary>
    private const int MostBytes = 4096;

    private const string ChromeOsRoot = "request protocol=\"3.0\" updater=\"ChromeOSUpdateEngine\"";

    /// <summary>Answered, for the most part with an offer.</summary>
    private static readonly Dictionary<string, string> Clients = new()
    {
        ["flatcar"] = Samples.Flatcar,
        ["chromeos"] = Samples.ChromeOs,
        ["chromium"] = Samples.Chromium,
        ["google-update"] = Samples.GoogleUpdate,
        ["fleet-offered"] = Fleet.FlatcarCheck(),
        ["fleet-arm64"] = Fleet.FlatcarCheck(board: "arm64-usr", track: "5b810680-e36a-4879-b98a-4f989e80b899", previous: "0.0.0.0"),
        ["fleet-several"] = $"<request protocol=\"3.1\" testsource=\"t\"><os platform=\"win\"/><app appid=\"{Fleet.ExtensionId}\" version=\"0.9\"><updatecheck/></app><app appid=\"{Fleet.ChromeId}\"><updatecheck/></app></request>",
        ["fleet-chromeos"] = $"<{ChromeOsRoot}><os platform=\"Chrome OS\" sp=\"1_x86_64\"/><app appid=\"{Fleet.ChromeOsId}\" version=\"1.2\"><ping a=\"1\"/><updatecheck/></app></request>",
        ["rollback"] = $"<{ChromeOsRoot}><app appid=\"{{ABCDEF00-1111-4222-8333-444455556666}}\" version=\"99\"><updatecheck targetversionprefix=\"15572.\" rollback_allowed=\"true\"/></app></request>",
        ["same-version"] = Samples.Request("<app appid=\"engine\" version=\"4081.2.1\" track=\"stable-channel\"><updatecheck targetversionprefix=\"4081.2.1$\" sameversionupdate=\"1\"/></app>"),
        ["bundle"] = $"<{ChromeOsRoot}><app appid=\"{{ABCDEF00-1111-4222-8333-444455556666}}\" version=\"16002.5.0\"><updatecheck/></app><app appid=\"{{abcdef00-1111-4222-8333-444455556666}}_module\"><updatecheck/></app><app appid=\"{{ABCDEF00-1111-4222-8333-444455556666}}_x\"><ping/><updatecheck/><event/></app></request>",
        ["gates"] = "<request protocol=\"3.0\" updater=\"Omaha\"><hw physmemory=\"4\" sse2=\"0\" sse3=\"-1\" avx=\"1\"/><os platform=\"linux\" version=\"5.0\"/><app appid=\"ppppoooonnnnmmmmllllkkkkjjjjiiii\"><updatecheck/></app></request>",
        ["engine-gates"] = "<request protocol=\"3.0\" version=\"update_engine-1\"><app appid=\"engine\" oem=\"ami\" delta_okay=\"yes\" version=\"1\"><updatecheck/></app></request>",
        ["large"] = "<request protocol=\"3.0\" acceptformat=\"crx2\"><os platform=\"win\"/><app appid=\"{01234567-89AB-4CDE-8F01-23456789ABCD}\"><updatecheck/></app><app appid=\"aaaabbbbccccddddeeeeffffgggghhhh\" cohort=\"c\"><updatecheck/></app></request>",
        ["braked"] = Samples.Request(string.Concat(((string[])["restricted", "paused", "blocked", "unhashed", "empty", "unsupported", "unreadable"]).Select(id => $"<app appid=\"{id}\"><updatecheck/></app>"))),
        ["bad-ids"] = Samples.Request("<app/><app appid=\"\"/><app appid=\"{}\"/><app appid=\"nobody\"/><app appid=\"&#10;\"/><app appid=\"a&quot;&lt;&amp;&gt;\"/>"),
        ["events"] = "<request protocol=\"3.0\" version=\"ue-rs\"><app appid=\"engine\"><event eventtype=\"3\" eventresult=\"0\" errorcode=\"2147483692\"/><event eventtype=\"13\" eventresult=\"1\"/><event eventtype=\"3\" eventresult=\"2\" previousversion=\"0.0.0.0\" nextversion=\"2\"/><event eventresult=\"9\" extracode1=\"-1\"/></app></request>",
        ["data"] = Samples.Request("<app appid=\"{01234567-89AB-4CDE-8F01-23456789ABCD}\"><data name=\"install\" index=\"verbose\"/><data name=\"install\" index=\"&lt;\"/><data name=\"untrusted\">a<!-- b --><![CDATA[c]]>d<x>e</x>f</data></app>"),
        ["chromium-root"] = "<request protocol=\"3.1\" updater=\"chromiumcrx\" os=\"linux\" arch=\"x64\" lang=\"de\" ismachine=\"true\"><updater name=\"chrome\" version=\"99\" ismachine=\"0\"/><app appid=\"a\" lang=\"\" fp=\"\"><packages><package fp=\"1.0\"/></packages></app></request>",
    };

    /// <summary>Odd ways to say what a request says.</summary>
    private static readonly Dictionary<string, string> Forms = new()
    {
        ["namespace"] = "<request xmlns=\"http://www.google.com/update2/request\" protocol=\"3.0\"><app appid=\"a\"/><x xmlns=\"urn:x\"><app/></x></request>",
        ["prefix"] = "<r:request xmlns:r='http://www.google.com/update2/request' xmlns:o='urn:o' protocol='3.0' o:protocol='4'><r:app appid='a' o:appid='b'><o:ping/></r:app></r:request>",
        ["references"] = Samples.App("track=\"&#65;&#x41;&#x1F600;&amp;&lt;&gt;&quot;&apos;&#0010;\"", "<data>&#13;&amp;]]&gt;</data>"),
        ["line-ends"] = "<?xml version='1.0'?>\r\n<request\rprotocol\t=\n'3.0'>\r\n<app appid='a\r\nb\tc'>\r<data>\r\n\r</data></app\n></request\t>\r\n",
        ["comments"] = "<!-- a --><?pi a?><request protocol=\"3.0\"><!----><?p?><app><!-- - --></app></request><!-- z --><?pi?> ",
        ["declaration"] = "<?xml version = '1.0' encoding=\"us-ascii\" standalone = 'yes' ?><request protocol=\"3.1\"/>",
        ["byte-order-mark"] = "\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?><request protocol=\"3.0\"/>",
        ["before-and-after"] = " \r\n<?xml version=\"1.0\"?><request protocol=\"3.0\"/>\r\n\0",
        ["characters"] = Samples.App("track='é日本😀\u0085\u2028'", "<data>\uFFFD]]</data>"),
    };

    private static readonly Dictionary<Refusal, string> Refused = new()
    {
        [Refusal.EmptyBody] = " \n",
        [Refusal.UnsupportedEncoding] = "<?xml version=\"1.0\" encoding=\"utf-16\"?><request protocol=\"3.0\"/>",
        [Refusal.Malformed] = Samples.Flatcar[..500],
        [Refusal.UnescapedQuote] = Samples.App("track=\"a \"b\" c\""),
        [Refusal.DocumentType] = "<?xml version=\"1.0\"?><!DOCTYPE request [<!ENTITY a \"b\">]><request protocol=\"3.0\">&a;</request>",
        [Refusal.DuplicateAttribute] = "<request protocol='3.0' xmlns:a='urn:a' xmlns:b='urn:a'><app a:x='' b:x=''/></request>",
        [Refusal.BadNamespace] = "<request protocol='3.0' xmlns:a='urn:a'><b:app xmlns:xml='urn:x'/></request>",
        [Refusal.WrongRoot] = "<request xmlns='urn:other' protocol='3.0'><app/></request>",
        [Refusal.UnsupportedProtocol] = "<request protocol='4.0'><app/></request>",
        [Refusal.TooDeep] = Samples.Request(Repeat("<a>", RequestLimits.Depth) + Repeat("</a>", RequestLimits.Depth)),
        [Refusal.TooManyAttributes] = $"<request {string.Concat(Enumerable.Range(0, RequestLimits.AttributesPerElement + 1).Select(i => $"a{i}='' "))}/>",
        [Refusal.ValueTooLong] = Samples.App($"track='{new string('t', RequestLimits.ValueBytes + 1)}'"),
        [Refusal.TooManyApps] = Samples.Request(Repeat("<app/>", RequestLimits.Apps + 1)),
        [Refusal.TooManyEvents] = Samples.App(content: Repeat("<event/>", RequestLimits.EventsPerApp + 1)),
        [Refusal.TooManyNodes] = Samples.Request(Repeat("<a/>", RequestLimits.Nodes)),
    };

    /// <summary>At the bounds of what is read, and the worst that a body of the largest size can ask for.</summary>
    private static readonly Dictionary<string, string> Extremes = new()
    {
        ["deepest"] = Samples.Request(Repeat("<a>", RequestLimits.Depth - 1) + Repeat("</a>", RequestLimits.Depth - 1)),
        ["most-data"] = Samples.App(content: Repeat("<data/>", RequestLimits.DataPerApp + 1)),
        ["most-namespaces"] = Samples.Request($"<x{string.Concat(Enumerable.Range(0, RequestLimits.NamespaceDeclarations).Select(i => $" xmlns:p{i}='urn:{i}'"))}/>"),
        ["large-attributes"] = Filled("<x " + string.Concat(Enumerable.Range(0, RequestLimits.AttributesPerElement).Select(i => $"a{i:D3}='' ")) + "/>"),
        ["large-prefixes"] = Filled($"<x{string.Concat(Enumerable.Range(0, 30).Select(i => $" xmlns:p{i:D2}='urn:{i:D4}'"))}>{string.Concat(Enumerable.Range(0, 60).Select(i => $"<p00:x p29:a{i}=''/>"))}</x>"),
        ["large-references"] = Filled("<x a='" + Repeat("&#x20;", 1300) + "'>" + Repeat("&amp;", 100) + "</x>"),
        ["large-text"] = Filled(Repeat("]", 1000) + Repeat("\r", 1000)),
        ["large-openings"] = Repeat("<a>", RequestLimits.BodyBytes / 3),
        ["large-events"] = Filled($"<app appid='engine'>{Repeat("<event eventtype='3'/>", RequestLimits.EventsPerApp)}</app>"),
    };

    /// <summary>The seeds by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>(
    [
        .. Clients.Concat(Forms).Concat(Refused.Select(refused => KeyValuePair.Create("refused-" + refused.Key, refused.Value))).Concat(Extremes)
            .Select(seed => KeyValuePair.Create(seed.Key, Encoding.UTF8.GetBytes(seed.Value))),
        KeyValuePair.Create("not-utf8", (byte[])[.. "<request protocol='3.0' a='"u8, 0xC3, 0x28, .. "'/>"u8]),
        KeyValuePair.Create("utf-16", Encoding.Unicode.GetBytes("\uFEFF<request protocol='3.0'/>")),
    ]);

    /// <summary>What each seed that is there to be refused is refused for.</summary>
    public static IEnumerable<(string Name, Refusal Refusal)> Refusals => Refused.Keys.Select(refusal => ("refused-" + refusal, refusal));

    /// <summary>Writes each seed that is small enough to a file of its name.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, body) in All.Where(seed => seed.Value.Length <= MostBytes)) File.WriteAllBytes(Path.Combine(folder, name + ".xml"), body);
    }

    /// <summary>A request of the largest size that says one thing again and again.</summary>
    private static string Filled(string content) => Samples.Request(Repeat(content, (RequestLimits.BodyBytes - Samples.Request("").Length) / Encoding.UTF8.GetByteCount(content)));

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
