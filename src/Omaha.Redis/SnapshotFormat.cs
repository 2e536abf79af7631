using System.Text.Json;
using System.Text.Json.Serialization;
using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>The format of a snapshot file: a line of text that names it, records, a checksum.</summary>
/// <remarks>
/// <code>
///   omaha-snapshot 1\n
///   { kind (1 byte)  length of the id (4)  length of the document (4)  id  document }  ...      good documents before faulty ones
///   { End (1 byte)   0 (4)                 length (4)                  JSON of version, brakes, acceptance and time }
///   XXH3-64 of every byte before it (8)
/// </code>
/// Numbers are little-endian, text is UTF-8. Documents are kept as the store has them rather than in the form that they are served in, so that a
/// later build reads them with its own understanding.
/// </remarks>
internal static class SnapshotFormat
{
    /// <summary>Raised with every change that older builds would misread.</summary>
    public const int Version = 1;

    /// <summary>How every version begins, followed by its number and a line feed.</summary>
    public const string Name = "omaha-snapshot ";

    /// <summary>Most bytes of the first line.</summary>
    public const int LongestFirstLine = 32;

    public const int RecordHead = 9;

    public static byte[] Write(SnapshotEnd end)
    {
        using var brakes = JsonDocument.Parse(DocumentJson.Write(end.Brakes));
        return JsonSerializer.SerializeToUtf8Bytes(new SnapshotEndJson(end.Version.ToString(), brakes.RootElement, end.Acceptance, end.Confirmed), SnapshotJson.Default.SnapshotEndJson);
    }

    /// <summary>Null when the JSON is not what it should be. Brakes that this build does not know brake everything.</summary>
    public static SnapshotEnd? ReadEnd(ReadOnlySpan<byte> json)
    {
        try
        {
            var end = JsonSerializer.Deserialize(json, SnapshotJson.Default.SnapshotEndJson);
            if (end is null || !StoreVersion.TryParse(end.Version, out var version)) return null;
            return new SnapshotEnd(version, StoreHead.ReadBrakes(JsonSerializer.SerializeToUtf8Bytes(end.Brakes, SnapshotJson.Default.JsonElement), out _), end.Acceptance, end.Confirmed);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record SnapshotEndJson(string Version, JsonElement Brakes, string? Acceptance, DateTimeOffset Confirmed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(SnapshotEndJson))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
