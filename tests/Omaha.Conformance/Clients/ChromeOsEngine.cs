using System.Globalization;
using System.Xml.Linq;

namespace Omaha.Conformance.Clients;

/// <summary>
/// update_engine of ChromeOS. It walks exact paths, knows its own app by the exact id, and judges the apps of a request as a bundle: the
/// image, its downloadable content (id, underscore, name) and its recovery image.
/// </summary>
internal static class ChromeOsEngine
{
    /// <summary>What it would install: the number of packages, 0 for no update.</summary>
    /// <param name="reply">The reply to a check.</param>
    /// <param name="platformId">The id of the image, exactly as it was sent.</param>
    /// <param name="isInstall">Whether only downloadable content is asked for.</param>
    /// <exception cref="RejectedReplyException">It reports an invalid reply.</exception>
    public static int Read(byte[] reply, string platformId, bool isInstall = false)
    {
        var document = ClientXml.LoadOrReject(reply);
        RejectedReplyException.Unless(document.DocumentType?.InternalSubset?.Contains("<!ENTITY", StringComparison.Ordinal) is not true, "no declaration of an entity");

        var apps = document.Elements("response").Elements("app").ToList();
        RejectedReplyException.Unless(apps.Count > 0, "at least one app");
        if (!UpdateExists(apps, platformId, isInstall)) return 0;

        var main = apps.Find(app => app.Value("appid") == platformId && PostInstall(app) is not null) ?? apps.Find(static app => PostInstall(app) is not null);
        RejectedReplyException.Unless(main is not null, "a postinstall action");
        RejectedReplyException.Unless(Manifest(main!).Value("version").Length > 0, "manifest@version");
        return apps.Sum(CountPackages);
    }

    private static bool UpdateExists(List<XElement> apps, string platformId, bool isInstall)
    {
        var exists = false;
        foreach (var app in apps)
        {
            var id = app.Value("appid");
            var isMini = id == platformId + "_minios";
            var isContent = !isMini && id.StartsWith(platformId + "_", StringComparison.Ordinal);
            switch (app.Elements("updatecheck").SingleOrDefault()?.Value("status") ?? "")
            {
                case "noupdate" when isContent || isMini:
                    continue;
                case "noupdate":
                    return false;
                case "ok":
                    RejectedReplyException.Unless(PostInstall(app) is not null, "a postinstall action in every offer; without one it crashes");
                    exists |= PostInstall(app)!.Value("noupdate") != "true";
                    break;
                case "" when isMini || (isInstall && id == platformId):
                    break;
                case var status:
                    throw new RejectedReplyException($"updatecheck@status of {id} is ok or noupdate, not '{status}'");
            }
        }

        return exists;
    }

    private static int CountPackages(XElement app)
    {
        var packages = app.Elements("updatecheck").Elements("manifest").Elements("packages").Elements("package").ToList();
        if ((app.Element("updatecheck")?.Value("status") ?? "") is "" or "noupdate")
        {
            RejectedReplyException.Unless(packages.Count == 0, "no package without an update");
            return 0;
        }

        var urls = app.Elements("updatecheck").Elements("urls").Elements("url").ToList();
        RejectedReplyException.Unless(packages.Count > 0, "a package");
        RejectedReplyException.Unless(urls.Count > 0, "a url");
        RejectedReplyException.Unless(urls.TrueForAll(static url => url.Value("codebase").Length > 0), "url@codebase");
        foreach (var package in packages)
        {
            RejectedReplyException.Unless(package.Value("name").Length > 0, "package@name");
            RejectedReplyException.Unless(ulong.TryParse(package.Value("size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0, "package@size above zero");
            RejectedReplyException.Unless(package.Value("hash_sha256").Length > 0, "package@hash_sha256");
        }

        return packages.Count;
    }

    private static XElement Manifest(XElement app) => app.Elements("updatecheck").Elements("manifest").First();

    private static XElement? PostInstall(XElement app) =>
        app.Elements("updatecheck").Elements("manifest").Elements("actions").Elements("action").LastOrDefault(static action => action.Value("event") == "postinstall");
}
