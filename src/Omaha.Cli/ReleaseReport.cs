using System.Globalization;
using Omaha.Catalog;
using Omaha.Control;

namespace Omaha.Cli;

/// <summary>Answers about releases in words, for people.</summary>
internal static class ReleaseReport
{
    public static void Write(ReleaseReply reply, TextWriter output)
    {
        output.WriteLine($"{reply.App}:");
        foreach (var step in reply.Releases)
        {
            output.WriteLine($"  release {step.Name}: {step.Change.ToString().ToLowerInvariant()}{(step.Change == ReleaseChange.Added ? $", {step.Digest}" : "")}");
            foreach (var note in step.Notes) output.WriteLine($"    {note}");
        }

        output.WriteLine(Report.Ending(reply.DryRun, reply.Revision, reply.Releases.Any(static step => step.Change != ReleaseChange.Unchanged)));
    }

    public static void WriteList(ReleaseListReply reply, TextWriter output)
    {
        if (reply.Releases.Count == 0)
        {
            output.WriteLine($"{reply.App} has no releases.");
            return;
        }

        var table = new TextTable("VERSION", "TARGET", "SIZE", "ON", "", "DIGEST");
        foreach (var view in reply.Releases)
        {
            var on = view.Places.Where(static place => place.Until is null).Select(static place => place.Channel).ToList();
            table.Add(view.Release.Version ?? "-", view.Target, ByteCount.Text((view.Release.Packages ?? []).Sum(static package => package.Size)), on.Count == 0 ? "-" : string.Join(", ", on), view.Blocked is null ? "" : "blocked", view.Digest);
        }

        table.Write(output);
    }

    public static void WriteDetails(ReleaseListReply reply, TextWriter output)
    {
        foreach (var view in reply.Releases)
        {
            output.WriteLine($"{reply.App}, release {view.Release.Version} for {view.Target}");
            output.WriteLine($"  digest    {view.Digest}");
            foreach (var package in view.Release.Packages ?? []) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  package   {package.Name}, {package.Size} bytes, SHA-256 {package.Sha256 ?? "unknown"}"));
            foreach (var codebase in view.Release.Codebases ?? []) output.WriteLine($"  codebase  {codebase}");
            output.WriteLine($"  blocked   {(view.Blocked is { } mark ? Report.Words(mark) : "no")}");
            foreach (var place in view.Places) output.WriteLine($"  channel   {place.Channel}, {(place.Until is { } until ? $"from {Report.Time(place.At)} to {Report.Time(until)}" : $"since {Report.Time(place.At)}")}{Notes(place)}");
            if (view.Places.Count == 0) output.WriteLine("  channel   never on any");
        }
    }

    public static void Write(HistoryReply reply, TextWriter output)
    {
        if (reply.Entries.Count == 0)
        {
            output.WriteLine($"{reply.App} has no history yet.");
            return;
        }

        var table = new TextTable("SINCE", "CHANNEL", "TARGET", "VERSION", "BY", "FROM", "");
        foreach (var entry in reply.Entries)
        {
            table.Add(Report.Time(entry.At), entry.Channel, entry.Target, entry.Version ?? "-", entry.By ?? "-", entry.From ?? "-", string.Join("; ", Words(entry)));
        }

        table.Write(output);
    }

    private static string Notes(HistoryEntry entry) => string.Concat(Words(entry).Select(static word => $"; {word}"));

    private static IEnumerable<string> Words(HistoryEntry entry)
    {
        if (entry.Restored) yield return "restored by a revert";
        if (entry.Verified) yield return "verified";
        if (entry.SkipVerify is { } skipped) yield return $"not verified: {skipped}";
        if (entry.OverrideSoak is { } soak) yield return $"soak cut short: {soak}";
        if (entry.OverrideRevert is { } again) yield return $"after a revert: {again}";
        if (entry.Expedite is { } expedite) yield return $"expedited {Report.Words(expedite)}";
        if (entry is { Incomplete: { } ended, Reverted: null }) yield return $"never complete, ended {Report.Words(ended)}";
        if (entry.Incomplete is not null && entry.Reverted is not null) yield return "never complete";
        if (entry.Reverted is { } mark) yield return $"reverted {Report.Words(mark)}";
        if (entry.Blocked is { } block) yield return $"blocked {Report.Words(block)}";
    }
}
