using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Omaha.Conformance.Clients;

/// <summary>
/// The Rust helper of Flatcar. After an update it reads the stored reply again to fetch the files of extensions, and is strict: any app
/// without an offer, or any value of the wrong form, spoils the whole reply.
/// </summary>
internal static partial class UeRs
{
    private static readonly string[] Events = ["preinstall", "install", "postinstall", "update"];
    private static readonly string[] SuccessActions = ["default", "exitsilently", "exitsilentlyonlaunchcmd"];

    /// <summary>The URLs of all packages.</summary>
    /// <exception cref="RejectedReplyException">It cannot read the reply.</exception>
    public static IReadOnlyList<Uri> Read(byte[] reply)
    {
        // It finds the name of an attribute by cutting ="value" off the text it stands in.
        foreach (Match tag in Tag().Matches(Encoding.UTF8.GetString(reply)))
        {
            RejectedReplyException.Unless(!Attribute().Replace(tag.Value, "").Contains('=', StringComparison.Ordinal), $"attributes as name=\"value\" in {tag.Value}");
        }

        var response = ClientXml.LoadOrReject(reply).Root!;
        RejectedReplyException.Unless(response.Name == "response", "a root named response, without prefix");
        RejectedReplyException.Unless(response.Attribute("protocol") is not null, "response@protocol");
        return [.. response.Elements("app").SelectMany(ReadApp)];
    }

    private static IEnumerable<Uri> ReadApp(XElement app)
    {
        RejectedReplyException.Unless(Guid.TryParseExact(app.Value("appid"), "D", out _) || Guid.TryParseExact(app.Value("appid"), "B", out _), "app@appid is a UUID");
        RejectedReplyException.Unless(app.Attribute("status") is not null, "app@status");
        var check = app.Element("updatecheck") ?? throw new RejectedReplyException("app/updatecheck");
        RejectedReplyException.Unless(check.Attribute("status") is not null, "updatecheck@status");
        var urls = check.Element("urls") ?? throw new RejectedReplyException("updatecheck/urls");
        var codebases = urls.Elements("url").SelectMany(ReadUrl).ToList();

        // A later manifest takes the place of an earlier one.
        var manifest = check.Elements("manifest").LastOrDefault() ?? throw new RejectedReplyException("updatecheck/manifest");
        RejectedReplyException.Unless(manifest.Attribute("version") is not null, "manifest@version");
        RejectedReplyException.Unless(manifest.Element("packages") is not null, "manifest/packages");
        RejectedReplyException.Unless(manifest.Element("actions") is not null, "manifest/actions");
        foreach (var action in manifest.Elements("actions").Elements("action")) CheckAction(action);
        foreach (var package in manifest.Elements("packages").Elements("package"))
        {
            CheckPackage(package);

            // Joined as RFC 3986 has it: without a slash at the end, the last segment of the codebase is replaced.
            if (codebases.Count > 0) yield return new Uri(codebases[0], package.Value("name"));
        }
    }

    /// <summary>It stops at the first attribute that is not codebase.</summary>
    private static IEnumerable<Uri> ReadUrl(XElement url)
    {
        foreach (var attribute in url.Attributes().TakeWhile(static attribute => attribute.Name == "codebase"))
        {
            RejectedReplyException.Unless(ClientXml.IsAbsoluteUrl(attribute.Value), "url@codebase is absolute");
            yield return new Uri(attribute.Value);
        }
    }

    private static void CheckPackage(XElement package)
    {
        RejectedReplyException.Unless(package.Attribute("name") is not null, "package@name");
        RejectedReplyException.Unless(ulong.TryParse(package.Value("size"), NumberStyles.None, CultureInfo.InvariantCulture, out _), "package@size is a number");
        RejectedReplyException.Unless(package.Value("required") is "true" or "false", "package@required is true or false");
        if (package.Attribute("hash") is { } sha1) RejectedReplyException.Unless(ClientXml.IsBase64(sha1.Value, 20), "package@hash is a SHA-1 in base64");
        if (package.Attribute("hash_sha256") is { } sha256) RejectedReplyException.Unless(ClientXml.IsHexSha256(sha256.Value), "package@hash_sha256 is a SHA-256 in hexadecimal");
    }

    private static void CheckAction(XElement action)
    {
        RejectedReplyException.Unless(Events.Contains(action.Value("event")), "action@event is known");
        RejectedReplyException.Unless(ClientXml.IsBase64(action.Value("sha256"), 32), "every action has a sha256 in base64");
        if (action.Attribute("DisablePayloadBackoff") is { } backoff) RejectedReplyException.Unless(backoff.Value is "true" or "false", "action@DisablePayloadBackoff is true or false");
        if (action.Attribute("successaction") is { } success) RejectedReplyException.Unless(SuccessActions.Contains(success.Value), "action@successaction is known");
    }

    [GeneratedRegex("<[A-Za-z][^<]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_.:-]*=\"[^\"]*\"")]
    private static partial Regex Attribute();
}
