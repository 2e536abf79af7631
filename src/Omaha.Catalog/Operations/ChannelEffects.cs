namespace Omaha.Catalog;

/// <summary>What machines will see of a channel's moves, in words.</summary>
internal static class ChannelEffects
{
    public static IReadOnlyList<string> Of(AppDocument document, string channel, IReadOnlyList<ChannelMove> moves)
    {
        var spec = document.Spec!.Channels![channel];
        var words = new List<string>();
        foreach (var move in moves.Where(static move => move.Change == ChannelChange.Moved))
        {
            words.Add($"{move.Target}: machines below {move.Version} are offered it");
            if (!move.IsLower) continue;
            words.Add(spec.Rollback
                ? $"{move.Target}: machines already on {move.Previous} stay there, except those that ask for a rollback, which this channel permits"
                : $"{move.Target}: machines already on {move.Previous} stay there");
        }

        if (words.Count == 0) return words;
        if (document.State?.Paused is not null) words.Add("nothing is offered before the app is resumed");
        else if (document.State?.Channels?.GetValueOrDefault(channel)?.Paused is not null) words.Add("nothing is offered before the channel is resumed");
        return words;
    }
}
