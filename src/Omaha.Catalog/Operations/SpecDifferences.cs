using System.Text.Json.Nodes;

namespace Omaha.Catalog;

/// <summary>What changes between two forms of an app's spec, in words for the person who applies it.</summary>
internal static class SpecDifferences
{
    /// <summary>What a new app brings.</summary>
    public static IReadOnlyList<string> Summary(AppDocument document)
    {
        var channels = document.Spec!.Channels ?? [];
        var releases = document.Spec.Releases ?? [];
        var words = new List<string>();
        if (channels.Count > 0) words.Add($"{(channels.Count == 1 ? "channel" : "channels")} {string.Join(", ", channels.Keys)}");
        words.AddRange(releases.Select(static release => $"release {ReleaseSeal.Name(release)}"));
        return words;
    }

    /// <summary>Every difference between two documents without faults; never empty, since it is asked only about ones that are written differently.</summary>
    public static IReadOnlyList<string> Between(AppDocument last, AppDocument next)
    {
        var words = new List<string>();
        if (last.App != next.App) words.Add($"app: \"{last.App}\" -> \"{next.App}\"");
        if (!(last.Requires ?? []).SequenceEqual(next.Requires ?? [])) words.Add($"requires: {List(last.Requires)} -> {List(next.Requires)}");

        var (before, after) = (JsonDifferences.Node(last.Spec!), JsonDifferences.Node(next.Spec!));
        Channels(before, after, words);
        Releases(last, next, words);
        before.Remove("releases");
        after.Remove("releases");
        words.AddRange(JsonDifferences.Between(before, after));

        if (words.Count == 0) words.Add("the same in another order or spelling");
        return words;
    }

    private static void Channels(JsonObject before, JsonObject after, List<string> words)
    {
        var (old, young) = (Take(before), Take(after));
        words.AddRange(young.Where(channel => !old.ContainsKey(channel.Key)).Select(static channel => $"channel {channel.Key} added"));
        words.AddRange(old.Where(channel => !young.ContainsKey(channel.Key)).Select(static channel => $"channel {channel.Key} removed"));
        words.AddRange(old.Where(channel => young.ContainsKey(channel.Key))
            .SelectMany(channel => JsonDifferences.Between(channel.Value, young[channel.Key]).Select(difference => $"channel {channel.Key} {difference}")));
    }

    private static JsonObject Take(JsonObject spec)
    {
        var channels = spec["channels"] as JsonObject ?? [];
        spec.Remove("channels");
        return channels;
    }

    private static void Releases(AppDocument last, AppDocument next, List<string> words)
    {
        var before = ReleaseSeal.ByIdentity(last);
        var after = ReleaseSeal.ByIdentity(next);
        foreach (var (identity, release) in after)
        {
            if (!before.TryGetValue(identity, out var old)) words.Add($"release {ReleaseSeal.Name(release)} added");
            else if (!(old.Codebases ?? []).SequenceEqual(release.Codebases ?? [])) words.Add($"release {ReleaseSeal.Name(release)} codebases: {List(old.Codebases)} -> {List(release.Codebases)}");
        }

        words.AddRange(before.Where(release => !after.ContainsKey(release.Key)).Select(static release => $"release {ReleaseSeal.Name(release.Value)} removed"));
    }

    private static string List(List<string>? values) => values is null or [] ? "none" : string.Join(", ", values);
}
