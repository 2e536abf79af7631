namespace Omaha.Catalog;

/// <summary>Who follows a channel, in words: the tracks and groups that lead to it.</summary>
internal static class ChannelAudience
{
    public static IReadOnlyList<string> Of(AppDocument document, string channel)
    {
        var spec = document.Spec!;
        var words = new List<string> { $"machines on the track {channel}" };
        words.AddRange(Tracks(spec, channel));
        foreach (var (name, group) in (spec.Groups ?? []).Where(group => group.Value.Channel == channel))
        {
            words.Add($"machines of the group {name}{Settings(group, document.State?.Groups?.GetValueOrDefault(name))}");
            words.AddRange(Tracks(spec, name));
        }

        if (CatalogApp.DefaultChannelName(spec) == channel) words.Add("machines that name no track");
        return words;
    }

    /// <summary>The further tracks that mean a channel or a group.</summary>
    private static IEnumerable<string> Tracks(AppSpec spec, string meant) =>
        (spec.Tracks ?? []).Where(track => track.Value == meant).Select(static track => track.Key).Order(StringComparer.Ordinal).Select(static track => $"machines on the track {track}");

    /// <summary>What keeps a group, or a part of it, from following at once.</summary>
    private static string Settings(GroupSpec group, GroupState? state)
    {
        var settings = new List<string>();
        if (state?.Paused is not null) settings.Add("paused");
        if (group.Version is { } version) settings.Add($"pinned to {version}");
        if (group.Oems is not null || group.ExceptOems is { Count: > 0 }) settings.Add("certain OEMs only");
        return settings.Count == 0 ? "" : $" ({string.Join(", ", settings)})";
    }
}
