namespace Omaha.Server;

/// <summary>Whether machines can be sent here: the server has answered a request of its own, for which it needs a catalogue, and was not told to stop.</summary>
/// <remarks>Neither a store that is away nor overload makes a server unready: the others would get its machines as well, and fail one after another.</remarks>
public sealed class Readiness(SelfProbe probe, Drain drain)
{
    /// <summary>Whether machines can be sent here.</summary>
    public bool IsReady => probe.Passed && !drain.IsDraining;

    /// <summary><c>/healthz</c> of the public port, for load balancers: 200 or 503. Why is on <c>/readyz</c> of the ops port.</summary>
    internal Task AnswerAsync(HttpContext http)
    {
        var isReady = IsReady;
        http.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        ReadOnlyMemory<byte> text = isReady ? "ready\n"u8.ToArray() : "not ready\n"u8.ToArray();
        http.Response.ContentLength = text.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(text).AsTask();
    }
}
