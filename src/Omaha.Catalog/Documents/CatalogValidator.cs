using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Faults that only show between apps: an id or an alias that two of them claim.</summary>
public static class CatalogValidator
{
    /// <summary>All such faults among documents that each passed <see cref="AppValidator"/>.</summary>
    public static IReadOnlyList<Fault> Check(IEnumerable<AppDocument> documents)
    {
        var faults = new List<Fault>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            foreach (var (id, path) in Ids(document))
            {
                if (!owners.TryAdd(AppIds.Normalize(id), document.App!))
                {
                    var owner = owners[AppIds.Normalize(id)];
                    faults.Add(new Fault($"{document.App} {path}", $"\"{id}\" already means the app {owner}; an id or alias belongs to one app"));
                }
            }
        }

        return faults;
    }

    private static IEnumerable<(string Id, string Path)> Ids(AppDocument document) =>
        (document.Spec?.Aliases ?? []).Select(static (alias, i) => (alias, $"spec.aliases[{i}]")).Prepend((document.App!, "app"));
}
