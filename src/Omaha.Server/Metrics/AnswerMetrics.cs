using System.Globalization;
using Omaha.Protocol;

namespace Omaha.Server.Metrics;

/// <summary>What was asked and answered.</summary>
internal sealed class AnswerMetrics(ServerMetrics metrics, RequestTimes times) : IMetricSource
{
    /// <summary>The one metric whose values need an instrument of their own to be exported.</summary>
    public const string Duration = "omaha_request_duration_seconds";

    public IEnumerable<Metric> Metrics =>
    [
        Metric.Counter("omaha_checks_total", "decision", ServerMetrics.Decisions, "Apps answered, by decision: every update check, and every app that is unknown or has no usable id. Probes and tests (testsource) are left out.", decision => metrics.ChecksBy(decision)),
        Metric.Counter("omaha_node_ids_total", "source", ServerMetrics.NodeIdSources, "Update checks of known apps by where the node's id was found; those with None go last in every rollout.", source => metrics.ChecksWith(source)),
        new("omaha_app_checks_total", MetricKind.Counter, ["app", "decision"], $"Update checks of the apps that ask to be counted by name, at most {ServerMetrics.MaxAppLabels} of them.", ByApp),
        Metric.Counter("omaha_events_total", "event", ServerMetrics.EventKinds, "Events that clients reported about known apps, by what they mean. Routine ones say that nothing was updated.", kind => metrics.EventsOf(kind)),
        new("omaha_event_errors_total", MetricKind.Counter, ["code"], "Failed and rolled back events by error code without flags; http for codes that carry an HTTP status, other for the rest.", () => metrics.EventErrors().Select(static error => MetricSample.Of("code", error.Code, error.Count))),
        Metric.Counter("omaha_refusals_total", "refusal", ServerMetrics.Refusals.Where(static refusal => refusal != Refusal.None), "Requests that were refused as a whole, by reason.", refusal => metrics.RefusalsBy(refusal)),
        new(Duration, MetricKind.Histogram, [], "Seconds from the head of a request to its reply being handed over to be sent; waiting for its body is included, sending is not.", Durations),
        Metric.Gauge("omaha_requests_in_flight", "Requests whose head has arrived and that are not answered yet.", () => times.InFlight),
    ];

    private IEnumerable<MetricSample> ByApp() =>
        from counted in metrics.ByApp()
        from decision in ServerMetrics.Decisions
        let count = counted.Checks(decision)
        where count > 0
        select new MetricSample(count, [new("app", counted.App), new("decision", $"{decision}")]);

    private IEnumerable<MetricSample> Durations()
    {
        var buckets = times.Buckets();
        long below = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            below += buckets[i];
            var bound = i < RequestTimes.Bounds.Length ? RequestTimes.Bounds[i].ToString("0.######", CultureInfo.InvariantCulture) : "+Inf";
            yield return new MetricSample(below, [new("le", bound)], "_bucket");
        }

        yield return new MetricSample(times.Seconds, [], "_sum");
        yield return new MetricSample(below, [], "_count");
    }
}
