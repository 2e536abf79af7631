using Omaha.Protocol;

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
            if (move.Version is null)
            {
                words.Add($"{move.Target}: machines are offered {move.Previous} no more, and nothing else was complete there");
                words.Add($"{move.Target}: machines already on {move.Previous} stay there");
                continue;
            }

            words.AddRange(Floors(document, spec, move));
            words.Add(move.Rollout is { } rollout
                ? $"{move.Target}: machines below {move.Version} are offered it step by step ({rollout.Policy}, from {rollout.Start:u}{(rollout.Completes is { } completes ? $", complete about {completes:u}" : "")})"
                : $"{move.Target}: machines below {move.Version} are offered it");
            if (!move.IsLower) continue;
            words.Add(spec.Rollback
                ? $"{move.Target}: machines already on {move.Previous} stay there, except those that ask for a rollback, which this channel permits"
                : $"{move.Target}: machines already on {move.Previous} stay there");
        }

        if (words.Count > 0) words.AddRange(Times(document, channel, spec));
        return words;
    }

    /// <summary>What older machines get first, the lowest before the higher ones.</summary>
    private static IEnumerable<string> Floors(AppDocument document, ChannelSpec spec, ChannelMove move)
    {
        var floors = (spec.Floors ?? []).Where(entry => Target.Parse(entry.Key) == Target.Parse(move.Target)).SelectMany(static entry => entry.Value).Select(static floor => floor.Version!);
        foreach (var floor in floors.Where(floor => Version(floor) < Version(move.Version!)).OrderBy(Version))
        {
            var digest = document.Spec!.Releases!.Where(release => ReleaseSeal.Identity(release) == ReleaseSeal.Identity(floor, Target.Parse(move.Target))).Select(ReleaseDigest.Of).Single();
            yield return document.State?.Blocks?.ContainsKey(digest) == true
                ? $"{move.Target}: machines below {floor} are offered nothing, since that floor is blocked"
                : $"{move.Target}: machines below {floor} are offered that floor first";
        }
    }

    private static IEnumerable<string> Times(AppDocument document, string channel, ChannelSpec spec)
    {
        if ((spec.Windows ?? document.Spec!.Windows) is { Count: > 0 }) yield return "offers go out within the windows only";
        if (spec.Freezes is { Count: > 0 } || document.Spec!.Freezes is { Count: > 0 }) yield return "nothing is offered during the freezes";
        if (document.State?.Paused is not null) yield return "nothing is offered before the app is resumed";
        else if (document.State?.Channels?.GetValueOrDefault(channel)?.Paused is not null) yield return "nothing is offered before the channel is resumed";
    }

    private static DottedVersion Version(string version) => ChannelHistory.Version(version);
}
