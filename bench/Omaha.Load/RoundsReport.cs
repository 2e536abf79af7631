using System.Globalization;
using System.Text;

namespace Omaha.Load;

/// <summary>
/// Tables about results of several rounds. A ratio is taken within each round, between runs that followed one another, and its median is
/// shown: what slows the whole machine down for a while slows both down.
/// </summary>
internal sealed class RoundsReport(IReadOnlyList<Reading> readings)
{
    private const string Cpu = "server/cpuMicrosecondsPerRequest";
    private const string Offered = "offered", TwentyApps = "20-apps", TenApps = "apps-10", MillionApps = "apps-1000000", OpenLoop = "open-loop", Start = "start";
    private const string Omaha = "omaha", Empty = "empty", Nginx = "nginx";

    private readonly StringBuilder _text = new();

    public string Render()
    {
        Aims();
        ClosedLoop();
        AgainstOffered();
        Catalogues();
        Open();
        Starts();
        return _text.ToString();
    }

    /// <summary>What the server promises of its costs. Judged by the median, since the interval says how much this machine lets one know.</summary>
    private void Aims()
    {
        var rows = new List<string[]>();
        foreach (var row in Rows(static _ => true))
        {
            var offered = Of(row with { Scenario = Offered });
            switch (row.Scenario)
            {
                case Offered:
                    var isInline = row.Sockets == "inline";
                    Aim(row, "an offered check ÷ the empty handler", RatioOf(Of(row), Of(row, Empty), Cpu), isInline ? 1.15 : 1.10);
                    if (isInline) Aim(row, "an offered check ÷ nginx", RatioOf(Of(row), Of(row, Nginx), Cpu), 1.4);
                    break;
                case "unknown-app" or "malformed":
                    Aim(row, $"{row.Scenario} ÷ an offered check", RatioOf(Of(row), offered, Cpu), 1);
                    break;
                case TwentyApps:
                    Aim(row, "20 apps in one request ÷ 20 offered checks", RatioOf(Of(row), offered, Cpu, 20), 1);
                    break;
                case MillionApps:
                    Aim(row, "a check among 1 000 000 apps ÷ one among 10", RatioOf(Of(row), Of(row with { Scenario = TenApps }), Cpu), 1.15);
                    Aim(row, "resident with 1 000 000 apps, MiB", SpreadOf(Of(row), "server/peakMemoryMiB"), 1536, "#,0");
                    break;
                case OpenLoop:
                    Aim(row, "p99 at half of the capacity ÷ the empty handler's", RatioOf(Of(row), Of(row, Empty), "latency/p99Milliseconds"), 3);
                    break;
                case Start when row.Build == "aot":
                    Aim(row, "ready after ms", SpreadOf(Of(row), "readyMilliseconds"), 150, "0");
                    Aim(row, "resident after the load, MiB", SpreadOf(Of(row), "loadedMiB"), 40, "0.0");
                    break;
            }
        }

        Table("Aims", "The median is judged; where the aim lies within the interval, another run may judge otherwise.", ["what", "build", "sockets", "found", "at most", "met"], rows);

        void Aim(Row row, string what, Spread? found, double most, string format = "0.00")
        {
            if (found is not { } spread) return;
            rows.Add([what, row.Build, row.Sockets, Say(spread, format), most.ToString("0.##", CultureInfo.InvariantCulture), spread.Median <= most ? "yes" : "no"]);
        }
    }

    private void ClosedLoop()
    {
        Table(
            "CPU time a request, closed loop",
            "`omaha`, `empty` and `nginx`: microseconds of CPU that the process took for each request; `empty` and `nginx` answer the same requests with fixed replies of the same size. A ratio is that of `omaha` to the other in the same round.",
            ["scenario", "build", "sockets", "omaha", "empty", "omaha ÷ empty", "nginx", "omaha ÷ nginx", "answers/s", "p99 ms", "errors"],
            Rows(static scenario => scenario is not (OpenLoop or Start or TenApps or MillionApps)).Select(row => new[]
            {
                row.Scenario, row.Build, row.Sockets,
                Say(Of(row), Cpu, "0.00"), Say(Of(row, Empty), Cpu, "0.00"), Ratio(Of(row), Of(row, Empty), Cpu), Say(Of(row, Nginx), Cpu, "0.00"), Ratio(Of(row), Of(row, Nginx), Cpu),
                Say(Of(row), "throughput", "#,0"), Say(Of(row), "latency/p99Milliseconds", "0.00"), Errors(Of(row), Of(row, Empty)),
            }));
    }

    private void AgainstOffered()
    {
        Table(
            "CPU time against an offered check",
            "Refusing and an unknown app must not cost more than an offer; 20 apps in one request must cost less than 20 single checks.",
            ["scenario", "build", "sockets", "÷ offered", "÷ 20 offered"],
            Rows(static scenario => scenario is "no-update" or "unknown-app" or "malformed" or TwentyApps).Select(row => new[]
            {
                row.Scenario, row.Build, row.Sockets,
                Ratio(Of(row), Of(row with { Scenario = Offered }), Cpu),
                row.Scenario == TwentyApps ? Ratio(Of(row), Of(row with { Scenario = Offered }), Cpu, 20) : "",
            }));
    }

