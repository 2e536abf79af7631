using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Omaha.Server;
using Omaha.Testing;

namespace Omaha.Deploy.Tests;

/// <summary>Alerts, dashboard and pages speak of metrics that the server has, with labels that it gives them.</summary>
public sealed partial class MetricTests
{
    [Fact]
    public async Task Every_metric_that_is_named_is_on_the_page()
    {
        var page = await MetricsPageAsync();
        var known = TypePattern().Matches(page).Select(static match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in Texts()) named.UnionWith(NamePattern().Matches(text).Select(static match => SuffixPattern().Replace(match.Value, "")));

        Assert.True(named.Count > 30, $"Only {named.Count} metrics were found in the files.");
        Assert.Empty(named.Where(name => !known.Contains(name)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_value_of_a_label_that_is_asked_for_is_on_the_page()
    {
        var page = await MetricsPageAsync();
        var asked = 0;
        foreach (var query in Queries())
        {
            foreach (Match matcher in MatcherPattern().Matches(query))
            {
                var (metric, label) = (matcher.Groups["metric"].Value, matcher.Groups["label"].Value);
                foreach (var value in matcher.Groups["values"].Value.Split('|'))
                {
                    asked++;
                    Assert.Matches($"(?m)^{metric}\\{{[^}}]*{label}=\"{value}\"", page);
                }
            }
        }

        Assert.True(asked > 10, $"Only {asked} values were found in the files.");
    }

    /// <summary>Of a server with all that is optional.</summary>
    private static async Task<string> MetricsPageAsync()
    {
        using var certificates = new TestCertificates();
        var snapshot = Path.GetTempFileName();
        try
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Listen:Public"] = "https://127.0.0.1:0",
                ["Listen:Ops"] = "http://127.0.0.1:0",
                ["Tls:CertificateFile"] = certificates.ServerFile,
                ["Tls:KeyFile"] = certificates.ServerKeyFile,
                // Nobody is there; the page has all of its names nevertheless.
                ["Redis:Configuration"] = "127.0.0.1:1",
                ["Snapshot:Path"] = snapshot,
                ["Drain:Time"] = "0",
                ["Logging:LogLevel:Default"] = "Critical",
            }).Build();
            await using var app = ServerBuilder.Build(ServerOptions.Read(configuration), configuration);
            await app.StartAsync();
            using var ops = new HttpClient { BaseAddress = app.Services.GetRequiredService<OpsHost>().Address };
            var page = await ops.GetStringAsync("/metrics");
            await app.StopAsync();
            return page;
        }
        finally
        {
            File.Delete(snapshot);
        }
    }

    /// <summary>Expressions of alerts and panels.</summary>
    private static IEnumerable<string> Queries()
    {
        foreach (var rule in DeployFiles.Yaml("deploy/prometheus/alerts.yml").At("groups").Items().SelectMany(static group => group.At("rules").Items())) yield return rule.At("expr").Text();
        using var dashboard = JsonDocument.Parse(DeployFiles.Read("deploy/grafana/omaha.json"));
        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            if (!panel.TryGetProperty("targets", out var targets)) continue;
            foreach (var target in targets.EnumerateArray()) yield return target.GetProperty("expr").GetString()!;
        }
    }

    private static IEnumerable<string> Texts() => Queries().Concat(DeployFiles.Pages.Select(DeployFiles.Read));

    [GeneratedRegex("(?m)^# TYPE (\\S+) ")]
    private static partial Regex TypePattern();

    /// <summary>Not the names of accounts, images and users, which are written with a hyphen or stand alone.</summary>
    [GeneratedRegex(@"(?<![\w/.-])(omaha|process|dotnet)_[a-z0-9_]+(?![\w…-])")]
    private static partial Regex NamePattern();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex SuffixPattern();

    [GeneratedRegex("""(?<metric>omaha_\w+)\{[^}]*?\b(?<label>decision|event|state|outcome|kind|refusal|source)=~?"(?<values>[A-Za-z|]+)"[^}]*\}""")]
    private static partial Regex MatcherPattern();
}
