using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Plans the change that a catalogue file asks for: the spec of each app it names replaces the stored one; state stays.</summary>
/// <remarks>
/// All faults of all apps are reported at once. Apps that the file does not name are untouched, and an app is deleted only when it is
/// named for pruning. An app that is declared as it already is will not be written, so that applying a file twice changes nothing.
/// </remarks>
public static class ApplyFile
{
    /// <param name="file">As it was read; not yet validated.</param>
    /// <param name="existing">Every stored app, since an id or an alias may clash with any of them; of apps that the file does not name, ids and aliases are enough.</param>
    /// <param name="prune">Ids of apps to delete.</param>
    /// <param name="stamp">When, and the brakes of that time: where a file changes freezes, rollouts that are under way go on from where they stand.</param>
    public static Outcome<ApplyPlan> Plan(CatalogFile file, IReadOnlyCollection<ExistingApp> existing, IReadOnlyCollection<string> prune, Stamp stamp)
    {
        var stored = existing.ToDictionary(static app => app.Key, StringComparer.Ordinal);
        var faults = new List<Fault>();
        foreach (var key in file.UnknownKeys?.Keys ?? Enumerable.Empty<string>()) faults.Add(new Fault(key, "is no key of a catalogue file, which has \"apps\"; check its spelling"));
        if (file.Apps is null) faults.Add(new Fault("apps", "is missing; a catalogue file looks like {\"apps\": [{\"app\": \"…\", \"spec\": {…}}]}"));

        // 1. Each app by itself, then against what is stored under its id.
        var plans = new List<AppPlan>();
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < (file.Apps?.Count ?? 0); i++)
        {
            var at = $"apps[{i}]";
            if (file.Apps![i] is not { } declared)
            {
                faults.Add(new Fault(at, "is null; describe an app or remove the entry"));
                continue;
            }

            var found = Check(declared);
            if (found.Count == 0 && !named.TryAdd(AppIds.Normalize(declared.App!), at)) found.Add(new Fault("app", $"is declared twice; {named[AppIds.Normalize(declared.App!)]} has the same id"));
            if (found.Count == 0 && Plan(declared, stored.GetValueOrDefault(AppIds.Normalize(declared.App!)), stamp, found) is { } plan) plans.Add(plan);
            faults.AddRange(found.Select(fault => fault with { Path = Path(string.IsNullOrEmpty(declared.App) ? at : declared.App, fault.Path) }));
        }

        // 2. What goes, and what only shows between apps.
        var pruned = Prune(prune, stored, named, faults);
        if (faults.Count == 0) faults.AddRange(Clashes(plans, stored, pruned));
        if (faults.Count > 0) return Outcome.Refused<ApplyPlan>(faults);

