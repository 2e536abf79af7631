using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omaha.Catalog;

namespace Omaha.Control;

/// <summary>An answer of the API: a status and JSON, or a file.</summary>
internal sealed record Reply(int Status, byte[] Json) : IAsyncDisposable
{
    /// <summary>Media type of a file of lines, each of which is JSON.</summary>
    public const string LinesType = "application/x-ndjson";

    private const string ProblemType = "application/problem+json";

    /// <summary>What is sent in place of <see cref="Json"/>; null for an answer that is JSON.</summary>
    private Stream? Lines { get; init; }

    /// <summary>When the caller may try again; null where that does not depend on time.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Reply Ok<T>(T value, JsonTypeInfo<T> type) => new(200, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>JSON that is made already.</summary>
    public static Reply Ok(byte[] json) => new(200, json);

    /// <summary>A file, from its beginning; it is disposed of with the answer.</summary>
    public static Reply OfLines(Stream file) => new(200, []) { Lines = file };

    public static Reply Problem(int status, string detail) => Problem(status, detail, []);

    /// <summary>A refusal for reasons that can be listed.</summary>
    public static Reply Problem(int status, IReadOnlyList<Fault> faults) => Problem(status, faults.Count == 1 ? faults[0].ToString() : $"{faults.Count} faults were found", faults);

    public static Reply Malformed(Fault fault) => Problem(400, [fault]);

    public async Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = Lines is not null ? LinesType : Status == 200 ? "application/json" : ProblemType;
        http.Response.Headers.CacheControl = "no-store";
        if (Status == 401) http.Response.Headers.WWWAuthenticate = "Bearer";
        if (RetryAfter is { } pause) http.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        http.Response.ContentLength = Lines?.Length ?? Json.Length;
        if (Lines is not null) await Lines.CopyToAsync(http.Response.Body, http.RequestAborted);
        else await http.Response.Body.WriteAsync(Json, http.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        if (Lines is not null) await Lines.DisposeAsync();
    }

    private static Reply Problem(int status, string detail, IReadOnlyList<Fault> faults)
    {
        var problem = new ProblemReply(Title(status), status, detail, [.. faults.Select(static fault => new FaultReply(fault.Path, fault.Message))]);
        return new Reply(status, JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Readable.ProblemReply));
    }

    private static string Title(int status) => status switch
    {
        400 => "Malformed",
        401 => "Not authenticated",
        403 => "Not permitted",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Conflict",
        413 => "Too large",
        422 => "Refused",
        429 => "Too many attempts",
        503 => "Store unavailable",
        _ => "Failed",
    };
}
