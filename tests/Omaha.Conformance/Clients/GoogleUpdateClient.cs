using System.Globalization;
using System.Xml.Linq;

namespace Omaha.Conformance.Clients;

/// <summary>
/// Google Update on Windows. It has a handler for each known element and visits the children of every element, known or not; one handler that
/// fails spoils the whole reply.
/// </summary>
internal static class GoogleUpdateClient
{
    private const int MinDays = 2400;
    private const int MaxDays = 50_000;
    private static readonly string[] Events = ["preinstall", "install", "update", "postinstall"];

    /// <summary>The apps of a reply, each with the status that counts.</summary>
    /// <exception cref="RejectedReplyException">It reports that the reply cannot be read.</exception>
    public static IReadOnlyList<GoogleUpdateApp> Read(byte[] reply)
    {
        var root = ClientXml.LoadOrReject(reply).Root!;
        RejectedReplyException.Unless(root.Name.LocalName == "response", "a root named response");
        var apps = new List<GoogleUpdateApp>();
        Visit(root, apps);
        return apps;
    }

    private static void Visit(XElement element, List<GoogleUpdateApp> apps)
    {
        switch (element.Name.LocalName)
        {
            case "response":
                var protocol = Required(element, "protocol");
                RejectedReplyException.Unless(double.TryParse(protocol, NumberStyles.Float, CultureInfo.InvariantCulture, out var version) && version is >= 3.0 and < 4.0, "response@protocol is 3.x");
                break;
            case "daystart":
                var days = Required(element, "elapsed_days");
                RejectedReplyException.Unless(int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day is >= MinDays and <= MaxDays, "daystart@elapsed_days is a likely day");
                break;
            case "systemrequirements":
                foreach (var name in (string[])["platform", "arch", "min_os_version"]) Required(element, name);
                break;
            case "app":
                apps.Add(new GoogleUpdateApp(Required(element, "appid"), Required(element, "status")));
                break;
            case "updatecheck":
                App(apps).CheckStatus = Required(element, "status");
                break;
            case "url":
                Required(element, "codebase");
                break;
            case "package":
                Required(element, "name");
                RejectedReplyException.Unless(Required(element, "required").ToUpperInvariant() is "TRUE" or "FALSE", "package@required is true or false");
                RejectedReplyException.Unless(ClientXml.IsInt32(Required(element, "size")), "package@size is a number of 32 bits");
                RejectedReplyException.Unless(element.Attribute("hash_sha256") is not null || element.Attribute("hash") is not null, "package@hash_sha256 or package@hash");
                App(apps).Packages.Add(element.Value("name"));
                break;
            case "action":
                RejectedReplyException.Unless(Events.Contains(Required(element, "event"), StringComparer.OrdinalIgnoreCase), $"action@event '{element.Value("event")}' is known");
                break;
            case "data":
                VisitData(element, App(apps));
                break;
            case "ping" or "event":
                _ = App(apps);
                break;
        }

        foreach (var child in element.Elements()) Visit(child, apps);
    }

    private static void VisitData(XElement data, GoogleUpdateApp app)
    {
        var status = Required(data, "status");
        switch (Required(data, "name"))
        {
            case "install":
                var index = Required(data, "index");
                if (status != "ok") break;
                RejectedReplyException.Unless(data.Nodes().ToList() is [XText and not XCData], "install data is one text node");
                app.InstallData.Add(index, data.Value);
                break;
            case "untrusted":
                app.UntrustedAnswers++;
                break;
            default:
                throw new RejectedReplyException("data@name is install or untrusted");
        }
    }

    private static string Required(XElement element, string name) => (string?)element.Attribute(name) ?? throw new RejectedReplyException($"{element.Name.LocalName}@{name}");

    private static GoogleUpdateApp App(List<GoogleUpdateApp> apps) => apps.Count > 0 ? apps[^1] : throw new RejectedReplyException("elements of an app stand in an app");
}

/// <summary>One app as Google Update reads it.</summary>
internal sealed class GoogleUpdateApp(string id, string status)
{
    public string Id => id;

    /// <summary>What the app comes to: its own status counts before that of its check.</summary>
    public string Status => status != "ok" ? status : CheckStatus ?? status;

    public string? CheckStatus { get; set; }

    public List<string> Packages { get; } = [];

    public Dictionary<string, string> InstallData { get; } = [];

    public int UntrustedAnswers { get; set; }
}
