namespace Omaha.Catalog;

/// <summary>What refers to releases, so that they must stay declared as they are.</summary>
internal static class ReleaseReferences
{
    /// <summary>By digest, in words: the channels that ever offered the release, to all machines or to some.</summary>
    public static Dictionary<string, SortedSet<string>> Of(AppDocument document)
    {
        var references = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var (name, channel) in document.State?.Channels ?? [])
        {
            foreach (var digest in (channel?.Targets ?? []).Values.SelectMany(static history => history ?? []).Select(static complete => complete?.Digest)
                .Concat((channel?.Rollouts ?? []).Values.Select(static rollout => rollout?.Release?.Digest))
                .Concat((channel?.Ended ?? []).Values.SelectMany(static ended => ended ?? []).Select(static rollout => rollout?.Release?.Digest)).OfType<string>())
            {
                if (!references.TryGetValue(digest, out var channels)) references.Add(digest, channels = new SortedSet<string>(StringComparer.Ordinal));
                channels.Add(name);
            }
        }

        return references;
    }

    /// <summary>Channels as the subject of a sentence.</summary>
    public static string Words(SortedSet<string> names) => names.Count == 1 ? $"channel {names.Min}" : $"channels {string.Join(", ", names)}";
}
