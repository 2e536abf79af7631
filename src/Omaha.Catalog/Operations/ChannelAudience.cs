namespace Omaha.Catalog;

/// <summary>Who follows a channel, in words.</summary>
internal static class ChannelAudience
{
    public static IReadOnlyList<string> Of(AppDocument document, string channel)
    {
        var spec = document.Spec!;
        var tracks = (spec.Tracks ?? []).Where(track => track.Value == channel).Select(static track => track.Key).Order(StringComparer.Ordinal).Prepend(channel);
        var words = tracks.Select(static track => $"machines on the track {track}").ToList();
        if (CatalogApp.DefaultChannelName(spec) == channel) words.Add("machines that name no track");
        return words;
    }
}
