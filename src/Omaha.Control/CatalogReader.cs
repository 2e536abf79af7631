using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>One stored app, understood as far as it can be.</summary>
/// <param name="Id">The normalised id.</param>
/// <param name="Document">Null when the stored text cannot be read.</param>
/// <param name="Fault">Why not.</param>
internal sealed record ReadApp(string Id, AppDocument? Document, Fault? Fault);

/// <summary>Reads documents from the store.</summary>
internal static class CatalogReader
{
    /// <summary>Every app, one after the other.</summary>
    public static async IAsyncEnumerable<ReadApp> ReadAllAsync(this CatalogStore store)
    {
        await foreach (var app in store.ReadAllAppsAsync()) yield return Understand(app.Id, app.Json);
    }

    /// <summary>One app, by its id in any spelling; null when there is none.</summary>
    public static async Task<ReadApp?> FindAsync(this CatalogStore store, string id)
    {
        if (AppKey.Of(id) is not { } key) return null;
        return await store.ReadAppAsync(key) is { } json ? Understand(key, json) : null;
    }

    /// <summary>An answer about the app that the route names.</summary>
    public static async Task<Reply> AboutAppAsync(this CatalogStore store, ApiCall call, Func<AppDocument, Reply> answer)
    {
        var id = call.Route("id");
        if (await store.FindAsync(id) is not { } app) return await store.UnknownAppAsync(id);
        return app.Document is { } document ? answer(document) : Reply.Problem(422, [app.Fault!]);
    }

    /// <summary>The answer for an app that does not exist, naming some that do.</summary>
    public static async Task<Reply> UnknownAppAsync(this CatalogStore store, string id)
    {
        const int most = 10;
        var known = new List<string>();
        await foreach (var app in store.ReadAllAppsAsync())
        {
            if (known.Count == most) return Unknown($"among the apps of the catalogue are {string.Join(", ", known)}");
            known.Add(Understand(app.Id, app.Json).Document?.App ?? app.Id);
        }

        return Unknown(known.Count == 0 ? "the catalogue has no app yet" : $"the catalogue has {string.Join(", ", known)}");

        Reply Unknown(string words) => Reply.Problem(404, [new Fault("app", $"\"{id}\" is no app of the catalogue; {words}")]);
    }

    private static ReadApp Understand(string id, byte[]? json)
    {
        if (json is null) return new ReadApp(id, null, new Fault(id, "is in the list of apps, but has no document"));
        var document = DocumentJson.ReadApp(json, out var fault);
        return new ReadApp(id, document, fault is null ? null : new Fault($"{id} {fault.Path}".Trim(), $"the stored document cannot be read: {fault.Message}"));
    }
}
