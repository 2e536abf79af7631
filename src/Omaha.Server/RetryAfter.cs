using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Omaha.Server;

/// <summary>
/// When a client may ask again that was answered 503: <c>Retry-After</c> for proxies and tools, <c>X-Retry-After</c> for Chromium and Google
/// Update, which heed it over TLS, for background checks, and up to a day. Each reply says another time, so that they do not all come at once.
/// </summary>
public sealed class RetryAfter(OverloadOptions options)
{
    private const int Choices = 64;

    /// <summary>Rendered once; evenly from half of the time to all of it.</summary>
    private readonly StringValues[] _times = [.. Enumerable.Range(0, Choices).Select(i =>
        new StringValues((options.RetryAfter - (options.RetryAfter / 2 * (long)i / (Choices - 1))).ToString(CultureInfo.InvariantCulture)))];

    /// <summary>Adds the headers to a reply.</summary>
    internal void Write(HttpResponse response)
    {
        var time = _times[Random.Shared.Next(Choices)];
        response.Headers.RetryAfter = time;
        response.Headers["X-Retry-After"] = time;
    }
}
