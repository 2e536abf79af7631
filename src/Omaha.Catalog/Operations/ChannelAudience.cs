namespace Omaha.Catalog;

/// <summary>Who follows a channel, in words.</summary>
internal static class ChannelAudience
{
    public static IReadOnlyList<string> Of(AppDocument document, string channel)
    {
        var spec = document.Spec!;
        var tracks = (spec.Tracks ?? []).Where(track => track.Value == channel).Select(static track => track.Key).Order(StringComparer.Ordinal).Prepend(channel);
        var words = tracks.Select(static track => $"machines on the track {track}").ToList();
        foreach (var (group, _) in (spec.Groups ?? []).Where(group => group.Value.Channel == channel).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            words.Add($"machines of the group {group}");
            words.AddRange((spec.Tracks ?? []).Where(track => string.Equals(track.Value, group, StringComparison.OrdinalIgnoreCase)).Select(track => $"machines on the track {track.Key} (group {group})"));
        }

        if (CatalogApp.DefaultChannelName(spec) == channel) words.Add("machines that name no track");
        return words;
    }
}
