using System.Globalization;
using System.IO.Compression;
using System.Text;
using Omaha.Conformance.Clients;

namespace Omaha.Conformance;

/// <summary>Holds our imitation of update_engine against what the real one made of replies like these, good and bad.</summary>
public sealed class UpdateEngineVerdicts
{
    private const string Update = "UPDATE 3510.2.0 size=3017184 urls=1 max=10 poll=0 delta=0";
    private const string NoUpdate = "NOUPDATE poll=0";
    private const string Empty = "REJECT 30";
    private const string BadXml = "REJECT 31";
    private const string Invalid = "REJECT 34";

    private static readonly Sample Good = new();

    /// <summary>Where in the record the verdict on a recorded reply stands, which is not one of ours.</summary>
    public const int PositionOfRecordedReply = 84;

    /// <summary>The cases and their verdicts, in the order in which they were recorded.</summary>
    internal static (SampleReply Case, string Verdict)[] All { get; } =
    [
        // documents
        (Of("a good reply", Good), Update),
        (new SampleReply("nothing", []), Empty),
        (Text("a greeting", "hi there"), BadXml),
        (Text("a page", "<html><head><title>Down</title></head><body><p>Try later</p></body></html>"), Invalid),
        (Text("a reply for another protocol", ")]}'\n{\"response\":{\"protocol\":\"3.1\"}}"), BadXml),
        (Text("a reply that breaks off", Good.ToString()[..(Good.ToString().Length / 2)]), BadXml),
        (Text("text after the root", Good + "the end"), BadXml),
        (Text("a NUL in the root", Good.ToString().Replace("<app", "\0<app", StringComparison.Ordinal)), BadXml),
        (Text("a byte order mark", "\uFEFF" + Good), Update),
        (Text("a line break before the declaration", "\n" + Good), BadXml),
        (Of("no declaration", Good with { Declaration = "" }), Update),
        (Of("comments and a document type", Good with { Declaration = "<!-- a --><!DOCTYPE response><!-- b -->", InApp = "<!-- c -->" }), Update),
        (new SampleReply("UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes((Good with { Declaration = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" }).ToString())]), Update),
        (new SampleReply("Latin-1", Encoding.Latin1.GetBytes((Good with { Declaration = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", App = "appid=\"b\u00fcro\" status=\"ok\"" }).ToString())), Update),
        (new SampleReply("invalid UTF-8", [.. Encoding.UTF8.GetBytes(Good.ToString()).Select(static b => b == (byte)'~' ? (byte)0xFE : b)]), BadXml),

        // root and envelope
        (Of("a default namespace", Good with { Root = "response xmlns=\"urn:updates\" protocol=\"3.0\"" }), Invalid),
        (Text("a prefix", Prefixed(Good)), Invalid),
        (Of("the root of protocol 2.0", Good with { Root = "gupdate protocol=\"2.0\"" }), Invalid),
        (Of("protocol 3.1", Good with { Root = "response protocol=\"3.1\"" }), Update),
        (Of("no protocol", Good with { Root = "response" }), Update),
        (Of("no day", Good with { Daystart = "" }), Update),

        // app and check
        (Text("no app", "<response protocol=\"3.0\"><daystart elapsed_seconds=\"9\"/></response>"), Invalid),
        (Text("an unknown app", "<response protocol=\"3.0\"><app appid=\"a\" status=\"error-unknownApplication\"/></response>"), Invalid),
        (Of("an app in error with an offer", Good with { App = "appid=\"a\" status=\"error-internal\"" }), Update),
        (Of("another app", Good with { App = "appid=\"{00000000-1111-4222-8333-444444444444}\" status=\"ok\"" }), Update),
        (Of("an app without id", Good with { App = "status=\"ok\"" }), Update),
        (Text("no check", "<response protocol=\"3.0\"><app appid=\"a\" status=\"ok\"><ping status=\"ok\"/></app></response>"), Invalid),
        (Of("no status", Good with { Check = "" }), Invalid),
        (Of("a status in capitals", Good with { Check = "status=\"OK\"" }), Invalid),
        (Of("a status of error", Good with { Check = "status=\"error-internal\"" }), Invalid),
        (Of("no update but a manifest", Good with { Check = "status=\"noupdate\"" }), NoUpdate),
        (Text("no update", "<response><app><updatecheck status=\"noupdate\"/></app></response>"), NoUpdate),
        (Of("an interval", Good with { Check = "PollInterval=\"120\" status=\"ok\"" }), Update.Replace("poll=0", "poll=120", StringComparison.Ordinal)),
        (Of("an interval that is no number", Good with { Check = "PollInterval=\"often\" status=\"ok\"" }), Update),

        // urls
        (Of("no list of URLs", Good with { Urls = "" }), Invalid),
        (Of("an empty list of URLs", Good with { Urls = "<urls/>" }), Invalid),
        (Of("a URL without codebase", Good with { Urls = "<urls><url/></urls>" }), Invalid),
        (Of("an empty codebase", Good with { Urls = Codebases("") }), Invalid),
        (Of("a codebase without slash", Good with { Urls = Codebases("http://dl.example/a") }), Update),
        (Of("a relative codebase", Good with { Urls = Codebases("/a/") }), Update),
        (Of("an empty second codebase", Good with { Urls = Codebases("http://dl.example/a/", "") }), Invalid),
        (Of("three codebases", Good with { Urls = Codebases("http://dl.example/a/", "http://dl.example/b/", "http://dl.example/c/") }), Update.Replace("urls=1", "urls=3", StringComparison.Ordinal)),
        (Of("URLs after the manifest", Good with { Urls = "", AfterManifest = Good.Urls }), Update),

        // manifests
        (Of("no manifest", Good with { ManifestOverride = "" }), Invalid),
        (Of("a manifest without version", Good with { Manifest = "" }), Update.Replace("3510.2.0", "", StringComparison.Ordinal)),
        (Of("the version that is installed", Good with { Manifest = "version=\"3033.2.0\"" }), Update.Replace("3510.2.0", "3033.2.0", StringComparison.Ordinal)),
        (Of("a lower version", Good with { Manifest = "version=\"1.0.0\"" }), Update.Replace("3510.2.0", "1.0.0", StringComparison.Ordinal)),
        (Of("a second manifest", Good with { AfterManifest = Later("4081.3.1", "<package name=\"b.gz\" size=\"5\"/>") }), Update),
        (Of("a first manifest without packages", Good with { ManifestOverride = "<manifest version=\"1.1.1\"><actions/></manifest>" + Good.WholeManifest }), Update.Replace("3510.2.0", "1.1.1", StringComparison.Ordinal)),
        (Of("manifests marked as floor and target", Good with { Manifest = "version=\"3510.2.0\" is_floor=\"true\" floor_reason=\"disk\"", AfterManifest = Later("4081.3.1", "<package name=\"b.gz\" size=\"5\"/>", "is_target=\"true\"") }), Update),

        // packages
        (Of("no list of packages", Good with { Packages = "" }), Invalid),
        (Of("an empty list of packages", Good with { Packages = "<packages/>" }), Invalid),
        (Of("a package without name", Good with { Packages = Package("size=\"3017184\"") }), Invalid),
        (Of("an empty name", Good with { Packages = Package("name=\"\" size=\"3017184\"") }), Invalid),
        (Of("a package without size", Good with { Packages = Package("name=\"a.gz\"") }), Invalid),
        (Of("size 0", Good with { Packages = Package("name=\"a.gz\" size=\"0\"") }), Invalid),
        (Of("a negative size", Good with { Packages = Package("name=\"a.gz\" size=\"-5\"") }), Invalid),
        (Of("a size that is no number", Good with { Packages = Package("name=\"a.gz\" size=\"big\"") }), Invalid),
        (Of("a size that ends in letters", Good with { Packages = Package("name=\"a.gz\" size=\"12px\"") }), Sized(12)),
        (Of("a size in scientific notation", Good with { Packages = Package("name=\"a.gz\" size=\"1e6\"") }), Sized(1)),
        (Of("a size beyond 63 bits", Good with { Packages = Package("name=\"a.gz\" size=\"9223372036854775808\"") }), Sized(long.MaxValue)),
        (Of("no SHA-1", Good with { Packages = Package("name=\"a.gz\" size=\"3017184\"") }), Update),
        (Of("a wrong SHA-1", Good with { Packages = Package("name=\"a.gz\" size=\"3017184\" hash=\"AAAAAAAAAAAAAAAAAAAAAAAAAAA=\"") }), Update),
        (Of("a wrong SHA-256 on the package", Good with { Packages = Package($"name=\"a.gz\" size=\"3017184\" hash_sha256=\"{new string('0', 64)}\"") }), Update),
        (Of("a package that is not required", Good with { Packages = Package("name=\"a.gz\" size=\"3017184\" required=\"false\"") }), Update),
        (Of("an extension after the payload", Good with { Packages = "<packages><package name=\"a.gz\" size=\"3017184\"/><package name=\"oem.gz\" size=\"5\"/></packages>" }), Update),
        (Of("an extension before the payload", Good with { Packages = "<packages><package name=\"oem.gz\" size=\"5\"/><package name=\"a.gz\" size=\"3017184\"/></packages>" }), Sized(5)),

        // actions
        (Of("no list of actions", Good with { Actions = "" }), Invalid),
        (Of("an empty list of actions", Good with { Actions = "<actions/>" }), Invalid),
        (Of("another action", Good with { Actions = Action("event=\"update\" run=\"a.gz\" " + Sample.Digest) }), Invalid),
        (Of("an event in capitals", Good with { Actions = Action("event=\"PostInstall\" " + Sample.Digest) }), Invalid),
        (Of("no digest", Good with { Actions = Action("event=\"postinstall\"") }), Invalid),
        (Of("an empty digest", Good with { Actions = Action("event=\"postinstall\" sha256=\"\"") }), Invalid),
        (Of("a digest in hexadecimal", Good with { Actions = Action($"event=\"postinstall\" sha256=\"{new string('a', 64)}\"") }), Update),
        (Of("another action first", Good with { Actions = Action("event=\"update\" run=\"a.gz\"", "event=\"postinstall\" " + Sample.Digest) }), Update),
        (Of("a delta", Good with { Actions = PostInstall("IsDeltaPayload=\"true\"") }), Update.Replace("delta=0", "delta=1", StringComparison.Ordinal)),
        (Of("a delta by its old name", Good with { Actions = PostInstall("IsDelta=\"true\"") }), Update),
        (Of("three failures for a URL", Good with { Actions = PostInstall("MaxFailureCountPerUrl=\"3\"") }), Update.Replace("max=10", "max=3", StringComparison.Ordinal)),
        (Of("no failure for a URL", Good with { Actions = PostInstall("MaxFailureCountPerUrl=\"0\"") }), Update.Replace("max=10", "max=0", StringComparison.Ordinal)),
        (Of("attributes of old clients", Good with { Actions = PostInstall("needsadmin=\"true\" deadline=\"now\" Prompt=\"true\" MoreInfo=\"http://a.example/\"") }), Update),

        // more than one client expects
        (Of("unknown elements and attributes", Good with { Root = "response protocol=\"3.0\" x=\"1\"", InApp = "<unknown y=\"2\"><updatecheck status=\"noupdate\"/></unknown>", Check = "status=\"ok\" z=\"3\"" }), Update),
        (Of("another app without update first", Good with { BeforeApp = "<app appid=\"b\" status=\"ok\"><updatecheck status=\"noupdate\"/></app>" }), NoUpdate),
        (Of("another app without update second", Good with { AfterApp = "<app appid=\"b\" status=\"ok\"><updatecheck status=\"noupdate\"/></app>" }), Update),
        (Of("an empty offer first", Good with { BeforeApp = "<app appid=\"b\" status=\"ok\"><updatecheck status=\"ok\"/></app>" }), Update),
        (Text("element names in capitals", Capitalised(Good)), Invalid),
        (Text("single quotes", Good.ToString().Replace('"', '\'')), Update),
        (Text("a line for each element", Good.ToString().Replace("><", ">\n  <", StringComparison.Ordinal)), Update),

        // HTTP
        (Status(201), Update),
        (Status(202), Update),
        (Status(204), Empty),
        (Status(205), Empty),
        (Status(206), Update),
        .. ((int[])[300, 304, 400, 401, 403, 404, 409, 410, 413, 426, 429, 500, 501, 502, 503, 505]).Select(static status => (Status(status), string.Create(CultureInfo.InvariantCulture, $"REJECT {2000 + status}"))),
        (Of("a redirect that was followed (301)", Good), Update),
        (Of("a redirect that was followed (302)", Good), Update),
        (Of("a redirect that was followed (307)", Good), Update),
        (Status(302), "REJECT 2302"),
        (Of("content type text/html", Good), Update),
        (Of("content type application/json", Good), Update),
        (Of("no content type", Good), Update),
        (new SampleReply("compressed without being asked", Compressed(Good)), BadXml),
        (Of("chunks", Good), Update),
        (Of("an end by closing the connection", Good), Update),
        (new SampleReply("no answer", [], 0), "REJECT 2000"),
        (Status(503), "REJECT 2503"),
        (Text("no update and a header to retry later", "<response><app><updatecheck status=\"noupdate\"/></app></response>"), NoUpdate),
    ];

    public static TheoryData<int, string> Cases()
    {
        var data = new TheoryData<int, string>();
        for (var i = 0; i < All.Length; i++) data.Add(i, All[i].Case.Name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Imitation_judges_as_the_client_does(int number, string name)
    {
        Assert.Equal(name, All[number].Case.Name);
        Assert.Equal(All[number].Verdict, All[number].Case.Judge().ToString());
    }

    [Fact]
    public void Imitation_joins_codebase_and_name_and_tells_which_downloads_fail()
    {
        static UpdateEngineOffer Offer(Sample sample) => Of("", sample).Judge().Offer!;
        Assert.Equal("http://dl.example/a/a.gz", Assert.Single(Offer(Good with { Urls = Codebases("http://dl.example/a") }).Urls));
        Assert.Equal("http://dl.example/a/a.gz", Assert.Single(Offer(Good with { Urls = Codebases("http://dl.example/a/") }).Urls));
        Assert.Null(UpdateEngine.WhyDownloadFails(Offer(Good)));
        Assert.Contains("code 9", UpdateEngine.WhyDownloadFails(Offer(Good with { Urls = Codebases("/a/") })), StringComparison.Ordinal);
        Assert.Contains("code 10", UpdateEngine.WhyDownloadFails(Offer(Good with { Actions = Action($"event=\"postinstall\" sha256=\"{new string('a', 64)}\"") })), StringComparison.Ordinal);
    }

    private static SampleReply Of(string name, Sample sample) => Text(name, sample.ToString());

    private static SampleReply Text(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static SampleReply Status(int status) => new(string.Create(CultureInfo.InvariantCulture, $"status {status}"), Encoding.UTF8.GetBytes(Good.ToString()), status);

    private static string Sized(long size) => Update.Replace("3017184", size.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string Codebases(params string[] codebases) => $"<urls>{string.Concat(codebases.Select(static codebase => $"<url codebase=\"{codebase}\"/>"))}</urls>";

    private static string Package(string attributes) => $"<packages><package {attributes}/></packages>";

    private static string Action(params string[] actions) => $"<actions>{string.Concat(actions.Select(static attributes => $"<action {attributes}/>"))}</actions>";

    private static string PostInstall(string attributes) => Action($"event=\"postinstall\" {Sample.Digest} {attributes}");

    private static string Later(string version, string package, string attributes = "") =>
        $"<manifest version=\"{version}\" {attributes}><packages>{package}</packages>{PostInstall("")}</manifest>";

    private static string Prefixed(Sample sample) =>
        (sample with { Root = "response xmlns:o=\"urn:updates\" protocol=\"3.0\"", Declaration = "" }).ToString().Replace("</", "</o:", StringComparison.Ordinal).Replace("<o:/", "</", StringComparison.Ordinal)
            .Replace("<", "<o:", StringComparison.Ordinal).Replace("<o:/o:", "</o:", StringComparison.Ordinal);

    private static string Capitalised(Sample sample)
    {
        var text = (sample with { Declaration = "" }).ToString();
        foreach (var name in (string[])["response", "app", "updatecheck", "urls", "manifest", "packages", "actions"])
        {
            text = text.Replace($"<{name}", $"<{name.ToUpperInvariant()}", StringComparison.Ordinal).Replace($"</{name}", $"</{name.ToUpperInvariant()}", StringComparison.Ordinal);
        }

        return text;
    }

    private static byte[] Compressed(Sample sample)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(sample.ToString()));
        return compressed.ToArray();
    }
}

