namespace Omaha.Benchmarks.Gate;

/// <summary>What the gate measures: the operations of the benchmarks, and the ratios that are promises.</summary>
internal sealed class Suites
{
    private readonly List<Operation> _operations = [];
    private readonly List<Comparison> _comparisons = [];

    /// <param name="manyApps">How many apps the largest catalogue has.</param>
    public Suites(int manyApps)
    {
        AddParse();
        AddDecideAndRespond();
        AddRefuse();
        AddCount();
        AddHttp();
        AddApps(manyApps);
    }

    /// <summary>Those whose bytes are counted.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    public IReadOnlyList<Comparison> Comparisons => _comparisons;

    private void AddParse()
    {
        foreach (var client in (string[])["Flatcar", "FlatcarUpdated", "ChromeOS", "Chromium"])
        {
            var suite = new Parse { Client = client };
            suite.Setup();
            var read = Add($"Parse {client}", () => suite.XmlRequestReader());
            Compare($"Parse {client} / XmlReader", read, new Operation("XmlReader", () => suite.XmlReader()));
        }
    }

    private void AddDecideAndRespond()
    {
        foreach (var check in (string[])["Offered", "Current", "ChromeOS"])
        {
            var decide = new Decide { Check = check };
            decide.Setup();
            Add($"Decide {check}", () => decide.Outcome());
        }

        var suite = new Respond();
        var offered = Add("Respond FlatcarOffered", () => suite.FlatcarOffered());
        var current = Add("Respond FlatcarCurrent", () => suite.FlatcarCurrent());
        var unknown = Add("Respond FlatcarUnknownApp", () => suite.FlatcarUnknownApp());
        Add("Respond ChromeOsOffered", () => suite.ChromeOsOffered());
        Add("Respond ChromiumThirtyOffered", () => suite.ChromiumThirtyOffered());
        var atOnce = Add("Respond ChromiumTwentyAtOnce", () => suite.ChromiumTwentyAtOnce());
        var singly = Add("Respond ChromiumTwentySingly", () => suite.ChromiumTwentySingly());

        Compare("Respond one app / Parse", offered, Find("Parse Flatcar"));
        Compare("Unknown app / offered", unknown, offered);
        Compare("Unknown app / current", unknown, current);
        Compare("20 apps at once / singly", atOnce, singly);

        // At most 1.25 is what is promised.
        var configured = new RespondConfigured();
        Compare("Respond configured / plain, offered", Add("Respond configured, offered", () => configured.ConfiguredOffered()), Add("Respond plain, offered", () => configured.PlainOffered()));
        Compare("Respond configured / plain, ramped", Add("Respond configured, ramped", () => configured.ConfiguredRamped()), Add("Respond plain, current", () => configured.PlainCurrent()));
    }

    private void AddRefuse()
    {
        foreach (var fault in Refuse.Faults)
        {
            var refused = Add($"Refuse {fault}", () => fault.Refuse());
            Compare($"Refuse {fault} / answer", refused, new Operation("answer", () => fault.AnswerWithout()));
        }
    }

    private void AddCount()
    {
        var suite = new Count();
        Compare("Count / shared counter", Add("Count", suite.Checked), new Operation("shared counter", () => suite.Shared()));
    }

    private void AddHttp()
    {
        var suite = new HttpRoundTrip();
        Compare("HttpRoundTrip / empty handler", Add("HttpRoundTrip FlatcarOffered", suite.FlatcarOffered), Add("HttpRoundTrip EmptyHandler", suite.EmptyHandler));
    }

    private void AddApps(int many)
    {
        var (fewLookup, fewChange) = AddApps(10, "10 apps");
        var (manyLookup, manyChange) = AddApps(many, "many apps");
        Add("Find, 10 apps", () => fewLookup.Find());
        Compare("Find, many apps / dictionary", Add("Find, many apps", () => manyLookup.Find()), new Operation("dictionary", () => manyLookup.FindInDictionary()));

        // What memory costs depends on who else uses it, so that both sides have to wait for it.
        var (fewAnswered, manyAnswered) = (Add("Respond, 10 apps", () => fewLookup.Respond()), Add("Respond, many apps", () => manyLookup.Respond()));
        Compare("Respond, many apps / 10 and a dictionary", manyAnswered, new Operation("10 and a dictionary", () => { fewLookup.Respond(); manyLookup.FindInDictionary(); }));
        Compare("Change, many apps / 10", manyChange, fewChange);

        (Lookup Lookup, Operation Change) AddApps(int apps, string name)
        {
            var lookup = new Lookup { Apps = apps };
            lookup.Setup();
            var change = new SnapshotChange { Apps = apps };
            change.Setup();
            return (lookup, Add($"Change, {name}", () => change.Change()));
        }
    }

    private Operation Add(string name, Action call)
    {
        var operation = new Operation(name, call);
        _operations.Add(operation);
        return operation;
    }

    private Operation Find(string name) => _operations.Find(operation => operation.Name == name)!;

    private void Compare(string name, Operation operation, Operation below) => _comparisons.Add(new Comparison(name, operation, below));
}
