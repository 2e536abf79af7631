using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Omaha.Conformance.Clients;

/// <summary>A request as an independent parser reads it, as far as its reply depends on it.</summary>
internal sealed record AskedRequest(string Protocol, ClientKinds Sender, IReadOnlyList<AskedApp> Apps)
{
    private static readonly byte[] Padding = [(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0];

    /// <summary>Reads a request that was answered. White space before it and a NUL behind it do not count.</summary>
    public static AskedRequest Read(byte[] request)
    {
        var trimmed = request.AsSpan().Trim(Padding).ToArray();
        using var reader = XmlReader.Create(new MemoryStream(trimmed), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        var root = XElement.Load(reader, LoadOptions.PreserveWhitespace);
        return new AskedRequest(
            root.Value("protocol"),
            SenderOf(root),
            [.. root.Elements(root.Name.Namespace + "app").Select(AskedApp.Read)]);
    }

    /// <summary>Which of the clients words its requests like this; none when it could be anybody.</summary>
    private static ClientKinds SenderOf(XElement root)
    {
        if (root.Value("updater").StartsWith("ChromeOS", StringComparison.Ordinal)) return ClientKinds.ChromeOs;
        if (root.Value("updater") == "Omaha") return ClientKinds.GoogleUpdate;
        return root.Value("version") switch
        {
            var version when version.StartsWith("update_engine", StringComparison.Ordinal) || version.StartsWith("CoreOSUpdateEngine", StringComparison.Ordinal) => ClientKinds.UpdateEngine,
            var version when version.StartsWith("ue-rs", StringComparison.Ordinal) => ClientKinds.UeRs,
            var version when version.StartsWith("chrome-", StringComparison.Ordinal) => ClientKinds.Chromium,
            var version when version.StartsWith("go-omaha", StringComparison.Ordinal) => ClientKinds.GoOmaha,
            _ => ClientKinds.None,
        };
    }
}

/// <summary>One app of a request.</summary>
internal sealed record AskedApp(string Id, bool Pings, bool Checks, int Events, int Untrusted, int Installs)
{
    /// <summary>The id as a reply repeats it: one that is too long to be anybody's is left out.</summary>
    public string EchoedId => Encoding.UTF8.GetByteCount(Id) <= 256 ? Id : "";

    public static AskedApp Read(XElement app)
    {
        var data = Children(app, "data").Select(static data => data.Value("name")).ToList();
        return new AskedApp(
            app.Value("appid"),
            Children(app, "ping").Any(),
            Children(app, "updatecheck").Any(),
            Children(app, "event").Count(),
            data.Count(static name => name == "untrusted"),
            data.Count(static name => name == "install"));
    }

    private static IEnumerable<XElement> Children(XElement app, string name) => app.Elements(app.Name.Namespace + name);
}
