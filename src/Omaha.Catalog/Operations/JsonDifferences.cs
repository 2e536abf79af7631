using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omaha.Catalog;

/// <summary>Where two JSON values differ, in words: <c>packages[0].size: 10 -> 12</c>.</summary>
internal static class JsonDifferences
{
    private const int LongestValue = 100;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = DocumentJsonContext.Default };

    public static JsonObject Node(AppSpec spec) => JsonSerializer.SerializeToNode(spec, DocumentJsonContext.Default.AppSpec)!.AsObject();

    public static JsonObject Node(ReleaseSpec release) => JsonSerializer.SerializeToNode(release, DocumentJsonContext.Default.ReleaseSpec)!.AsObject();

    public static IEnumerable<string> Between(JsonNode? before, JsonNode? after, string path = "")
    {
        if (JsonNode.DeepEquals(before, after)) return [];
        if (before is JsonObject one && after is JsonObject other) return OfObjects(one, other, path);
        if (before is JsonArray { Count: > 0 } old && after is JsonArray { Count: > 0 } young && old[0] is JsonObject && young[0] is JsonObject) return OfLists(old, young, path);
        return [$"{path}: {Text(before)} -> {Text(after)}"];
    }

    private static IEnumerable<string> OfObjects(JsonObject before, JsonObject after, string path)
    {
        var keys = before.Select(static entry => entry.Key).Concat(after.Select(static entry => entry.Key)).Distinct(StringComparer.Ordinal);
        return keys.SelectMany(key => Between(before[key], after[key], path.Length == 0 ? key : $"{path}.{key}"));
    }

    private static IEnumerable<string> OfLists(JsonArray before, JsonArray after, string path)
    {
        var both = Math.Min(before.Count, after.Count);
        var inside = Enumerable.Range(0, both).SelectMany(i => Between(before[i], after[i], $"{path}[{i}]"));
        return before.Count == after.Count ? inside : inside.Append(string.Create(CultureInfo.InvariantCulture, $"{path}: {before.Count} -> {after.Count} entries"));
    }

    private static string Text(JsonNode? value)
    {
        var text = value?.ToJsonString(Readable) ?? "none";
        return text.Length <= LongestValue ? text : text[..LongestValue] + "…";
    }
}
