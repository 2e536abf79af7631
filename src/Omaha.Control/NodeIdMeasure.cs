using System.Globalization;
using System.Text.RegularExpressions;

namespace Omaha.Control;

/// <summary>
/// How many checks carry no id by which a node could take its turn in a ramp. Only the servers know, so it is read off their metrics, where
/// <c>Control:ServerMetrics</c> says where they are; they count since they were started, and over all apps.
/// </summary>
internal sealed partial class NodeIdMeasure(NodeIdMeasure.Settings settings) : IDisposable
{
    private const int MostBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectTimeout = Patience }) { Timeout = Patience, MaxResponseContentBufferSize = MostBytes };

    public void Dispose() => _http.Dispose();

    /// <summary>What whoever starts a rollout should know, in a sentence.</summary>
    public async Task<string> WarningAsync(CancellationToken cancel)
    {
        const string meaning = "such clients are given a cohort to take their turn by, and those that do not keep it get the release when everybody does";
        if (settings.ServerMetrics.Count == 0) return $"how many checks carry no usable id is not measured (Control:ServerMetrics names no server); {meaning}";

        var counts = await Task.WhenAll(settings.ServerMetrics.Select(url => CountAsync(url, cancel)));
        var (all, without) = (counts.OfType<(double All, double Without)>().Sum(static count => count.All), counts.OfType<(double All, double Without)>().Sum(static count => count.Without));
        var silent = counts.Count(static count => count is null);
        var partly = silent == 0 ? "" : $" ({silent} of {counts.Length} servers did not answer)";
        return all == 0
            ? $"how many checks carry no usable id is not known: no check was counted yet{partly}; {meaning}"
            : string.Create(CultureInfo.InvariantCulture, $"{without / all:0.0%} of {all:0} checks carried no usable id{partly}; {meaning}");
    }

    private async Task<(double All, double Without)?> CountAsync(Uri url, CancellationToken cancel)
    {
        try
        {
            var page = await _http.GetStringAsync(url, cancel);
            var samples = Sample().Matches(page).Select(static sample => (Source: sample.Groups[1].Value, Count: double.Parse(sample.Groups[2].Value, CultureInfo.InvariantCulture))).ToList();
            return samples.Count == 0 ? null : (samples.Sum(static sample => sample.Count), samples.Where(static sample => sample.Source == "None").Sum(static sample => sample.Count));
        }
        catch (Exception error) when (error is HttpRequestException or FormatException || (error is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    [GeneratedRegex("^omaha_node_ids_total\\{source=\"([A-Za-z]+)\"\\} ([0-9.eE+]+)$", RegexOptions.Multiline)]
    private static partial Regex Sample();

    /// <param name="ServerMetrics">The metrics pages of all servers.</param>
    internal sealed record Settings(IReadOnlyList<Uri> ServerMetrics);
}