        plans.AddRange(pruned.Select(key => new AppPlan(stored[key].Document?.App ?? stored[key].Id, AppChange.Deleted, [])));
        return Outcome.Of(new ApplyPlan(plans));
    }

    private static List<Fault> Check(AppDocument declared)
    {
        var faults = CheckSpec(declared);
        if (faults.Count == 0 && AppKey.Of(declared.App!) is null) faults.Add(new Fault("app", $"\"{declared.App}\" stays a spelling of another id without its outer braces and spaces; give the id with one pair of braces or none"));
        if (declared.State is not null) faults.Add(new Fault("state", "is changed by verbs (omahactl channel promote, channel set, pause), never by a file; remove it"));
        return faults;
    }

    private static List<Fault> CheckSpec(AppDocument document) =>
        [.. AppValidator.Check(new AppDocument { App = document.App, Requires = document.Requires, Spec = document.Spec, UnknownKeys = document.UnknownKeys })];

    /// <summary>Null, with faults added, when the change must not be made.</summary>
    private static AppPlan? Plan(AppDocument declared, ExistingApp? existing, Stamp stamp, List<Fault> faults)
    {
        SupportedFeatures.Declare(declared);
        if (existing is null) return Sized(new AppPlan(declared.App!, AppChange.Created, SpecDifferences.Summary(declared)) { Document = declared }, faults);
        if (existing.Document is not { } last)
        {
            faults.Add(new Fault("", "the stored document cannot be read, so the history of its channels would be lost; restore it, or delete it first: apply a file without this app, with --prune"));
            return null;
        }

        var next = new AppDocument { App = declared.App, Requires = declared.Requires, Spec = declared.Spec, State = last.State };
        SupportedFeatures.Declare(next);
        if (DocumentJson.Write(next).AsSpan().SequenceEqual(DocumentJson.Write(last))) return new AppPlan(declared.App!, AppChange.Unchanged, []);

        var lastIsSound = CheckSpec(last).Count == 0;
        if (lastIsSound) faults.AddRange(ReleaseSeal.Check(last, next));
        if (faults.Count == 0) faults.AddRange(AppValidator.Check(next));
        if (faults.Count > 0) return null;
        if (lastIsSound && FreezesDiffer(last.Spec!, next.Spec!)) next.State = ClocksSet(last, stamp);

        var differences = lastIsSound ? SpecDifferences.Between(last, next) : ["replaces a stored spec that has faults"];
        return Sized(new AppPlan(declared.App!, AppChange.Changed, differences) { Document = next }, faults);
    }

    /// <summary>A freeze that is declared, or taken back, after the fact must not turn a rollout's clock.</summary>
    private static bool FreezesDiffer(AppSpec last, AppSpec next) =>
        !Freezes(last).SequenceEqual(Freezes(next));

    private static IEnumerable<(string Of, string? From, string? To, string? Zone)> Freezes(AppSpec spec) =>
        (spec.Freezes ?? []).Select(static freeze => ("", freeze.From, freeze.To, freeze.Zone))
            .Concat((spec.Channels ?? []).OrderBy(static channel => channel.Key, StringComparer.Ordinal).SelectMany(static channel => (channel.Value.Freezes ?? []).Select(freeze => (channel.Key, freeze.From, freeze.To, freeze.Zone))));

    private static AppState? ClocksSet(AppDocument last, Stamp stamp)
    {
        var copy = DocumentJson.Copy(last);
        Rollouts.Complete(copy, stamp);
        Rollouts.SetClocks(copy, null, stamp);
        return copy.State;
    }

    private static AppPlan? Sized(AppPlan plan, List<Fault> faults)
    {
        if (DocumentSize.Check(plan.Document!) is not { } fault) return plan;
        faults.Add(fault);
        return null;
    }

    private static List<string> Prune(IReadOnlyCollection<string> prune, Dictionary<string, ExistingApp> stored, Dictionary<string, string> named, List<Fault> faults)
    {
        var keys = new List<string>();
        foreach (var id in prune)
        {
            var key = AppKey.Of(id);
            if (key is null || !stored.ContainsKey(key)) faults.Add(new Fault("prune", $"\"{id}\" is no app of the catalogue, so there is nothing to delete; check its spelling"));
            else if (named.ContainsKey(key)) faults.Add(new Fault("prune", $"\"{id}\" is declared in the file as well; an app is either declared or deleted"));
            else if (!keys.Contains(key)) keys.Add(key);
        }

        return keys;
    }

    /// <summary>Ids and aliases that two apps would claim; what already clashes among apps that the file does not name is not its fault.</summary>
    private static IEnumerable<Fault> Clashes(List<AppPlan> plans, Dictionary<string, ExistingApp> stored, List<string> pruned)
    {
        var changed = plans.Where(static plan => plan.Document is not null).Select(static plan => plan.Document!).ToList();
        var replaced = changed.Select(static document => AppIds.Normalize(document.App!)).Concat(pruned).ToHashSet(StringComparer.Ordinal);
        var others = stored.Values.Where(app => !replaced.Contains(app.Key))
            .Select(static app => app.Document is { App: not null } document && AppKey.Of(document.App) is not null ? document : new AppDocument { App = app.Id })
            .ToList();
        return CatalogValidator.Check(others.Concat(changed)).Except(CatalogValidator.Check(others));
    }

    private static string Path(string app, string path) => path.Length == 0 ? app : $"{app} {path}";
}
