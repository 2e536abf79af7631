using System.Globalization;
using System.Numerics;
using System.Xml.Linq;

namespace Omaha.Conformance.Clients;

/// <summary>What update_engine takes from an offer.</summary>
internal sealed record UpdateEngineOffer(string Version, long Size, IReadOnlyList<string> Urls, string Sha256, uint MaxFailuresPerUrl, bool IsDelta, bool BackoffDisabled);

/// <summary>What update_engine makes of a reply: an offer, nothing (code 0), or one of its error codes.</summary>
internal sealed record UpdateEngineVerdict(int Code, UpdateEngineOffer? Offer, int PollInterval)
{
    public static UpdateEngineVerdict Reject(int code) => new(code, null, 0);

    public override string ToString() => (Code, Offer) switch
    {
        (not 0, _) => string.Create(CultureInfo.InvariantCulture, $"REJECT {Code}"),
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"NOUPDATE poll={PollInterval}"),
        var (_, offer) => string.Create(CultureInfo.InvariantCulture,
            $"UPDATE {offer.Version} size={offer.Size} urls={offer.Urls.Count} max={offer.MaxFailuresPerUrl} poll={PollInterval} delta={(offer.IsDelta ? 1 : 0)}"),
    };
}

/// <summary>
/// update_engine of CoreOS and Flatcar. It looks for <c>/response/app/…</c> in the whole document and takes the first of each thing, whichever
/// app, manifest or list it stands in; ids, versions and the status of the app mean nothing to it.
/// </summary>
internal static class UpdateEngine
{
    public const int EmptyResponse = 30;
    public const int BadXml = 31;
    public const int InvalidResponse = 34;
    public const int HttpStatusBase = 2000;

    private static readonly string[] ToCheck = ["app", "updatecheck"];
    private static readonly string[] ToManifest = [.. ToCheck, "manifest"];
    private static readonly string[] ToUrl = [.. ToCheck, "urls", "url"];
    private static readonly string[] ToPackage = [.. ToManifest, "packages", "package"];
    private static readonly string[] ToAction = [.. ToManifest, "actions", "action"];

    /// <summary>Judges the reply to an update check. Redirects have been followed, and a status of 0 means that none came.</summary>
    public static UpdateEngineVerdict Judge(int httpStatus, byte[] body)
    {
        if (httpStatus is < 200 or > 299) return UpdateEngineVerdict.Reject(HttpStatusBase + httpStatus);

        // Its HTTP library drops what follows these two.
        if (body.Length == 0 || httpStatus is 204 or 205) return UpdateEngineVerdict.Reject(EmptyResponse);
        if (ClientXml.Load(body) is not { } document) return UpdateEngineVerdict.Reject(BadXml);

        if (Find(document, ToCheck).FirstOrDefault() is not { } check) return UpdateEngineVerdict.Reject(InvalidResponse);
        var poll = int.TryParse(check.Value("PollInterval"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
        var status = check.Value("status");
        if (status == "noupdate") return new UpdateEngineVerdict(0, null, poll);
        if (status != "ok") return UpdateEngineVerdict.Reject(InvalidResponse);
        return ReadOffer(document) is { } offer ? new UpdateEngineVerdict(0, offer, poll) : UpdateEngineVerdict.Reject(InvalidResponse);
    }

    /// <summary>Why the download of an accepted offer would fail; null when nothing speaks against it.</summary>
    public static string? WhyDownloadFails(UpdateEngineOffer offer)
    {
        if (offer.Urls.FirstOrDefault(static url => !ClientXml.IsAbsoluteUrl(url)) is { } relative) return $"{relative} is no absolute URL (code 9)";
        return ClientXml.IsBase64(offer.Sha256, 32) ? null : $"{offer.Sha256} is no SHA-256 in base64 (code 10)";
    }

    private static UpdateEngineOffer? ReadOffer(XDocument document)
    {
        if (Find(document, ToManifest).FirstOrDefault() is not { } manifest) return null;

        var codebases = Find(document, ToUrl).Select(static url => url.Value("codebase")).ToList();
        if (codebases.Count == 0 || codebases.Contains("")) return null;

        if (Find(document, ToPackage).FirstOrDefault() is not { } package) return null;
        var name = package.Value("name");
        var size = ScanInteger(package.Value("size"));
        if (name.Length == 0 || size <= 0) return null;

        var action = Find(document, ToAction).FirstOrDefault(static action => action.Value("event") == "postinstall");
        if (action is null || action.Value("sha256").Length == 0) return null;

        return new UpdateEngineOffer(
            manifest.Value("version"),
            size,
            [.. codebases.Select(codebase => codebase.EndsWith('/') ? codebase + name : $"{codebase}/{name}")],
            action.Value("sha256"),
            uint.TryParse(action.Value("MaxFailureCountPerUrl"), NumberStyles.None, CultureInfo.InvariantCulture, out var max) ? max : 10,
            action.Value("IsDeltaPayload") == "true",
            action.Value("DisablePayloadBackoff") == "true");
    }

    /// <summary>Elements below <c>/response</c> by their path, in the order of the document. Names have no namespace.</summary>
    private static IEnumerable<XElement> Find(XDocument document, string[] path)
    {
        var found = document.Elements("response");
        foreach (var name in path) found = found.Elements(name);
        return found;
    }

    /// <summary>The number that a text begins with, as scanf reads it: what follows does not count, and one too large is the largest.</summary>
    private static long ScanInteger(string text)
    {
        text = text.TrimStart();
        var end = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return BigInteger.TryParse(text[..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (long)BigInteger.Clamp(number, long.MinValue, long.MaxValue)
            : 0;
    }
}
