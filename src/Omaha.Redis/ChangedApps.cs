namespace Omaha.Redis;

/// <summary>The apps that changed between two states of the store, each once, by what happened to it last.</summary>
/// <param name="Written">Normalised ids of apps whose document is to be read.</param>
/// <param name="Deleted">Normalised ids of apps that are gone.</param>
public sealed record ChangedApps(IReadOnlySet<string> Written, IReadOnlySet<string> Deleted);
