using System.Text.Json;
using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>Makes one stored document an app that can be served, or says why it is none. Whatever the store holds, no document can harm the others.</summary>
internal static class AppReader
{
    private const int FaultsNamed = 3;

    /// <summary>The app; null with the reason when the document cannot be read or has faults. The reason is also given for an app that is known but not supported.</summary>
    /// <param name="stored">The document as stored.</param>
    /// <param name="last">The app's last form; what did not change is taken from it.</param>
    /// <param name="reason">Why the app is not served from this document; null when it is.</param>
    public static CatalogApp? Read(StoredApp stored, CatalogApp? last, out string? reason)
    {
        try
        {
            return ReadOrThrow(stored, last, out reason);
        }
        catch (Exception error)
        {
            // The validator missed something. One app must not stop the others for it.
            reason = $"the document cannot be used: {error.Message}";
            return null;
        }
    }

    private static CatalogApp? ReadOrThrow(StoredApp stored, CatalogApp? last, out string? reason)
    {
        reason = null;
        if (!CatalogKeys.IsNormalized(stored.Id)) reason = "the id that it is stored under is not normalised";
        else if (stored.Json is null) reason = "the document is missing from the store";
        if (reason is not null) return null;

        // What is required comes first: a document for later versions may well look faulty to this one, down to the types of its values.
        var document = DocumentJson.ReadApp(stored.Json, out var unreadable);
        if (SupportedFeatures.FirstMissing(document ?? RequirementsOf(stored.Json!)) is { } feature)
        {
            reason = $"requires {feature}, which this version does not know";
            return CatalogApp.NotServed(stored.Id, AppStanding.Unsupported);
        }

        var faults = unreadable is not null ? [unreadable] : AppValidator.Check(document!);
        if (faults.Count == 0 && CatalogKeys.Normalize(document!.App) != stored.Id) faults = [new Fault("app", $"\"{document.App}\" is not the app that this document is stored for")];
        if (faults.Count == 0) return CatalogApp.From(document!, last);

        reason = string.Join("; ", faults.Take(FaultsNamed)) + (faults.Count > FaultsNamed ? $"; and {faults.Count - FaultsNamed} more" : "");
        return null;
    }

    /// <summary>As much of a document as tells what it requires.</summary>
    private static AppDocument RequirementsOf(byte[] json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (parsed.RootElement.ValueKind != JsonValueKind.Object || !parsed.RootElement.TryGetProperty("requires", out var requires) || requires.ValueKind != JsonValueKind.Array) return new AppDocument();
            return new AppDocument { Requires = [.. requires.EnumerateArray().Where(static name => name.ValueKind == JsonValueKind.String).Select(static name => name.GetString()!)] };
        }
        catch (JsonException)
        {
            return new AppDocument();
        }
    }
}
