using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Omaha.Catalog;

/// <summary>Documents to and from JSON. Comments and trailing commas are allowed when reading; a key given twice is an error.</summary>
public static class DocumentJson
{
    /// <summary>Size of one app's document in bytes (4 MiB); about 5 000 releases.</summary>
    public const int MaxDocumentBytes = 4 * 1024 * 1024;

    /// <summary>The type of a catalogue file, for descriptions of it.</summary>
    public static JsonTypeInfo FileType => Info<CatalogFile>(Options);

    /// <summary>The type of an app's document, for descriptions of it.</summary>
    public static JsonTypeInfo AppType => Info<AppDocument>(Options);

    /// <summary>The form of a file of releases, for those who describe the API.</summary>
    public static JsonTypeInfo ReleasesType => Info<ReleaseFile>(Options);

    private static readonly JsonSerializerOptions Options = CreateOptions(indented: false);
    private static readonly JsonSerializerOptions Indented = CreateOptions(indented: true);

    /// <summary>Reads one app's document. Null with one fault when the text is not JSON of the right shape; what the values mean is <see cref="AppValidator"/>'s to judge.</summary>
    public static AppDocument? ReadApp(ReadOnlySpan<byte> json, out Fault? fault) => Read<AppDocument>(json, out fault);

    /// <summary>Reads the brakes key.</summary>
    public static Brakes? ReadBrakes(ReadOnlySpan<byte> json, out Fault? fault) => Read<Brakes>(json, out fault);

    /// <summary>Reads a catalogue file: <c>{"apps": [...]}</c>, or a single app's document.</summary>
    public static CatalogFile? ReadFile(ReadOnlySpan<byte> json, out Fault? fault)
    {
        var file = Read<CatalogFile>(json, out fault);
        if (file is null || file.UnknownKeys?.ContainsKey("app") != true) return file;

        var app = Read<AppDocument>(json, out fault);
        if (app is null) return null;
        app.UnknownKeys?.Remove("$schema");
        return new CatalogFile { Apps = [app] };
    }

    /// <summary>Reads a document of releases.</summary>
    public static ReleaseFile? ReadReleases(ReadOnlySpan<byte> json, out Fault? fault) => Read<ReleaseFile>(json, out fault);

    public static byte[] Write(AppDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, Info<AppDocument>(Options));

    public static byte[] Write(Brakes brakes) => JsonSerializer.SerializeToUtf8Bytes(brakes, Info<Brakes>(Options));

    public static byte[] Write(ReleaseFile file) => JsonSerializer.SerializeToUtf8Bytes(file, Info<ReleaseFile>(Options));

    /// <summary>Writes a file for people: indented.</summary>
    public static byte[] Write(CatalogFile file) => JsonSerializer.SerializeToUtf8Bytes(file, Info<CatalogFile>(Indented));

    /// <summary>A copy that shares nothing with the original, for a change that may yet be refused.</summary>
    public static AppDocument Copy(AppDocument document) => JsonSerializer.Deserialize(Write(document), Info<AppDocument>(Options))!;

    /// <summary>A part of a document as a tree, for comparing two forms of it.</summary>
    internal static JsonNode Node<T>(T part) where T : DocumentNode => JsonSerializer.SerializeToNode(part, Info<T>(Options))!;

    /// <summary>The JSON schema (2020-12) of a catalogue file, made from the document types themselves.</summary>
    public static string Schema() => Schema(Info<CatalogFile>(Indented), "Omaha catalogue file");

    /// <summary>The JSON schema (2020-12) of a document of releases, made in the same way.</summary>
    public static string ReleasesSchema() => Schema(Info<ReleaseFile>(Indented), "Omaha document of releases");

    private static string Schema(JsonTypeInfo type, string title)
    {
        var exporter = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = static (context, node) =>
            {
                if (node is JsonObject json && json["properties"] is JsonObject) json["additionalProperties"] = false;
                return node;
            },
        };
        var schema = type.GetJsonSchemaAsNode(exporter).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", title);
        return schema.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
    }

    private static T? Read<T>(ReadOnlySpan<byte> json, out Fault? fault) where T : class
    {
        fault = null;
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            var read = JsonSerializer.Deserialize(json, Info<T>(Options));
            if (read is null) fault = new Fault("", "the document is null; it must be a JSON object");
            return read;
        }
        catch (JsonException error)
        {
            var where = error.LineNumber is { } line ? $" (line {line + 1}, column {error.BytePositionInLine + 1})" : "";
            var path = error.Path is { Length: > 2 } p && p.StartsWith("$.", StringComparison.Ordinal) ? p[2..] : "";
            fault = new Fault(path, Shorten(error.Message) + where);
            return null;
        }
    }

    /// <summary>The reader's message without the position that it repeats at the end, and without names of .NET types.</summary>
    private static string Shorten(string message)
    {
        if (message.Contains("could not be converted", StringComparison.Ordinal)) return "the value is of the wrong kind: text, a number, true or false, a list or an object is wanted here; omahactl schema tells which";
        var cut = message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (cut < 0) cut = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return cut < 0 ? message : message[..cut];
    }

    private static JsonTypeInfo<T> Info<T>(JsonSerializerOptions options) =>
        (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions CreateOptions(bool indented) => new(DocumentJsonContext.Default.Options)
    {
        WriteIndented = indented,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = DocumentJsonContext.Default,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    AllowDuplicateProperties = false,
    MaxDepth = 32)]
[JsonSerializable(typeof(AppDocument))]
[JsonSerializable(typeof(CatalogFile))]
[JsonSerializable(typeof(ReleaseFile))]
[JsonSerializable(typeof(Brakes))]
internal sealed partial class DocumentJsonContext : JsonSerializerContext;
