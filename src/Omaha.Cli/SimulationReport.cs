using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Omaha.Catalog;

namespace Omaha.Cli;

/// <summary>A simulated rollout as a plot and a table, for a terminal.</summary>
internal static class SimulationReport
{
    private const int Columns = 72;
    private const int Lines = 10;
    private const int MostRows = 40;

    public static byte[] Json(Simulation simulation) => JsonSerializer.SerializeToUtf8Bytes(simulation, SimulationJson.Default.Simulation);

    public static void Write(Simulation simulation, TextWriter output)
    {
        output.WriteLine($"{simulation.Policy}, from {Report.Time(simulation.Start)}{(simulation.Completes is { } completes ? $", complete {Report.Time(completes)}" : ", not complete by itself")}");
        output.WriteLine();
        Plot(simulation, output);
        output.WriteLine();
        Table(simulation, output);
    }

    /// <summary>Exposure as dots, what could have been reached as bars; below, what held offers back.</summary>
    private static void Plot(Simulation simulation, TextWriter output)
    {
        var cells = Enumerable.Range(0, Columns).Select(column => At(simulation, column)).ToArray();
        for (var line = Lines; line > 0; line--)
        {
            var text = new StringBuilder(line is Lines or Lines / 2 ? $"{line * 100 / Lines,4}% |" : "      |");
            foreach (var point in cells)
            {
                var height = (line - 0.5) / Lines;
                text.Append(point.Reached >= height ? '#' : point.Exposure >= height ? '.' : ' ');
            }

            output.WriteLine(text.ToString().TrimEnd());
        }

        output.WriteLine("   0% +" + string.Concat(cells.Select(static point => point.Hold switch { SimulatedHold.Freeze => 'F', SimulatedHold.Window => 'w', _ => '-' })));
        output.WriteLine($"       {Report.Time(simulation.Points[0].At)}{Report.Time(simulation.Points[^1].At).PadLeft(Columns - 20)}");
        output.WriteLine("       # could have it by then   . exposed   w outside of the windows   F frozen");
    }

    private static SimulatedPoint At(Simulation simulation, int column)
    {
        var (first, last) = (simulation.Points[0].At, simulation.Points[^1].At);
        var at = first + ((last - first) / (Columns - 1) * column);
        return simulation.Points.Last(point => point.At <= at);
    }

    private static void Table(Simulation simulation, TextWriter output)
    {
        var events = simulation.Points.Where(static point => point.IsEvent).ToList();

        // A ramp has nothing between its ends: some points on the way help to read it.
        var rows = events.Concat(simulation.Points.Where((_, i) => i % (SimulateRollout.Samples / 8) == 0)).DistinctBy(static point => point.At).OrderBy(static point => point.At).Append(simulation.Points[^1]).DistinctBy(static point => point.At).ToList();
        var table = new TextTable("AT", "CLOCK", "EXPOSURE", "COULD HAVE IT", "");
        foreach (var point in rows.Take(MostRows)) table.Add(Report.Time(point.At), Duration.Text(point.Clock), RolloutReport.Percent(point.Exposure), RolloutReport.Percent(point.Reached), point.Hold switch { SimulatedHold.Freeze => "frozen", SimulatedHold.Window => "outside of the windows", _ => "" });
        table.Write(output);
        if (rows.Count > MostRows) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… and {rows.Count - MostRows} more; --json shows all."));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Simulation))]
internal sealed partial class SimulationJson : JsonSerializerContext;
