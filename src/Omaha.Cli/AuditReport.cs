using System.Globalization;
using Omaha.Catalog;
using Omaha.Control;

namespace Omaha.Cli;

/// <summary>What happened in the past, in words.</summary>
internal static class AuditReport
{
    public static void Write(IReadOnlyList<AuditEntry> entries, string? next, TextWriter output)
    {
        foreach (var entry in entries) Write(entry, output);
        if (entries.Count == 0) output.WriteLine("Nothing is recorded that was asked for.");
        if (next is not null) output.WriteLine($"There are older entries: --before {next}");
    }

    public static void Write(DiffReply reply, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"revision {reply.From.Revision} ({Time(reply.From.At)}) -> {reply.To.Revision} ({Time(reply.To.At)})"));
        foreach (var app in reply.Apps)
        {
            output.WriteLine($"{app.App}: {(app.IsRecorded ? (app.Before, app.After) switch
            {
                (null, _) => "created",
                (_, null) => "deleted",
                _ => $"changed ({app.Before[..12]} -> {app.After[..12]})",
            } : "not recorded")}");
            if (app.Before is not null && app.After is null) continue;
            foreach (var difference in app.Differences) output.WriteLine($"  {difference}");
        }

        if (reply.FurtherApps > 0) output.WriteLine($"{reply.FurtherApps} more apps were changed in between; compare them one by one with --app");
        foreach (var difference in reply.Brakes) output.WriteLine($"brakes over all apps: {difference}");
        if (reply.Apps.Count == 0 && reply.Brakes.Count == 0) output.WriteLine("Nothing differs.");
    }

    private static void Write(AuditEntry entry, TextWriter output)
    {
        var by = entry.By;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.Number}  {Time(entry.At)}  revision {entry.Revision}  {entry.Verb}{(entry.Details is null ? "" : $" {entry.Details}")}"));
        output.WriteLine($"    by {by.Name} ({by.Role}{(by.Token is null ? "" : $", token {by.Token}")}{(by.Address is null ? "" : $", from {by.Address}")}){(entry.Reason is null ? "" : $": {entry.Reason}")}");
        foreach (var app in entry.Apps)
        {
            output.WriteLine($"    {app.App} {app.Change.ToString().ToLowerInvariant()}{(app.Before, app.After) switch
            {
                ({ } before, { } after) => $" ({before[..12]} -> {after[..12]})",
                _ => "",
            }}");
            foreach (var difference in app.Differences) output.WriteLine($"      {difference}");
        }

        if (entry.FurtherApps > 0) output.WriteLine($"    and {entry.FurtherApps} more apps");
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
