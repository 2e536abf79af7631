using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Omaha.Catalog;

namespace Omaha.Cli;

/// <summary>One package on its way from one URL, over as many connections as it takes.</summary>
internal sealed class PackageDownload(HttpClient http, Uri url, PackageSpec package, Progress progress) : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>A connection that brings no byte for so long counts as broken.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly PackageHash _hash = new();
    private EntityTagHeaderValue? _tag;

    /// <summary>Bytes that have come so far.</summary>
    public long Received => _hash.Size;

    public void Dispose() => _hash.Dispose();

    /// <summary>Fetches what is missing still, over one connection.</summary>
    public async Task<DownloadEnd> TryAsync(CancellationToken cancel)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(Silence);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            if (Received > 0)
            {
                request.Headers.Range = new RangeHeaderValue(Received, null);
                if (_tag is not null) request.Headers.IfRange = new RangeConditionHeaderValue(_tag);
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            return Judge(response) ?? await ReadAsync(response, silence);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return DownloadEnd.Broken(string.Create(CultureInfo.InvariantCulture, $"nothing came for {Silence.TotalSeconds} seconds, after {Received} of {package.Size} bytes"));
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            while (error.InnerException is { } inner) error = inner;
            return DownloadEnd.Broken(string.Create(CultureInfo.InvariantCulture, $"the connection failed after {Received} of {package.Size} bytes: {error.Message.TrimEnd('.')}"));
        }
    }

    /// <summary>What the head of an answer tells already; null to read on.</summary>
    private DownloadEnd? Judge(HttpResponseMessage response)
    {
        var status = response.StatusCode;
        if (status is HttpStatusCode.PartialContent && response.Content.Headers.ContentRange is { } range && range.From == Received && Received > 0)
        {
            return range.Length is { } whole && whole != package.Size ? WrongSize(whole) : null;
        }

        if (status is HttpStatusCode.OK)
        {
            // Also when a part was asked for: the server does not do that, or has another file now.
            _hash.Restart();
            _tag = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
            return response.Content.Headers.ContentLength is { } length && length != package.Size ? WrongSize(length) : null;
        }

        var words = string.Create(CultureInfo.InvariantCulture, $"answered {(int)status} ({response.ReasonPhrase ?? status.ToString()})");
        return (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests ? DownloadEnd.Broken(words) : DownloadEnd.Wrong(words);
    }

    private async Task<DownloadEnd> ReadAsync(HttpResponseMessage response, CancellationTokenSource silence)
    {
        await using var body = await response.Content.ReadAsStreamAsync(silence.Token);
        var buffer = new byte[BufferBytes];
        while (await body.ReadAsync(buffer, silence.Token) is var read and > 0)
        {
            silence.CancelAfter(Silence);
            _hash.Append(buffer.AsSpan(0, read));
            progress.Done = Received;
            if (Received > package.Size) return DownloadEnd.Wrong(string.Create(CultureInfo.InvariantCulture, $"has more than the {package.Size} bytes that the release says"));
        }

        return Received == package.Size ? Compare() : WrongSize(Received);
    }

    private DownloadEnd Compare()
    {
        var found = _hash.Describe(package.Name!);
        if (package.Sha256 is { } sha256 && !found.Sha256!.Equals(sha256, StringComparison.OrdinalIgnoreCase)) return DownloadEnd.Wrong($"has the SHA-256 {found.Sha256}, but the release says {sha256.ToLowerInvariant()}");
        if (package.Sha1 is { } sha1 && found.Sha1 != sha1) return DownloadEnd.Wrong($"has the SHA-1 {found.Sha1}, but the release says {sha1}");
        return DownloadEnd.Right;
    }

    private DownloadEnd WrongSize(long size) => DownloadEnd.Wrong(string.Create(CultureInfo.InvariantCulture, $"has {size} bytes, but the release says {package.Size}"));
}

/// <summary>How a try to download ended.</summary>
/// <param name="IsFinal">False: another try may end otherwise.</param>
/// <param name="Fault">What went wrong, in words; null when the package is right.</param>
internal readonly record struct DownloadEnd(bool IsFinal, string? Fault)
{
    public static DownloadEnd Right => new(true, null);

    public static DownloadEnd Wrong(string fault) => new(true, fault);

    public static DownloadEnd Broken(string fault) => new(false, fault);
}
