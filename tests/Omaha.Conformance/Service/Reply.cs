using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Omaha.Conformance;

/// <summary>One HTTP reply, read to its end. Its XML is read by an independent parser that takes only what is well-formed and has no DTD.</summary>
public sealed class Reply
{
    private readonly Lazy<XElement> _xml;

    private Reply(int status, byte[] body, HttpResponseHeaders headers, HttpContentHeaders contentHeaders)
    {
        Status = status;
        Body = body;
        Headers = headers;
        ContentHeaders = contentHeaders;
        _xml = new(() =>
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader, LoadOptions.PreserveWhitespace);
        });
    }

    public int Status { get; }

    public byte[] Body { get; }

    public HttpResponseHeaders Headers { get; }

    public HttpContentHeaders ContentHeaders { get; }

    public string Text => Encoding.UTF8.GetString(Body);

    public XElement Xml => _xml.Value;

    /// <summary>The apps in the order of the reply.</summary>
    public IReadOnlyList<AppReply> Apps => [.. Xml.Elements("app").Select(static app => new AppReply(app))];

    /// <summary>The only app.</summary>
    public AppReply App => Apps.Single();

    internal static async Task<Reply> ReadAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Headers, response.Content.Headers);
}

/// <summary>What a reply says about one app.</summary>
public sealed class AppReply(XElement xml)
{
    public XElement Xml => xml;

    public string? Id => (string?)xml.Attribute("appid");

    public string? Status => (string?)xml.Attribute("status");

    /// <summary>Names of the children, in order, joined by spaces.</summary>
    public string Children => string.Join(' ', xml.Elements().Select(static child => child.Name.LocalName));

    /// <summary>The updatecheck; null when the app has none.</summary>
    public XElement? Check => xml.Elements("updatecheck").SingleOrDefault();

    /// <summary>Status of the updatecheck; null when the app has none.</summary>
    public string? CheckStatus => (string?)Check?.Attribute("status");

    /// <summary>The version on offer; null when nothing is offered.</summary>
    public string? Version => (string?)xml.Descendants("manifest").SingleOrDefault()?.Attribute("version");

    public IReadOnlyList<string?> Codebases => [.. xml.Descendants("url").Select(static url => (string?)url.Attribute("codebase"))];

    public IReadOnlyList<XElement> Packages => [.. xml.Descendants("package")];

    public IReadOnlyList<XElement> Actions => [.. xml.Descendants("action")];

    /// <summary>The one action that update_engine takes its parameters from.</summary>
    public XElement PostInstall => Actions.Single(static action => (string?)action.Attribute("event") == "postinstall");
}