/// <summary>A reply as it comes in: its bytes, and the status that the client sees after redirects, 0 for none.</summary>
internal sealed record SampleReply(string Name, byte[] Body, int Status = 200)
{
    public UpdateEngineVerdict Judge() => UpdateEngine.Judge(Status, Body);
}

/// <summary>A good reply in parts, any of which can be replaced.</summary>
internal sealed record Sample
{
    public const string Digest = "sha256=\"3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=\"";

    public string Declaration { get; init; } = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

    public string Root { get; init; } = "response protocol=\"3.0\"";

    public string Daystart { get; init; } = "<daystart elapsed_seconds=\"9\"/>";

    public string BeforeApp { get; init; } = "";

    public string App { get; init; } = "appid=\"a\" status=\"ok\" note=\"~\"";

    public string InApp { get; init; } = "";

    public string Check { get; init; } = "status=\"ok\"";

    public string Urls { get; init; } = "<urls><url codebase=\"http://dl.example/a/\"/></urls>";

    public string Manifest { get; init; } = "version=\"3510.2.0\"";

    public string Packages { get; init; } = "<packages><package name=\"a.gz\" size=\"3017184\"/></packages>";

    public string Actions { get; init; } = $"<actions><action event=\"postinstall\" {Digest}/></actions>";

    public string? ManifestOverride { get; init; }

    public string AfterManifest { get; init; } = "";

    public string AfterApp { get; init; } = "";

    public string WholeManifest => $"<manifest {Manifest}>{Packages}{Actions}</manifest>";

    public override string ToString() =>
        $"{Declaration}<{Root}>{Daystart}{BeforeApp}<app {App}>{InApp}<updatecheck {Check}>{Urls}{ManifestOverride ?? WholeManifest}{AfterManifest}</updatecheck></app>{AfterApp}</{Root.Split(' ')[0]}>";
}