    private void Catalogues()
    {
        Table(
            "One million apps",
            "Offered checks of uniformly random apps, by a server that holds 10 apps and by one that holds 1 000 000.",
            ["build", "sockets", "10 apps", "1 000 000 apps", "ratio", "resident MiB"],
            Rows(static scenario => scenario == MillionApps).Select(row => new[]
            {
                row.Build, row.Sockets,
                Say(Of(row with { Scenario = TenApps }), Cpu, "0.00"), Say(Of(row), Cpu, "0.00"), Ratio(Of(row), Of(row with { Scenario = TenApps }), Cpu), Say(Of(row), "server/peakMemoryMiB", "0"),
            }));
    }

    private void Open()
    {
        Table(
            "Latency at half of the capacity, open loop",
            "Offered checks at a constant rate, half of what `omaha` answered at most. Milliseconds from when a request was due to its reply.",
            ["build", "sockets", "rate/s", "omaha p50", "empty p50", "omaha p99", "empty p99", "p99 ratio", "omaha p99.9", "empty p99.9", "errors"],
            Rows(static scenario => scenario == OpenLoop).Select(row => new[]
            {
                row.Build, row.Sockets, Say(Of(row), "rate", "#,0"),
                Say(Of(row), "latency/p50Milliseconds", "0.000"), Say(Of(row, Empty), "latency/p50Milliseconds", "0.000"),
                Say(Of(row), "latency/p99Milliseconds", "0.000"), Say(Of(row, Empty), "latency/p99Milliseconds", "0.000"), Ratio(Of(row), Of(row, Empty), "latency/p99Milliseconds"),
                Say(Of(row), "latency/p99.9Milliseconds", "0.00"), Say(Of(row, Empty), "latency/p99.9Milliseconds", "0.00"), Errors(Of(row), Of(row, Empty)),
            }));
    }

    private void Starts()
    {
        var subjects = readings.Where(static reading => reading.Scenario == Start).Select(static reading => (reading.Subject, reading.Build)).Distinct().Order();
        Table(
            "Start and memory",
            "From the start of the process until it is ready, and resident memory: once ready, and after as many requests as the last column says.",
            ["program", "build", "ready ms", "idle MiB", "loaded MiB", "requests"],
            subjects.Select(subject =>
            {
                var runs = readings.Where(reading => reading.Scenario == Start && (reading.Subject, reading.Build) == subject).ToList();
                return new[] { subject.Subject, subject.Build, Say(runs, "readyMilliseconds", "0"), Say(runs, "idleMiB", "0.0"), Say(runs, "loadedMiB", "0.0"), Say(runs, "requests", "#,0") };
            }));
    }

    /// <summary>The kinds of run of Omaha, in the order in which they were first made.</summary>
    private IEnumerable<Row> Rows(Func<string, bool> scenario) =>
        readings.Where(reading => reading.Subject == Omaha && scenario(reading.Scenario)).Select(static reading => new Row(reading.Scenario, reading.Build, reading.Sockets)).Distinct();

    /// <summary>nginx knows neither builds nor kinds of sockets: its runs are compared with all of them.</summary>
    private List<Reading> Of(Row row, string subject = Omaha) =>
        [.. readings.Where(reading => reading.Subject == subject && reading.Scenario == row.Scenario && (subject == Nginx || (reading.Build == row.Build && reading.Sockets == row.Sockets)))];

    private void Table(string title, string explanation, string[] columns, IEnumerable<string[]> rows)
    {
        var lines = rows.ToList();
        if (lines.Count == 0) return;
        _text.Append("## ").Append(title).Append("\n\n").Append(explanation).Append("\n\n| ").AppendJoin(" | ", columns).Append(" |\n|").Insert(_text.Length, "---|", columns.Length).Append('\n');
        foreach (var line in lines) _text.Append("| ").AppendJoin(" | ", line).Append(" |\n");
        _text.Append('\n');
    }

    private static Spread? SpreadOf(IEnumerable<Reading> runs, string figure)
    {
        var values = runs.Select(run => run.Figure(figure)).OfType<double>().ToList();
        return values.Count == 0 ? null : Spread.Of(values);
    }

    private static Spread? RatioOf(IReadOnlyList<Reading> runs, IReadOnlyList<Reading> others, string figure, double factor = 1)
    {
        var ratios = runs.Join(others, static run => run.Round, static other => other.Round, (run, other) => run.Figure(figure) / (other.Figure(figure) * factor)).OfType<double>().Where(double.IsFinite).ToList();
        return ratios.Count == 0 ? null : Spread.Of(ratios);
    }

    private static string Say(IEnumerable<Reading> runs, string figure, string format) => SpreadOf(runs, figure) is { } spread ? Say(spread, format) : "–";

    /// <summary>A figure that was set, not measured, has no interval.</summary>
    private static string Say(in Spread spread, string format) =>
        (spread.Low == spread.High ? spread.Median.ToString(format, CultureInfo.InvariantCulture) : spread.Say(format)).Replace(',', ' ');

    private static string Ratio(IReadOnlyList<Reading> runs, IReadOnlyList<Reading> others, string figure, double factor = 1) =>
        RatioOf(runs, others, figure, factor) is { } spread ? $"**{spread.Say("0.00")}**" : "–";

    private static string Errors(params IEnumerable<Reading>[] runs) => TextReport.Number(runs.SelectMany(static run => run).Sum(static run => run.Errors));

    private sealed record Row(string Scenario, string Build, string Sockets);
}
