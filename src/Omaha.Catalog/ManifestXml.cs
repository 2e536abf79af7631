using System.Globalization;
using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>
/// Renders what an offer says inside <c>updatecheck</c>: one superset that update_engine, ue-rs, ChromeOS, Google Update on Windows,
/// Chromium and go-omaha clients all accept.
/// </summary>
/// <remarks>
/// Rules that are easy to lose. <c>codebase</c> is the first attribute of <c>url</c> and ends with a slash (ue-rs and old CoreOS clients).
/// <c>hash</c> is base64 SHA-1 or absent, never empty (ue-rs rejects the reply). Every action carries <c>sha256</c> in base64 (ue-rs), and
/// there is always a postinstall action (update_engine needs it, ChromeOS dereferences it unasked). <c>DisablePayloadBackoff</c> keeps one
/// failed download from blocking a machine for a day. URLs keep their order: clients key their download state by it.
/// </remarks>
internal static class ManifestXml
{
    public static byte[] Render(ReleaseSpec release)
    {
        var xml = new StringBuilder(1024);
        xml.Append("<urls>");
        foreach (var codebase in release.Codebases ?? []) xml.Append("<url codebase=\"").Append(XmlText.Escape(codebase)).Append("\"/>");
        xml.Append("</urls><manifest version=\"").Append(XmlText.Escape(release.Version!)).Append("\"><packages>");

        var packages = release.Packages!;
        for (var i = 0; i < packages.Count; i++) AppendPackage(xml, packages[i], isMain: i == 0);
        xml.Append("</packages><actions>");

        var actions = release.Actions ?? [];
        foreach (var action in actions) AppendAction(xml, action, packages);
        if (!actions.Exists(static action => action.Event == "postinstall")) AppendAction(xml, new ActionSpec { Event = "postinstall" }, packages);
        xml.Append("</actions></manifest>");
        return Encoding.UTF8.GetBytes(xml.ToString());
    }

    private static void AppendPackage(StringBuilder xml, PackageSpec package, bool isMain)
    {
        xml.Append("<package");
        Append(xml, "name", package.Name);
        Append(xml, "size", package.Size.ToString(CultureInfo.InvariantCulture));
        Append(xml, "required", package.Required ?? isMain ? "true" : "false");
        Append(xml, "hash", package.Sha1);
        if (package.Sha256 is { } sha256)
        {
            var hex = sha256.ToLowerInvariant();
            Append(xml, "hash_sha256", hex);
            Append(xml, "fp", "1." + hex);
        }

        xml.Append("/>");
    }

    private static void AppendAction(StringBuilder xml, ActionSpec action, List<PackageSpec> packages)
    {
        xml.Append("<action");
        Append(xml, "event", action.Event);
        Append(xml, "run", action.Run);
        Append(xml, "arguments", action.Arguments);
        Append(xml, "onsuccess", action.OnSuccess);
        Append(xml, "successurl", action.SuccessUrl);
        Append(xml, "terminateallbrowsers", action.TerminateAllBrowsers switch { true => "true", false => "false", null => null });
        if (packages[0].Sha256 is { } sha256) Append(xml, "sha256", Convert.ToBase64String(Convert.FromHexString(sha256)));
        if (action.Event == "postinstall")
        {
            Append(xml, "DisablePayloadBackoff", "true");
            AppendPayloadLists(xml, packages);
        }

        xml.Append("/>");
    }

    /// <summary>ChromeOS reads these as lists with one entry for each package, joined by colons; update_engine of Flatcar knows only a single <c>IsDeltaPayload</c>.</summary>
    private static void AppendPayloadLists(StringBuilder xml, List<PackageSpec> packages)
    {
        if (!packages.Exists(static package => package.MetadataSize is not null || package.Delta)) return;
        Append(xml, "IsDeltaPayload", string.Join(':', packages.Select(static package => package.Delta ? "true" : "false")));
        if (!packages.Exists(static package => package.MetadataSize is not null)) return;
        Append(xml, "MetadataSize", string.Join(':', packages.Select(static package => package.MetadataSize?.ToString(CultureInfo.InvariantCulture))));
        Append(xml, "MetadataSignatureRsa", string.Join(':', packages.Select(static package => package.MetadataSignature)));
    }

    private static void Append(StringBuilder xml, string name, string? value)
    {
        if (value is not null) xml.Append(' ').Append(name).Append("=\"").Append(XmlText.Escape(value)).Append('"');
    }
}
