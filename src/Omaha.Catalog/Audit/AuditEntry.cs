using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>One thing that was done, as the audit keeps it. Entries are numbered without gaps and never changed.</summary>
public sealed record AuditEntry
{
    /// <summary>Most words about differences that one entry holds; the whole difference of two revisions can be asked for.</summary>
    public const int MostDifferences = 50;

    /// <summary>Most apps that one entry names. Only a restore touches more.</summary>
    public const int MostApps = 500;

    /// <summary>Counts entries from 1, without gaps. It counts more than changes of the catalogue: tokens are made and revoked as well.</summary>
    public long Number { get; init; }

    /// <summary>Epoch of the catalogue after it; null when the store had none.</summary>
    public string? Epoch { get; init; }

    /// <summary>Revision of the catalogue after it, which is that before it when the catalogue was not changed.</summary>
    public long Revision { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Name of the <see cref="AuditVerb"/>.</summary>
    public string Verb { get; init; } = "";

    /// <summary>In one line, what it was done to and what became of it; null where the verb says all.</summary>
    public string? Details { get; init; }

    public AuditActor By { get; init; } = AuditActor.ControlPlane;

    public string? Reason { get; init; }

    /// <summary>The apps that were written or deleted.</summary>
    public IReadOnlyList<AuditedApp> Apps { get; init; } = [];

    /// <summary>How many apps were written or deleted beyond <see cref="Apps"/>.</summary>
    public int FurtherApps { get; init; }

    /// <summary>The brakes over all apps, where they were set anew.</summary>
    public Brakes? Brakes { get; init; }
}

/// <summary>What happened to one app.</summary>
/// <param name="App">Its normalised id.</param>
/// <param name="Change">Whether it came, changed or went; unchanged when it was written as it was.</param>
/// <param name="Before">Digest of its document before, as <see cref="DocumentDigest"/> makes it; null for none.</param>
/// <param name="After">Digest of its document after; null for none.</param>
/// <param name="Differences">The difference in words, cut where an entry would become large.</param>
public sealed record AuditedApp(string App, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] AppChange Change, string? Before, string? After, IReadOnlyList<string> Differences);

/// <summary>Entries to and from the JSON that is stored; what the store itself adds, such as the number, stands beside it.</summary>
public static class AuditJson
{
    public static byte[] Write(AuditEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, AuditJsonContext.Readable.AuditEntry);

    /// <summary>Null for a text that is no entry.</summary>
    public static AuditEntry? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, AuditJsonContext.Default.AuditEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJsonContext : JsonSerializerContext
{
    private static AuditJsonContext? _readable;

    public static AuditJsonContext Readable => _readable ??= new AuditJsonContext(new JsonSerializerOptions(Default.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
