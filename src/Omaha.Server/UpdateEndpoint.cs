using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Primitives;
using Omaha.Protocol;
using Omaha.Server.Metrics;

namespace Omaha.Server;

/// <summary>
/// The HTTP edge of the hot path: takes the body as it arrives, has it answered, writes the reply with its length. Allocates nothing when
/// the whole body is there at once, which is the usual case.
/// </summary>
/// <remarks>Every read of the body is followed by exactly one advance, on refusals too: a forgotten one breaks the next request of the connection.</remarks>
public sealed class UpdateEndpoint(Responder responder, ServerMetrics metrics, RequestTimes times, Drain drain, RetryAfter retryAfter)
{
    /// <summary>Paths that clients post to: CoreOS and Flatcar, Google, ChromeOS test servers, Brave. With or without a slash at the end; a redirect would turn their POST into a GET.</summary>
    public static readonly string[] Paths = ["/v1/update", "/service/update2", "/update", "/extensions"];

    private static readonly StringValues XmlContentType = XmlReplyWriter.ContentType;
    private static readonly StringValues TextContentType = "text/plain; charset=utf-8";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues Close = "close";

    public Task AnswerAsync(HttpContext http)
    {
        var begun = times.Begin();
        var refusal = drain.IsEnding ? Refusal.Stopping : RefuseByHeaders(http.Request);
        var sent = refusal != Refusal.None ? RefuseAsync(http, refusal) : AnswerAtOnce(http);
        if (sent is null) return AnswerOnceReadAsync(http, begun);

        times.End(begun);
        return sent;
    }

    /// <summary>Answers when the whole body is there.</summary>
    /// <returns>The sending of the reply; null when more of the body is to come.</returns>
    private Task? AnswerAtOnce(HttpContext http)
    {
        var body = http.Request.BodyReader;
        try
        {
            if (!body.TryRead(out var read)) return null;
            if (read.IsCompleted) return AnswerBodyAsync(http, body, read.Buffer);
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return null;
        }
        catch (Exception error) when (IsLostBody(error))
        {
            GiveUp(http, error);
            return Task.CompletedTask;
        }
    }

    /// <summary>Reads on until the body is complete. Kestrel ends a body that comes too slowly, and one whose connection is lost.</summary>
    private async Task AnswerOnceReadAsync(HttpContext http, long begun)
    {
        var body = http.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync();
                if (read.Buffer.Length > RequestLimits.BodyBytes)
                {
                    body.AdvanceTo(read.Buffer.End);
                    await RefuseAsync(http, Refusal.BodyTooLarge);
                    return;
                }

                if (read.IsCompleted)
                {
                    await AnswerBodyAsync(http, body, read.Buffer);
                    return;
                }

                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception error) when (IsLostBody(error))
        {
            GiveUp(http, error);
        }
        finally
        {
            times.End(begun);
        }
    }

    /// <summary>What Kestrel throws when the rest of a body will not come: the connection is gone, the client too slow, or its framing wrong.</summary>
    private static bool IsLostBody(Exception error) =>
        error is BadHttpRequestException or ConnectionResetException or ConnectionAbortedException or OperationCanceledException or IOException;

    private void GiveUp(HttpContext http, Exception error)
    {
        metrics.Refused(Refusal.BodyIncomplete);
        if (http.Response.HasStarted) return;

        // Kestrel has begun a read that nobody can end any more: with another request on this connection it would fail, and log that.
        http.Response.Headers.Connection = Close;
        if (error is BadHttpRequestException { StatusCode: var status }) http.Response.StatusCode = status;
        else http.Abort();
    }

    private Task AnswerBodyAsync(HttpContext http, PipeReader reader, in ReadOnlySequence<byte> body)
    {
        var reply = ReadOnlyMemory<byte>.Empty;
        var refusal = body.Length > RequestLimits.BodyBytes ? Refusal.BodyTooLarge : responder.Answer(body, out reply);
        reader.AdvanceTo(body.End);
        if (refusal != Refusal.None) return RefuseAsync(http, refusal);

        var response = http.Response;
        response.ContentLength = reply.Length;
        response.Headers.ContentType = XmlContentType;
        response.Headers.CacheControl = NoStore;
        return WriteAsync(response, reply);
    }

    /// <summary>What can be said before a byte of the body is read.</summary>
    private static Refusal RefuseByHeaders(HttpRequest request)
    {
        if (request.ContentLength > RequestLimits.BodyBytes) return Refusal.BodyTooLarge;
        if (request.Headers.ContentEncoding.Count > 0) return Refusal.UnsupportedMediaType;
        return RequestMediaType.Judge(request.ContentType);
    }

    private Task RefuseAsync(HttpContext http, Refusal refusal)
    {
        metrics.Refused(refusal);
        var (status, text) = RefusalReply.For(refusal);
        var response = http.Response;
        response.StatusCode = status;
        response.ContentLength = text.Length;
        if (status == StatusCodes.Status503ServiceUnavailable) retryAfter.Write(response);
        response.Headers.ContentType = TextContentType;
        response.Headers.CacheControl = NoStore;
        return WriteAsync(response, text);
    }

    /// <summary>Writes the whole reply at once. Kestrel copies the bytes before this returns, so a buffer of the thread may be passed.</summary>
    private static Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> bytes)
    {
        var write = response.BodyWriter.WriteAsync(bytes);
        return write.IsCompletedSuccessfully ? Task.CompletedTask : write.AsTask();
    }
}
