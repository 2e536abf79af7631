using System.Globalization;
using System.Xml.Linq;

namespace Omaha.Conformance.Clients;

/// <summary>The component updater of Chromium: up to 2017 it takes replies of protocol 3.0 only, later ones of 3.1 only. A fault in one app spoils that app alone.</summary>
internal static class ChromiumUpdater
{
    private static readonly string[] AppErrors = ["restricted", "error-unknownApplication", "error-invalidAppId"];

    /// <summary>The apps of a reply to checks, each with its status or with what is wrong with it.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="protocol">The protocol of the request, which the reply must have as well.</param>
    /// <exception cref="RejectedReplyException">It cannot read the reply at all.</exception>
    public static IReadOnlyList<(string Id, string Status, string? Fault)> Read(byte[] reply, string protocol)
    {
        var root = ClientXml.LoadOrReject(reply).Root!;
        RejectedReplyException.Unless(root.Name.LocalName == "response", "a root named response");
        RejectedReplyException.Unless(root.Value("protocol") == protocol, $"response@protocol is exactly {protocol}");
        return [.. root.Named("app").Select(app => Read(app, protocol))];
    }

    private static (string Id, string Status, string? Fault) Read(XElement app, string protocol)
    {
        var id = app.Value("appid");
        if (id.Length == 0) return (id, "", "app@appid");
        var status = app.Value("status");
        if (protocol == "3.1" && AppErrors.Contains(status)) return (id, status, null);
        if (protocol == "3.1" && status is not ("" or "ok")) return (id, status, "app@status is known");
        if (app.Named("updatecheck").FirstOrDefault() is not { } check) return (id, status, "app/updatecheck");

        var answer = check.Value("status");
        if (answer == "noupdate") return (id, answer, null);
        if (protocol == "3.1" && answer != "ok") return (id, answer, "updatecheck@status is ok or noupdate");
        return (id, answer, FaultOf(check));
    }

    private static string? FaultOf(XElement check)
    {
        if (check.Named("urls").FirstOrDefault() is not { } urls) return "updatecheck/urls";
        if (!urls.Named("url").Any(static url => ClientXml.IsAbsoluteUrl(url.Value("codebase")))) return "an absolute url@codebase";
        if (check.Named("manifest").FirstOrDefault() is not { } manifest) return "updatecheck/manifest";
        if (!IsVersion(manifest.Value("version"))) return "manifest@version of dotted numbers";
        if (manifest.Value("prodversionmin") is { Length: > 0 } least && !IsVersion(least)) return "manifest@prodversionmin of dotted numbers";
        if (manifest.Named("packages").FirstOrDefault() is not { } packages) return "manifest/packages";
        return packages.Named("package").All(static package => package.Value("name").Length > 0) ? null : "package@name";
    }

    private static bool IsVersion(string text) =>
        text.Split('.').All(static part => uint.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        && text.Split('.')[0] is var first && (first == "0" || !first.StartsWith('0'));
}
