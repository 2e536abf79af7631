using System.CommandLine;

namespace Omaha.Load;

/// <summary>The command that compares results which were measured in rounds.</summary>
internal static class ReportCommand
{
    public static Command Create(TextWriter output)
    {
        var folder = new Argument<string>("FOLDER") { Description = "Holds the results, *.json, each with the labels subject (omaha, empty or nginx), scenario, build, sockets and round" };
        var command = new Command("report", "Compares results that were measured in rounds, and writes tables (Markdown) of medians, ratios within rounds and their intervals.") { folder };
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(folder);
            if (!Directory.Exists(path)) throw new LoadException(LoadException.Usage, $"the folder \"{path}\" does not exist");
            var readings = Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal).Select(Reading.From).ToList();
            if (readings.Count == 0) throw new LoadException(LoadException.Usage, $"the folder \"{path}\" holds no results (*.json)");
            await output.WriteAsync(new RoundsReport(readings).Render());
            return 0;
        });
        return command;
    }
}
