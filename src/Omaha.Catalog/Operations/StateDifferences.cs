using System.Text.Json.Nodes;

namespace Omaha.Catalog;

/// <summary>What differs between two states of an app, in words: where channels point first, then whatever else there is.</summary>
internal static class StateDifferences
{
    private const int DigestShown = 15;

    public static IEnumerable<string> Between(AppState? before, AppState? after)
    {
        var (old, young) = (Node(before), Node(after));
        var moves = Channels(old).Keys.Union(Channels(young).Keys).Order(StringComparer.Ordinal).SelectMany(channel => Moves(channel, Channels(old).GetValueOrDefault(channel), Channels(young).GetValueOrDefault(channel))).ToList();

        // What was told as a move is not told again as entries of a list.
        foreach (var channel in Channels(old).Values.Concat(Channels(young).Values)) channel.Remove("targets");
        return moves.Concat(JsonDifferences.Between(WithoutEmptyChannels(old), WithoutEmptyChannels(young)));
    }

    private static JsonObject Node(AppState? state) => state is null ? [] : DocumentJson.Node(state).AsObject();

    private static Dictionary<string, JsonObject> Channels(JsonObject state) =>
        (state["channels"] as JsonObject ?? []).Where(static channel => channel.Value is JsonObject).ToDictionary(static channel => channel.Key, static channel => channel.Value!.AsObject());

    private static JsonObject WithoutEmptyChannels(JsonObject state)
    {
        if (state["channels"] is not JsonObject channels) return state;
        foreach (var name in channels.Where(static channel => channel.Value is null or JsonObject { Count: 0 }).Select(static channel => channel.Key).ToList()) channels.Remove(name);
        if (channels.Count == 0) state.Remove("channels");
        return state;
    }

    private static IEnumerable<string> Moves(string channel, JsonObject? before, JsonObject? after)
    {
        var (old, young) = (before?["targets"] as JsonObject ?? [], after?["targets"] as JsonObject ?? []);
        foreach (var target in old.Concat(young).Select(static entry => entry.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (was, now) = (old[target] as JsonArray ?? [], young[target] as JsonArray ?? []);
            if (JsonNode.DeepEquals(was, now)) continue;
            var (from, to) = (Words(was.LastOrDefault()), Words(now.LastOrDefault()));
            yield return $"channel {channel} {target}: {from} -> {to}{(from == to ? $" ({was.Count} -> {now.Count} entries in its history)" : "")}";
        }
    }

    private static string Words(JsonNode? complete)
    {
        if (complete is not JsonObject release) return "nothing";
        var digest = Text(release["digest"]);
        return $"{Text(release["version"])} ({(digest.Length > DigestShown ? digest[..DigestShown] + "…" : digest)})";
    }

    private static string Text(JsonNode? value) => value is JsonValue text ? text.ToString() : "?";
}
