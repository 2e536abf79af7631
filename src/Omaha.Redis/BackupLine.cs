using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omaha.Redis;

/// <summary>One line of a backup, which is JSON: a value of the store, or what the file itself says at its beginning and end.</summary>
/// <remarks>
/// A backup is lines in this order: <c>omaha-backup</c> with format, time and version; <c>brakes</c>; for each app <c>app</c> and <c>previous</c>; for each app <c>form</c>
/// after <c>form</c>; <c>brakesForm</c>; <c>audit</c> entries; <c>token</c>s; and <c>end</c>, with the SHA-256 of all bytes before it. Values are
/// kept as they are stored, byte by byte: as text where they are text, else in base64.
/// </remarks>
internal sealed record BackupLine(string Kind)
{
    public const int Format = 1;

    public const string Beginning = "omaha-backup";
    public const string Brakes = "brakes";
    public const string App = "app";
    public const string Previous = "previous";
    public const string Form = "form";
    public const string BrakesForm = "brakesForm";
    public const string Audit = "audit";
    public const string Token = "token";
    public const string End = "end";

    [JsonPropertyName("format")]
    public int? FormatOf { get; init; }

    public DateTimeOffset? MadeAt { get; init; }

    /// <summary>Head of the catalogue; null for a store without one.</summary>
    public string? Version { get; init; }

    /// <summary>Id of the app or token.</summary>
    public string? Id { get; init; }

    /// <summary>Number of the audit entry, or of the entry that a form belongs to.</summary>
    public long? Number { get; init; }

    public string? Text { get; init; }

    public byte[]? Bytes { get; init; }

    public string? Sha256 { get; init; }

    /// <summary>The value, as it is stored.</summary>
    [JsonIgnore]
    public byte[] Value => Bytes ?? Encoding.UTF8.GetBytes(Text ?? "");

    /// <summary>A line that holds a value.</summary>
    public static BackupLine Of(string kind, byte[] value, string? id = null, long? number = null)
    {
        // What is no UTF-8 would not come back as it was.
        var isText = System.Text.Unicode.Utf8.IsValid(value);
        return new BackupLine(kind) { Id = id, Number = number, Text = isText ? Encoding.UTF8.GetString(value) : null, Bytes = isText ? null : value };
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, BackupLineJson.Readable.BackupLine);

    /// <summary>Null for a text that is no line.</summary>
    public static BackupLine? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, BackupLineJson.Default.BackupLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BackupLine))]
internal sealed partial class BackupLineJson : JsonSerializerContext
{
    private static BackupLineJson? _readable;

    public static BackupLineJson Readable => _readable ??= new BackupLineJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
