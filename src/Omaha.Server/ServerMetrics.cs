using System.Collections.Concurrent;
using Omaha.Catalog;
using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>What the hot path counts. Names and meaning are in <see cref="Metrics.AnswerMetrics"/>.</summary>
public sealed class ServerMetrics
{
    /// <summary>How many apps may be counted under their own label, whatever the catalogue asks for.</summary>
    public const int MaxAppLabels = 100;

    internal static readonly Decision[] Decisions = Enum.GetValues<Decision>();
    internal static readonly Refusal[] Refusals = Enum.GetValues<Refusal>();
    internal static readonly NodeIdSource[] NodeIdSources = Enum.GetValues<NodeIdSource>();

    private readonly StripedCounters _checks = new(Decisions.Length);
    private readonly StripedCounters _nodeIds = new(NodeIdSources.Length);
    internal static readonly EventKind[] EventKinds = Enum.GetValues<EventKind>();

    /// <summary>Error codes of failed events that are counted each by itself; above are HTTP statuses (2000 and up) and the rest.</summary>
    internal const int ErrorCodes = 100;

    private const int HttpError = ErrorCodes;
    private const int OtherError = ErrorCodes + 1;
    private const int HttpErrorBase = 2000;

    private readonly StripedCounters _events = new(EventKinds.Length);
    private readonly StripedCounters _eventErrors = new(OtherError + 1);
    private readonly StripedCounters _refusals = new(Refusals.Length);
    private readonly ConcurrentDictionary<string, StripedCounters> _checksByApp = new(StringComparer.Ordinal);

    /// <summary>Counts an app that is answered without its rules being asked.</summary>
    public void Checked(Decision decision) => _checks.Increment((int)decision);

    /// <summary>Counts one decided check, under the app's own label where the app asks for one, and where it carried the node's id.</summary>
    public void Checked(Decision decision, NodeIdSource nodeId, CatalogApp app)
    {
        _checks.Increment((int)decision);
        _nodeIds.Increment((int)nodeId);
        if (app.CountedAs is { } label) CountersOf(label)?.Increment((int)decision);
    }

    /// <summary>Counts one check that is answered without its rules being asked, under the app's own label where the app asks for one.</summary>
    public void Checked(Decision decision, CatalogApp app)
    {
        _checks.Increment((int)decision);
        if (app.CountedAs is { } label) CountersOf(label)?.Increment((int)decision);
    }

    /// <summary>Counts one event, and the error code of a failure.</summary>
    public void Reported(in UpdateEvent reported)
    {
        _events.Increment((int)reported.Kind);
        if (reported.Kind is not (EventKind.Failed or EventKind.RolledBack)) return;
        _eventErrors.Increment(reported.ErrorCode switch
        {
            >= 0 and < ErrorCodes => reported.ErrorCode,
            >= HttpErrorBase and < HttpErrorBase + 1000 => HttpError,
            _ => OtherError,
        });
    }

    /// <summary>Counts one refused request.</summary>
    public void Refused(Refusal refusal) => _refusals.Increment((int)refusal);

    internal long ChecksBy(Decision decision) => _checks.Sum((int)decision);

    internal long ChecksWith(NodeIdSource nodeId) => _nodeIds.Sum((int)nodeId);

    internal long EventsOf(EventKind kind) => _events.Sum((int)kind);

    /// <summary>Failed events by error code, those that occurred.</summary>
    internal IEnumerable<(string Code, long Count)> EventErrors() =>
        Enumerable.Range(0, OtherError + 1)
            .Select(code => (code switch { HttpError => "http", OtherError => "other", _ => code.ToString(System.Globalization.CultureInfo.InvariantCulture) }, _eventErrors.Sum(code)))
            .Where(static entry => entry.Item2 > 0);

    internal long RefusalsBy(Refusal refusal) => _refusals.Sum((int)refusal);

    internal IEnumerable<(string App, Func<Decision, long> Checks)> ByApp() =>
        _checksByApp.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => (entry.Key, (Func<Decision, long>)(decision => entry.Value.Sum((int)decision))));

    private StripedCounters? CountersOf(string label)
    {
        if (_checksByApp.TryGetValue(label, out var counters)) return counters;
        return _checksByApp.Count < MaxAppLabels ? _checksByApp.GetOrAdd(label, static _ => new StripedCounters(Decisions.Length)) : null;
    }
}
