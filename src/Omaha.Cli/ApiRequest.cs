using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Omaha.Cli;

/// <summary>A request below <c>/api/v1/</c>.</summary>
internal sealed record ApiRequest(HttpMethod Method, string Path, byte[]? Body = null)
{
    public static ApiRequest Get(string path) => new(HttpMethod.Get, path);

    public static ApiRequest Post(string path) => new(HttpMethod.Post, path);

    public static ApiRequest Post<T>(string path, T body, JsonTypeInfo<T> type) => new(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>A name as it may stand in a path.</summary>
    /// <remarks>Nothing keeps <c>..</c> from being taken for a step up: a pause or its end that was meant for one app would be one of all apps.</remarks>
    /// <exception cref="OmahactlException">It cannot stand there.</exception>
    public static string Step(string name) => name.Trim() is "" or "." or ".."
        ? throw new OmahactlException(OmahactlException.Usage, $"\"{name}\" is no name that can be asked for; give the id of an app, or the name of what is meant")
        : Escape(name);

    /// <summary>A value as it may stand in a query.</summary>
    public static string Escape(string value) => Uri.EscapeDataString(value);
}
