using System.Globalization;
using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>One change of the catalogue: made wholly or not at all, and only if the store is still in the state that it was decided upon.</summary>
public sealed class CatalogChange
{
    /// <summary>Most apps that one change may write or delete. The store does nothing else while it makes a change.</summary>
    public const int MaxApps = 500;

    /// <summary>Most bytes that the documents of one change may have together (32 MiB).</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>The head that was read before anything the change is based on.</summary>
    public required StoreVersion Expected { get; init; }

    /// <summary>Documents to store in place of whatever their apps have now. They are not judged here.</summary>
    public IReadOnlyCollection<AppDocument> Written { get; init; } = [];

    /// <summary>Ids of apps to delete, in any spelling; one that does not exist is passed over.</summary>
    public IReadOnlyCollection<string> Deleted { get; init; } = [];

    /// <summary>New brakes; null leaves them as they are.</summary>
    public Brakes? Brakes { get; init; }

    /// <summary>True: nothing would be different afterwards but the revision.</summary>
    public bool IsEmpty => Written.Count == 0 && Deleted.Count == 0 && Brakes is null;

    /// <summary>The change with ids normalised and documents rendered.</summary>
    /// <exception cref="ArgumentException">It breaks a limit, names an app twice or by something that is no id, or expects no state.</exception>
    internal (IReadOnlyList<StoredApp> Written, IReadOnlyList<string> Deleted) Checked()
    {
        if (Expected.IsNone) throw new ArgumentException("A change needs the version of the store that it was decided upon; a store without one must be initialised first.");
        if (Written.Count + Deleted.Count > MaxApps) throw new ArgumentException(Say($"A change may write or delete at most {MaxApps} apps; this one has {Written.Count + Deleted.Count}. Make several changes."));

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var written = Written.Select(document => new StoredApp(Once(CatalogKeys.Normalize(document.App)), Rendered(document))).ToList();
        var deleted = Deleted.Select(id => Once(CatalogKeys.Normalize(id))).ToList();
        var bytes = written.Sum(static app => (long)app.Json!.Length);
        if (bytes > MaxBytes) throw new ArgumentException(Say($"The documents of a change may have at most {MaxBytes} bytes together; these have {bytes}. Make several changes."));
        return (written, deleted);

        string Once(string id) => seen.Add(id) ? id : throw new ArgumentException($"A change names the app {id} twice.");
    }

    private static byte[] Rendered(AppDocument document)
    {
        var json = DocumentJson.Write(document);
        return json.Length <= DocumentJson.MaxDocumentBytes ? json
            : throw new ArgumentException(Say($"The document of {document.App} has {json.Length} bytes; at most {DocumentJson.MaxDocumentBytes} are allowed."));
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
