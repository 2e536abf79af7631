using System.Globalization;
using System.Xml.Linq;

namespace Omaha.Conformance.Clients;

/// <summary>The Go client library. Values of the wrong type spoil the whole reply; an app is found by its exact id, and any status but ok is an error.</summary>
internal static class GoOmaha
{
    private static readonly string[] Booleans = ["", "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"];
    private static readonly string[] ManifestBooleans = ["is_floor", "is_target"];
    private static readonly string[] ActionBooleans = ["needsadmin", "IsDeltaPayload", "DisablePayloadBackoff", "Prompt"];

    /// <summary>The status of the app's updatecheck, null when it has none.</summary>
    /// <exception cref="RejectedReplyException">The reply cannot be read, or the app is missing or not ok.</exception>
    public static string? Read(byte[] reply, string? contentType, string id)
    {
        RejectedReplyException.Unless(IsXml(contentType), $"an XML content type in UTF-8, not '{contentType}'");
        var root = ClientXml.LoadOrReject(reply).Root!;
        RejectedReplyException.Unless(root.Name.LocalName == "response", "a root named response");
        RejectedReplyException.Unless(root.Value("protocol") == "3.0", "response@protocol is 3.0");
        foreach (var manifest in root.Named("app").SelectMany(static app => app.Named("updatecheck")).SelectMany(static check => check.Named("manifest"))) CheckTypes(manifest);

        var app = root.Named("app").FirstOrDefault(app => app.Value("appid") == id) ?? throw new RejectedReplyException($"an app with the id {id}, exactly");
        RejectedReplyException.Unless(app.Value("status") == "ok", $"app@status is ok, not '{app.Value("status")}'");
        return (string?)app.Named("updatecheck").LastOrDefault()?.Attribute("status");
    }

    private static void CheckTypes(XElement manifest)
    {
        foreach (var name in ManifestBooleans) MustBeBoolean(manifest, name);
        foreach (var package in manifest.Named("packages").SelectMany(static packages => packages.Named("package")))
        {
            MustBeBoolean(package, "required");
            MustBeNumber(package, "size");
        }

        foreach (var action in manifest.Named("actions").SelectMany(static actions => actions.Named("action")))
        {
            foreach (var name in ActionBooleans) MustBeBoolean(action, name);
            MustBeNumber(action, "MaxFailureCountPerUrl");
        }
    }

    private static void MustBeBoolean(XElement element, string name) =>
        RejectedReplyException.Unless(Booleans.Contains(element.Value(name)), $"{element.Name.LocalName}@{name} '{element.Value(name)}' is a boolean");

    private static void MustBeNumber(XElement element, string name) =>
        RejectedReplyException.Unless(element.Value(name).Length == 0 || ulong.TryParse(element.Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out _), $"{element.Name.LocalName}@{name} is a number");

    private static bool IsXml(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return true;
        var parts = contentType.Split(';', StringSplitOptions.TrimEntries);
        return parts[0] is "text/xml" or "application/xml" && parts.Skip(1).All(static part => part.Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
