using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Omaha.Catalog;

namespace Omaha.Control;

/// <summary>Reads bodies within limits; Kestrel answers 413 through an exception that the gate understands.</summary>
internal static class RequestBody
{
    /// <summary>Size of a catalogue file in bytes (32 MiB).</summary>
    public const int MaxFileBytes = 32 * 1024 * 1024;

    /// <summary>The limits in words.</summary>
    public const string Limits = "32 MiB for apply, 4 GiB for restore, 64 KiB otherwise; split a file and apply its parts one by one";

    private const int MaxRequestBytes = 64 * 1024;

    public static Task<byte[]> ReadFileAsync(HttpContext http) => ReadAsync(http, MaxFileBytes);

    /// <summary>A small JSON body; an absent one is an empty object.</summary>
    /// <returns>The request, or why it cannot be understood.</returns>
    public static async Task<(T? Request, Reply? Refused)> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type, params string[] keys) where T : DocumentNode, new()
    {
        var body = await ReadAsync(http, MaxRequestBytes);
        if (body.AsSpan().Trim(" \t\r\n"u8).IsEmpty) return (new T(), null);
        try
        {
            var request = JsonSerializer.Deserialize(body, type);
            if (request is null) return (null, Reply.Malformed(new Fault("", $"the body is null; it must be an object with {string.Join(", ", keys)}")));
            var unknown = (request.UnknownKeys?.Keys ?? Enumerable.Empty<string>()).Select(key => new Fault(key, $"is no key of this request, which has {string.Join(", ", keys)}")).ToList();
            return unknown.Count == 0 ? (request, null) : (null, Reply.Problem(400, unknown));
        }
        catch (JsonException error)
        {
            var path = error.Path is { Length: > 2 } p ? p[2..] : "";
            return (null, Reply.Malformed(new Fault(path, $"the body is no JSON object with {string.Join(", ", keys)} of the right types (line {error.LineNumber + 1}, column {error.BytePositionInLine + 1})")));
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContext http, int limit)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = limit;
        using var buffer = new MemoryStream((int)Math.Clamp(http.Request.ContentLength ?? 0, 0, limit));
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.ToArray();
    }
}
