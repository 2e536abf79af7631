using System.Collections.Concurrent;
using Omaha.Catalog;
using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>What the hot path counts. Names and meaning are in <c>docs</c> of <see cref="MetricsPage"/>, which prints them.</summary>
public sealed class ServerMetrics
{
    /// <summary>How many apps may be counted under their own label, whatever the catalogue asks for.</summary>
    public const int MaxAppLabels = 100;

    internal static readonly Decision[] Decisions = Enum.GetValues<Decision>();
    internal static readonly Refusal[] Refusals = Enum.GetValues<Refusal>();

    private readonly StripedCounters _checks = new(Decisions.Length);
    private readonly StripedCounters _refusals = new(Refusals.Length);
    private readonly ConcurrentDictionary<string, StripedCounters> _checksByApp = new(StringComparer.Ordinal);

    /// <summary>Counts one decided check, under the app's own label where the app asks for one.</summary>
    public void Checked(Decision decision, CatalogApp? app = null)
    {
        _checks.Increment((int)decision);
        if (app is { CountedByName: true }) CountersOf(app)?.Increment((int)decision);
    }

    /// <summary>Counts one refused request.</summary>
    public void Refused(Refusal refusal) => _refusals.Increment((int)refusal);

    internal long ChecksBy(Decision decision) => _checks.Sum((int)decision);

    internal long RefusalsBy(Refusal refusal) => _refusals.Sum((int)refusal);

    internal IEnumerable<(string App, Func<Decision, long> Checks)> ByApp() =>
        _checksByApp.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => (entry.Key, (Func<Decision, long>)(decision => entry.Value.Sum((int)decision))));

    private StripedCounters? CountersOf(CatalogApp app)
    {
        if (_checksByApp.TryGetValue(app.Id, out var counters)) return counters;
        return _checksByApp.Count < MaxAppLabels ? _checksByApp.GetOrAdd(app.Id, static _ => new StripedCounters(Decisions.Length)) : null;
    }
}
