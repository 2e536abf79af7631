using System.Text.RegularExpressions;

namespace Omaha.Deploy.Tests;

/// <summary>Each alert can be looked up, and is known to fire and to keep quiet.</summary>
public sealed partial class AlertTests
{
    private const string Rules = "deploy/prometheus/alerts.yml";
    private const string Tests = "deploy/prometheus/alerts.test.yml";
    private const string Runbook = "deploy/runbook.md";

    private static List<(string Name, string Severity, string Runbook)> Alerts { get; } =
        [.. DeployFiles.Yaml(Rules).At("groups").Items().SelectMany(static group => group.At("rules").Items()).Select(static rule => (rule.At("alert").Text(), rule.At("labels", "severity").Text(), rule.At("annotations", "runbook").Text()))];

    [Fact]
    public void Every_alert_has_a_section_of_the_runbook_and_every_section_an_alert() =>
        Assert.Equal(Alerts.Select(static alert => alert.Name), SectionPattern().Matches(DeployFiles.Read(Runbook)).Select(static match => match.Groups[1].Value), Sorted);

    [Fact]
    public void Every_alert_links_to_its_section() =>
        Assert.All(Alerts, static alert => Assert.Equal($"{Runbook}#{alert.Name.ToLowerInvariant()}", alert.Runbook));

    [Fact]
    public void Every_section_says_how_urgent_its_alert_is() =>
        Assert.All(Alerts, static alert => Assert.Contains($"## {alert.Name}\n\n*{alert.Severity}.*", DeployFiles.Read(Runbook), StringComparison.Ordinal));

    [Fact]
    public void Every_alert_is_tested_to_fire_and_to_keep_quiet()
    {
        var cases = DeployFiles.Yaml(Tests).At("tests").Items().SelectMany(static test => test.At("alert_rule_test").Items()).Select(static test => (Name: test.At("alertname").Text(), Fires: test.At("exp_alerts").Items().Any())).ToList();
        Assert.All(Alerts, alert =>
        {
            Assert.Contains((alert.Name, true), cases);
            Assert.Contains((alert.Name, false), cases);
        });
    }

    private static bool Sorted(IEnumerable<string> left, IEnumerable<string> right) => left.Order(StringComparer.Ordinal).SequenceEqual(right.Order(StringComparer.Ordinal));

    [GeneratedRegex("^## (Omaha[A-Za-z]+)$", RegexOptions.Multiline)]
    private static partial Regex SectionPattern();
}
