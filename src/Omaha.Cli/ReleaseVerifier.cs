using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Omaha.Catalog;

namespace Omaha.Cli;

/// <summary>Fetches every package of releases below every codebase, and says for each URL whether machines would get what the release says.</summary>
internal sealed class ReleaseVerifier(Surroundings surroundings)
{
    /// <param name="releases">What to fetch.</param>
    /// <param name="limit">How long it may take in all; what is not done by then counts as wrong.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<VerifyReport> RunAsync(IReadOnlyList<ReleaseView> releases, TimeSpan limit, CancellationToken cancel)
    {
        using var fetch = new PackageFetch();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(limit);
        var urls = new List<VerifiedUrl>();
        foreach (var release in releases)
        {
            foreach (var codebase in release.Release.Codebases ?? [])
            {
                // As clients do: the package's name is appended to the codebase.
                foreach (var package in release.Release.Packages ?? []) urls.Add(await CheckAsync(fetch, release, codebase + package.Name, package, limit, time.Token, cancel));
            }
        }

        return new VerifyReport(urls);
    }

    private async Task<VerifiedUrl> CheckAsync(PackageFetch fetch, ReleaseView release, string url, PackageSpec package, TimeSpan limit, CancellationToken time, CancellationToken cancel)
    {
        using var progress = new Progress(surroundings, url, package.Size);
        string? fault;
        try
        {
            fault = await fetch.CheckAsync(new Uri(url), package, progress, time);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            fault = $"was not done within {Duration.Text(limit)}; --time-limit allows more";
        }

        return new VerifiedUrl(release.Release.Version ?? "", release.Target, release.Digest, url, package.Size, fault);
    }
}

/// <summary>What <c>release verify</c> found.</summary>
internal sealed record VerifyReport(IReadOnlyList<VerifiedUrl> Urls)
{
    public bool IsRight => Urls.All(static url => url.Fault is null);

    /// <summary>One line for each URL that is wrong.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Faults => [.. Urls.Where(static url => url.Fault is not null).Select(static url => $"{url.Url} {url.Fault} (release {url.Version} for {url.Target})")];

    public byte[] Json() => JsonSerializer.SerializeToUtf8Bytes(this, VerifyJson.Default.VerifyReport);

    public void Write(TextWriter output)
    {
        foreach (var url in Urls) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{url.Url}: {(url.Fault is null ? $"right, {url.Size} bytes" : "wrong")}"));
    }
}

/// <summary>One package below one codebase.</summary>
/// <param name="Version">Version of the release.</param>
/// <param name="Target">Its target.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Url">Where the package was fetched.</param>
/// <param name="Size">Its size in bytes, as the release says.</param>
/// <param name="Fault">What is wrong, in words; null when it is right.</param>
internal sealed record VerifiedUrl(string Version, string Target, string Digest, string Url, long Size, string? Fault);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class VerifyJson : JsonSerializerContext;
