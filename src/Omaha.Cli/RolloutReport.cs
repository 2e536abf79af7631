using System.Globalization;
using Omaha.Catalog;
using Omaha.Control;

namespace Omaha.Cli;

/// <summary>Answers about rollouts, groups, pauses and single machines in words, for people.</summary>
internal static class RolloutReport
{
    public static void Write(RolloutListReply reply, TextWriter output)
    {
        if (reply.Rollouts.Count == 0) output.WriteLine($"Nothing is being rolled out in {reply.App}.");
        foreach (var rollout in reply.Rollouts) Write(rollout, output);
    }

    public static void Write(RolloutReply reply, TextWriter output)
    {
        foreach (var rollout in reply.Rollouts) Write(rollout, output);
        foreach (var note in reply.Notes) output.WriteLine(note);
        output.WriteLine(Report.Ending(reply.DryRun, reply.Revision, reply.Changed));
    }

    public static void Write(PausePartReply reply, TextWriter output)
    {
        var part = reply.Group is { } group ? $"Group {group} of {reply.App}" : reply.Channel is { } channel ? $"Channel {channel} of {reply.App}" : reply.App;
        output.WriteLine((reply.Changed, reply.Paused) switch
        {
            (true, null) => $"{part}: offers go out again (revision {reply.Revision}).",
            (false, null) => $"{part} was not paused.",
            (true, _) => $"{part} is paused (revision {reply.Revision}).",
            (false, { } mark) => $"{part} was paused already, {Report.Words(mark)}.",
        });
    }

    public static void WritePolling(BrakesReply reply, TextWriter output)
    {
        var brake = reply.Brakes.PollInterval is { } poll ? $"No machine asks again before {Duration.Text(TimeSpan.FromSeconds(poll.Seconds))}" : "Machines ask again as apps, channels and groups say";
        output.WriteLine(reply.Changed ? $"{brake} (revision {reply.Revision})." : $"{brake}; it was so already.");
    }

    public static void Write(GroupReply reply, TextWriter output)
    {
        output.WriteLine($"{reply.App}, group {reply.Group}:");
        foreach (var difference in reply.Differences) output.WriteLine($"  {difference}");
        output.WriteLine(Report.Ending(reply.DryRun, reply.Revision, reply.Differences.Count > 0));
    }

    public static void Write(GroupListReply reply, TextWriter output)
    {
        if (reply.Groups.Count == 0)
        {
            output.WriteLine($"{reply.App} has no groups.");
            return;
        }

        var table = new TextTable("GROUP", "CHANNEL", "VERSION", "POLL", "WINDOWS", "");
        foreach (var group in reply.Groups)
        {
            var spec = group.Spec;
            string?[] notes =
            [
                group.Paused is { } mark ? $"paused {Report.Words(mark)}" : null,
                spec.Canary ? "canary" : null,
                spec.InteractivePassesRamp == false ? "by hand waits too" : null,
                spec.Oems is { } oems ? $"only {string.Join(", ", oems.Select(static oem => oem.Length == 0 ? "machines without OEM" : oem))}" : null,
                spec.ExceptOems is { Count: > 0 } except ? $"not {string.Join(", ", except.Select(static oem => oem.Length == 0 ? "machines without OEM" : oem))}" : null,
                spec.Freezes is { Count: > 0 } freezes ? $"{freezes.Count} freezes" : null,
            ];
            table.Add(
                group.Name,
                spec.Channel ?? "-",
                spec.Version ?? "-",
                spec.PollInterval is { } seconds ? Duration.Text(TimeSpan.FromSeconds(seconds)) : "-",
                spec.Windows is null ? "-" : spec.Windows.Count == 0 ? "any time" : string.Join("; ", spec.Windows.Select(WindowText.Of)),
                string.Join(", ", notes.OfType<string>()));
        }

        table.Write(output);
    }

    public static void Write(ExplainReply reply, TextWriter output)
    {
        output.WriteLine($"{reply.App} at {Report.Time(reply.At)}, by revision {reply.Revision}: {reply.Summary}");
        var width = reply.Rules.Max(static rule => rule.Rule.Length);
        foreach (var rule in reply.Rules) output.WriteLine($"  {rule.Rule.PadRight(width)}  {rule.Words}");
    }

    private static void Write(RolloutView rollout, TextWriter output)
    {
        output.WriteLine($"{rollout.Channel} {rollout.Target}: {rollout.Version} is {rollout.Standing.ToString().ToLowerInvariant()}, exposure {Percent(rollout.Exposure)}");
        output.WriteLine($"  policy    {rollout.Policy}, {(rollout.Standing == RolloutStanding.Planned ? "starts" : "started")} {Report.Time(rollout.Start)}, ordered {Report.Time(rollout.At)} by {rollout.By ?? "unknown"}");
        output.WriteLine($"  clock     {Duration.Text(rollout.Clock)}");
        output.WriteLine($"  complete  {(rollout.Completes is { } completes ? $"about {Report.Time(completes)}" : "not as things stand")}");
        if (rollout.Raised is { } raised) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  raised    to {raised.Percent:0.####}% at {Report.Time(raised.At)} by {raised.By ?? "unknown"}"));
        if (rollout.Paused is { } paused) output.WriteLine($"  paused    {Report.Words(paused)}");
        if (rollout.Halted is { } halted) output.WriteLine($"  halted    {Report.Words(halted)}");
        if (rollout.Expedite is { } expedite) output.WriteLine($"  expedited {Report.Words(expedite)}");
        foreach (var held in rollout.Held) output.WriteLine($"  held      {held}");
    }

    internal static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
