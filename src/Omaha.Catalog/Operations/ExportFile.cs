namespace Omaha.Catalog;

/// <summary>Makes the file that declares what is stored: specs without state. Applying it to the same catalogue changes nothing.</summary>
public static class ExportFile
{
    public static CatalogFile Of(IEnumerable<AppDocument> documents) => new()
    {
        Apps = [.. documents.OrderBy(static document => document.App, StringComparer.Ordinal).Select(static document => new AppDocument { App = document.App, Requires = document.Requires, Spec = document.Spec })],
    };
}
