namespace Omaha.Redis;

/// <summary>The apps that changed between two states of the store, each once, by what happened to it last.</summary>
/// <param name="Written">Normalised ids of apps whose document is to be read.</param>
/// <param name="Deleted">Normalised ids of apps that are gone.</param>
public sealed record ChangedApps(IReadOnlySet<string> Written, IReadOnlySet<string> Deleted)
{
    public static ChangedApps None { get; } = new(new HashSet<string>(), new HashSet<string>());

    /// <summary>With what changed after that.</summary>
    public ChangedApps And(ChangedApps later)
    {
        HashSet<string> written = new(Written, StringComparer.Ordinal), deleted = new(Deleted, StringComparer.Ordinal);
        written.ExceptWith(later.Deleted);
        written.UnionWith(later.Written);
        deleted.ExceptWith(later.Written);
        deleted.UnionWith(later.Deleted);
        return new ChangedApps(written, deleted);
    }
}
