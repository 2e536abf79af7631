namespace Omaha.Catalog;

/// <summary>Finds groups by the names that operators type, without regard to case, as machines send them.</summary>
internal static class GroupNames
{
    /// <summary>Null when the app has such a group.</summary>
    public static Fault? Check(AppDocument document, string name, string path)
    {
        var groups = document.Spec!.Groups ?? [];
        if (groups.Keys.Any(group => IsSame(group, name))) return null;
        return new Fault(path, groups.Count == 0
            ? $"\"{name}\" is no group of {document.App}; it has none"
            : $"\"{name}\" is no group of {document.App}; it has {string.Join(", ", groups.Keys)}");
    }

    /// <summary>The name as the document spells it; as it was given when there is no such group.</summary>
    public static string Spelt(AppDocument document, string name) => (document.Spec!.Groups ?? []).Keys.FirstOrDefault(group => IsSame(group, name)) ?? name;

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
