using System.Globalization;
using System.Text;
using Omaha.Server.Metrics;

namespace Omaha.Server;

/// <summary>The metrics in Prometheus text format (version 0.0.4).</summary>
internal sealed class MetricsPage(MetricTable table)
{
    public Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(Render());
    }

    private string Render()
    {
        var page = new StringBuilder(16 * 1024);
        foreach (var metric in table.Metrics)
        {
            page.Append("# HELP ").Append(metric.Name).Append(' ').Append(metric.Help).Append("\n# TYPE ").Append(metric.Name).Append(' ').Append(Word(metric.Kind)).Append('\n');
            foreach (var sample in metric.Read()) Append(page, metric, sample);
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, Metric metric, in MetricSample sample)
    {
        page.Append(metric.Name).Append(sample.Suffix);
        if (sample.Labels.Length > 0) page.Append('{').AppendJoin(',', sample.Labels.Select(static label => $"{label.Key}=\"{Escape($"{label.Value}")}\"")).Append('}');
        page.Append(' ').Append(sample.Value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>The format's word for a kind.</summary>
    internal static string Word(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        MetricKind.Histogram => "histogram",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
