using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Omaha.Cli;

/// <summary>A request below <c>/api/v1/</c>.</summary>
internal sealed record ApiRequest(HttpMethod Method, string Path, byte[]? Body = null)
{
    public static ApiRequest Get(string path) => new(HttpMethod.Get, path);

    public static ApiRequest Post(string path) => new(HttpMethod.Post, path);

    public static ApiRequest Post<T>(string path, T body, JsonTypeInfo<T> type) => new(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>A value as it may stand in a path or a query.</summary>
    public static string Escape(string value) => Uri.EscapeDataString(value);
}
