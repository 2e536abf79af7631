using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Omaha.Control;

namespace Omaha.Cli;

/// <summary>The control plane that a command talks to: its address, the token, and requests that either succeed or say in words why not.</summary>
internal sealed class ControlPlane : IDisposable
{
    /// <summary>A larger body is sent once the server has said that it wants it; a refusal would be lost in a connection that is cut while it is written.</summary>
    private const int LargeBodyBytes = 1024 * 1024;

    private const string LinesType = "application/x-ndjson";

    private readonly HttpClient _http;
    private readonly string _server;

    /// <param name="server">As given by the user.</param>
    /// <param name="token">The bearer token.</param>
    /// <param name="allowInsecure">True: the token may travel unencrypted.</param>
    public ControlPlane(string server, string token, bool allowInsecure)
    {
        _server = server.TrimEnd('/');
        if (!Uri.TryCreate(_server, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw new OmahactlException(OmahactlException.Usage, $"--server \"{server}\" is no address; give one such as http://127.0.0.1:8081 or https://control.example.com");
        }

        if (url.UserInfo.Length > 0) throw new OmahactlException(OmahactlException.Usage, "--server holds a user name or password, which the control plane does not use; give the token with --token-file or OMAHACTL_TOKEN");
        if (url.Scheme == "http" && !url.IsLoopback && !allowInsecure)
        {
            throw new OmahactlException(OmahactlException.Usage, $"--server {_server} is plain HTTP to another machine, which would show the token to the network; use https, or --insecure where the network may see it");
        }

        if (token.Length == 0 || token.Any(static c => c is <= ' ' or >= '\x7f')) throw new OmahactlException(OmahactlException.Usage, "the token is empty or holds spaces or other characters that no token has; give it as it was printed, omaha_…");

        // No redirects: they would carry the token elsewhere. No proxy on the way to this machine, for the same reason.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !url.IsLoopback, ConnectTimeout = TimeSpan.FromSeconds(10) });
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request below <c>/api/v1/</c> and gives the JSON of a successful answer.</summary>
    public async Task<byte[]> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancel)
    {
        var content = body is null ? null : new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await ExchangeAsync(method, path, content, body is { Length: > LargeBodyBytes }, "application/json", HttpCompletionOption.ResponseContentRead, ReadJsonAsync, cancel);
    }

    /// <summary>Sends a file of lines below <c>/api/v1/</c>, however long that takes, and gives the JSON of a successful answer.</summary>
    public async Task<byte[]> UploadAsync(string path, Stream file, CancellationToken cancel)
    {
        _http.Timeout = Timeout.InfiniteTimeSpan;
        var content = new StreamContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(LinesType) } };
        return await ExchangeAsync(HttpMethod.Post, path, content, expectContinue: true, "application/json", HttpCompletionOption.ResponseContentRead, ReadJsonAsync, cancel);
    }

    /// <summary>Fetches a file of lines, however long that takes.</summary>
    public async Task DownloadAsync(string path, Stream file, CancellationToken cancel)
    {
        _http.Timeout = Timeout.InfiniteTimeSpan;
        await ExchangeAsync(HttpMethod.Get, path, null, expectContinue: false, LinesType, HttpCompletionOption.ResponseHeadersRead, async answer =>
        {
            await answer.CopyToAsync(file, cancel);
            return [];
        }, cancel);
    }

    /// <summary>Null for what is no JSON.</summary>
    private static async Task<byte[]?> ReadJsonAsync(HttpContent answer) => await answer.ReadAsByteArrayAsync() is var json && IsJson(json) ? json : null;

    /// <summary>Makes a request, and takes an answer that succeeded and has the wanted media type.</summary>
    private async Task<byte[]> ExchangeAsync(
        HttpMethod method, string path, HttpContent? body, bool expectContinue, string wanted, HttpCompletionOption completion, Func<HttpContent, Task<byte[]?>> take, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, $"{_server}/api/v1/{path}") { Content = body };
        request.Headers.ExpectContinue = expectContinue;
        try
        {
            using var response = await _http.SendAsync(request, completion, cancel);
            var mediaType = response.Content.Headers.ContentType?.MediaType;
            if (response.StatusCode is HttpStatusCode.OK && mediaType == wanted && await take(response.Content) is { } taken) return taken;
            if (mediaType == "application/problem+json" && await response.Content.ReadAsByteArrayAsync(cancel) is var answer && ReadProblem(answer) is { } problem) throw new OmahactlException(OmahactlException.Failed, Lines(problem)) { Json = answer };
            throw new OmahactlException(
                OmahactlException.Failed,
                $"{_server} answered {(int)response.StatusCode} with {(mediaType is null ? "no content" : mediaType)}, which is not the API of a control plane; check --server (or OMAHACTL_SERVER)");
        }
        catch (Exception error) when (error is HttpRequestException or HttpIOException)
        {
            throw new OmahactlException(OmahactlException.Failed, $"cannot reach the control plane at {_server}: {Innermost(error)}; check that it runs and that --server (or OMAHACTL_SERVER) names it");
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new OmahactlException(OmahactlException.Failed, $"the control plane at {_server} did not answer within {_http.Timeout.TotalSeconds:0} seconds; a change may have been made, so look before trying again");
        }
    }

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return error.Message.TrimEnd('.');
    }

    private static bool IsJson(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ProblemReply? ReadProblem(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ApiJson.Default.ProblemReply);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IReadOnlyList<string> Lines(ProblemReply problem) =>
        problem.Faults is { Count: > 0 } faults ? [.. faults.Select(static fault => fault.ToString())] : [problem.Detail ?? problem.Title ?? $"refused with status {problem.Status}"];
}
