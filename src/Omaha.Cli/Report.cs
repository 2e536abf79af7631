using System.Globalization;
using Omaha.Catalog;
using Omaha.Control;

namespace Omaha.Cli;

/// <summary>Answers in words, for people.</summary>
internal static class Report
{
    public static void Write(ApplyReply reply, TextWriter output)
    {
        foreach (var app in reply.Apps)
        {
            output.WriteLine($"{app.App}: {Word(app.Change)}");
            foreach (var difference in app.Differences) output.WriteLine($"  {difference}");
        }

        var counts = reply.Apps.GroupBy(static app => app.Change).OrderBy(static group => group.Key).Select(static group => $"{group.Count()} {Word(group.Key)}");
        output.WriteLine(reply.Apps.Count == 0 ? "The file names no app." : $"{string.Join(", ", counts)}. {Ending(reply.DryRun, reply.Revision, reply.Apps.Any(static app => app.Change != AppChange.Unchanged))}");
    }

    public static void Write(ChannelReply reply, TextWriter output)
    {
        output.WriteLine($"{reply.App}, channel {reply.Channel}:");
        foreach (var move in reply.Moves)
        {
            output.WriteLine(move.Change == ChannelChange.Unchanged ? $"  {move.Target}: unchanged at {move.Version}" : $"  {move.Target}: {move.Previous ?? "nothing"} -> {move.Version ?? "nothing"}{(move.IsLower ? " (lower)" : "")}{(move.Rollout is { } rollout ? $" ({rollout.Policy})" : "")}");
            if (reply.DryRun && move.Digest is not null) output.WriteLine($"    digest {move.Digest}");
        }

        foreach (var effect in reply.Effects) output.WriteLine($"  {effect}");
        foreach (var warning in reply.Warnings) output.WriteLine($"  note: {warning}");
        if (reply.DryRun && reply.Effects.Count > 0) output.WriteLine($"  seen by {string.Join("; ", reply.Audience)}");
        output.WriteLine(Ending(reply.DryRun, reply.Revision, reply.Moves.Any(static move => move.Change == ChannelChange.Moved)));
    }

    public static void Write(ChannelListReply reply, TextWriter output)
    {
        var table = new TextTable("CHANNEL", "TARGET", "VERSION", "SINCE", "BY", "FROM", "");
        foreach (var channel in reply.Channels)
        {
            if (channel.Targets.Count == 0 && channel.Rollouts.Count == 0) table.Add(channel.Name, "-", "-", "-", "-", channel.PromotesFrom ?? "-", channel.Paused is null ? "" : "paused");
            foreach (var pointer in channel.Targets)
            {
                var notes = new[] { channel.Paused is null ? null : "paused", pointer.Blocked is null ? null : "blocked" }.Where(static note => note is not null);
                table.Add(channel.Name, pointer.Target, pointer.Version ?? "-", Time(pointer.At), pointer.By ?? "-", pointer.From ?? "-", string.Join(", ", notes));
            }

            foreach (var exposed in channel.Rollouts) table.Add(channel.Name, exposed.Target, exposed.Version ?? "-", "-", "-", "-", "rollout");
        }

        if (reply.Channels.Count == 0) output.WriteLine($"{reply.App} has no channels.");
        else table.Write(output);
    }

    public static void Write(BrakesReply reply, TextWriter output) =>
        output.WriteLine((reply.Changed, reply.Brakes.PauseAll) switch
        {
            (true, null) => $"Resumed: offers go out again (revision {reply.Revision}).",
            (false, null) => "Nothing was paused.",
            (true, _) => $"Everything is paused (revision {reply.Revision}). To end it: omahactl resume --all",
            (false, { } mark) => $"Everything was paused already, {Words(mark)}.",
        });

    public static void Write(StatusReply reply, TextWriter output)
    {
        output.WriteLine($"store   {(reply.Store is { } store ? $"revision {store.Revision}, epoch {store.Epoch}" : "lost, or never initialised: it has no epoch")}");
        output.WriteLine($"apps    {reply.Apps}");
        output.WriteLine($"brakes  {(reply.Brakes.PauseAll is { } mark ? $"everything is paused, {Words(mark)}" : reply.Brakes.PollInterval is null ? "none" : "nothing is paused")}");
        if (reply.Brakes.PollInterval is { } brake) output.WriteLine($"        no machine asks again before {Duration.Text(TimeSpan.FromSeconds(brake.Seconds))}, {Words(new Mark { At = brake.At, By = brake.By, Reason = brake.Reason })}");
        output.WriteLine($"faults  {(reply.FaultyApps == 0 ? "none" : $"in {reply.FaultyApps} {(reply.FaultyApps == 1 ? "app" : "apps")}")}");
        foreach (var fault in reply.Faults) output.WriteLine($"  {fault}");
    }

    public static void Write(AcceptReply reply, TextWriter output) =>
        output.WriteLine($"Accepted: all servers follow revision {reply.Store.Revision} of epoch {reply.Store.Epoch}, which has {reply.Apps} {(reply.Apps == 1 ? "app" : "apps")}.");

    public static string Ending(bool dryRun, long revision, bool changed) => (dryRun, changed) switch
    {
        (true, _) => string.Create(CultureInfo.InvariantCulture, $"Dry run at revision {revision}: nothing was written."),
        (false, true) => $"Written as revision {revision}.",
        (false, false) => "Nothing to write.",
    };

    private static string Word(AppChange change) => change.ToString().ToLowerInvariant();

    public static string Words(Mark mark) => $"since {Time(mark.At)} by {mark.By ?? "unknown"}{(mark.Reason is null ? "" : $": {mark.Reason}")}";

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
