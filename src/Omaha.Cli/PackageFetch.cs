using System.Globalization;
using Omaha.Catalog;

namespace Omaha.Cli;

/// <summary>Fetches packages as machines do, keeps nothing, and says what is wrong with them.</summary>
/// <remarks>
/// A download that breaks off is taken up where it broke off, so that one bad moment does not cost an hour. It is given up when several tries
/// in a row brought nothing; how long it may take in all is for the caller to say.
/// </remarks>
internal sealed class PackageFetch : IDisposable
{
    private const int FruitlessTries = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), MaxAutomaticRedirections = 5 }) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _http.Dispose();

    /// <summary>Fetches a package from one URL.</summary>
    /// <returns>Null when its size and every hash that the release names are right; else what is wrong, in words.</returns>
    public async Task<string?> CheckAsync(Uri url, PackageSpec package, Progress progress, CancellationToken cancel)
    {
        using var download = new PackageDownload(_http, url, package, progress);
        for (var fruitless = 0; ;)
        {
            var before = download.Received;
            var end = await download.TryAsync(cancel);
            if (end.IsFinal) return end.Fault;

            fruitless = download.Received > before ? 0 : fruitless + 1;
            if (fruitless == FruitlessTries) return string.Create(CultureInfo.InvariantCulture, $"{end.Fault}; {FruitlessTries} tries in a row brought nothing");
            await Task.Delay(FirstPause * Math.Pow(2, fruitless), cancel);
        }
    }
}
