using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omaha.Catalog;

namespace Omaha.Control;

/// <summary>An answer of the API: a status and JSON.</summary>
internal sealed record Reply(int Status, byte[] Json)
{
    private const string ProblemType = "application/problem+json";

    public static Reply Ok<T>(T value, JsonTypeInfo<T> type) => new(200, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>JSON that is made already.</summary>
    public static Reply Ok(byte[] json) => new(200, json);

    public static Reply Problem(int status, string detail) => Problem(status, detail, []);

    /// <summary>A refusal for reasons that can be listed.</summary>
    public static Reply Problem(int status, IReadOnlyList<Fault> faults) => Problem(status, faults.Count == 1 ? faults[0].ToString() : $"{faults.Count} faults were found", faults);

    public static Reply Malformed(Fault fault) => Problem(400, [fault]);

    public async Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = Status == 200 ? "application/json" : ProblemType;
        http.Response.Headers.CacheControl = "no-store";
        if (Status == 401) http.Response.Headers.WWWAuthenticate = "Bearer";
        http.Response.ContentLength = Json.Length;
        await http.Response.Body.WriteAsync(Json, http.RequestAborted);
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
        503 => "Store unavailable",
        _ => "Failed",
    };
}
