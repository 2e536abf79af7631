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
    /// <summary>The forms in which this release differs from the common one.</summary>
    public static ManifestForm FormsOf(ReleaseSpec release)
    {
        var forms = ManifestForm.Common;
        if (release.Actions is { Count: > 0 } || (release.Packages is { Count: > 1 } packages && HasPayloadLists(packages))) forms |= ManifestForm.SingleAction;
        if (!Ordered(release, ManifestForm.CacheableFirst).SequenceEqual(release.Codebases ?? [])) forms |= ManifestForm.CacheableFirst;
        return forms;
    }

    public static byte[] Render(ReleaseSpec release, ManifestForm form)
    {
        var xml = new StringBuilder(1024);
        AppendUrls(xml, Ordered(release, form));
        AppendManifest(xml, new ManifestStep(release, IsFloor: false, null, IsTarget: false), "", form);
        return Encoding.UTF8.GetBytes(xml.ToString());
    }

    /// <summary>Renders several manifests, the lowest version first, for clients that say that they understand that.</summary>
    /// <remarks>
    /// They share one list of URLs, so it names the folder above the releases' own and the packages the way down from it. Releases that
    /// have no such folder in common with the first are left for the client's next check.
    /// </remarks>
    public static byte[] RenderSteps(List<ManifestStep> steps, ManifestForm form)
    {
        SharedCodebases shared;
        while (!SharedCodebases.TryFind(steps.ConvertAll(step => Ordered(step.Release, form).ToList()), out shared)) steps.RemoveAt(steps.Count - 1);

        var xml = new StringBuilder(1024 * steps.Count);
        AppendUrls(xml, shared.Parents);
        for (var i = 0; i < steps.Count; i++) AppendManifest(xml, steps[i], shared.Below[i], form);
        return Encoding.UTF8.GetBytes(xml.ToString());
    }

    private static void AppendUrls(StringBuilder xml, IEnumerable<string> codebases)
    {
        xml.Append("<urls>");
        foreach (var codebase in codebases) xml.Append("<url codebase=\"").Append(XmlText.Escape(codebase)).Append("\"/>");
        xml.Append("</urls>");
    }

    private static void AppendManifest(StringBuilder xml, ManifestStep step, string below, ManifestForm form)
    {
        var release = step.Release;
        var singleAction = form.HasFlag(ManifestForm.SingleAction);
        xml.Append("<manifest");
        Append(xml, "version", release.Version);
        Append(xml, "prodversionmin", release.ProdVersionMin);
        Append(xml, "is_floor", step.IsFloor ? "true" : null);
        Append(xml, "floor_reason", step.FloorReason);
        Append(xml, "is_target", step.IsTarget ? "true" : null);
        xml.Append("><packages>");

        var packages = release.Packages!;
        for (var i = 0; i < packages.Count; i++) AppendPackage(xml, packages[i], below, isMain: i == 0);
        xml.Append("</packages><actions>");

        var actions = (release.Actions ?? []).FindAll(action => !singleAction || action.Event == "postinstall");
        if (!actions.Exists(static action => action.Event == "postinstall")) actions.Add(new ActionSpec { Event = "postinstall" });
        foreach (var action in singleAction ? actions[..1] : actions) AppendAction(xml, action, packages, below, singleAction);
        xml.Append("</actions></manifest>");
    }

    private static void AppendPackage(StringBuilder xml, PackageSpec package, string below, bool isMain)
    {
        xml.Append("<package");
        Append(xml, "name", below + package.Name);
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

    private static void AppendAction(StringBuilder xml, ActionSpec action, List<PackageSpec> packages, string below, bool single)
    {
        xml.Append("<action");
        Append(xml, "event", action.Event);
        Append(xml, "run", packages.Exists(package => package.Name == action.Run) ? below + action.Run : action.Run);
        Append(xml, "arguments", action.Arguments);
        Append(xml, "onsuccess", action.OnSuccess);
        Append(xml, "successurl", action.SuccessUrl);
        Append(xml, "terminateallbrowsers", action.TerminateAllBrowsers switch { true => "true", false => "false", null => null });
        if (packages[0].Sha256 is { } sha256) Append(xml, "sha256", Convert.ToBase64String(Convert.FromHexString(sha256)));
        if (action.Event == "postinstall")
        {
            Append(xml, "DisablePayloadBackoff", "true");
            AppendPayloadLists(xml, single ? packages[..1] : packages);
        }

        xml.Append("/>");
    }

    /// <summary>ChromeOS reads these as lists with one entry for each package, joined by colons; update_engine of Flatcar knows only a single <c>IsDeltaPayload</c>.</summary>
    private static void AppendPayloadLists(StringBuilder xml, List<PackageSpec> packages)
    {
        if (!HasPayloadLists(packages)) return;
        Append(xml, "IsDeltaPayload", string.Join(':', packages.Select(static package => package.Delta ? "true" : "false")));
        if (!packages.Exists(static package => package.MetadataSize is not null)) return;
        Append(xml, "MetadataSize", string.Join(':', packages.Select(static package => package.MetadataSize?.ToString(CultureInfo.InvariantCulture))));
        Append(xml, "MetadataSignatureRsa", string.Join(':', packages.Select(static package => package.MetadataSignature)));
    }

    private static bool HasPayloadLists(List<PackageSpec> packages) => packages.Exists(static package => package.MetadataSize is not null || package.Delta);

    /// <summary>The codebases in the order of the document, or plain http before the rest. Never in an order of the moment: clients key their download state by it.</summary>
    private static IEnumerable<string> Ordered(ReleaseSpec release, ManifestForm form) =>
        form.HasFlag(ManifestForm.CacheableFirst)
            ? (release.Codebases ?? []).OrderBy(static codebase => !codebase.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            : release.Codebases ?? [];

    private static void Append(StringBuilder xml, string name, string? value)
    {
        if (value is not null) xml.Append(' ').Append(name).Append("=\"").Append(XmlText.Escape(value)).Append('"');
    }
}
