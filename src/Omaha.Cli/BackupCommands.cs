using System.CommandLine;
using System.Globalization;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>The commands that take all of the store and put it back: <c>backup</c> and <c>restore</c>.</summary>
internal sealed class BackupCommands(Conversation conversation)
{
    public Verb Backup()
    {
        var output = new Option<string?>("-o", "--output") { Description = "Write to this file instead of standard output", HelpName = "FILE" };
        var command = new Verb("backup", "Writes all that the store holds to a file: catalogue with state and history, brakes, audit, and tokens by their hashes. Keep it where only admins can read it.", "omahactl backup -o omaha.backup") { output };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(output) is { } path)
            {
                await UserFile.WriteAsync(path, file => conversation.DownloadAsync(parsed, "backup", file, cancel));
                return;
            }

            await using var standard = conversation.Surroundings.OutputBytes();
            await conversation.DownloadAsync(parsed, "backup", standard, cancel);
        });
        return command;
    }

    public Verb Restore()
    {
        var file = new Argument<string>("FILE") { Description = "A file that omahactl backup wrote" };
        var dryRun = CommonOptions.DryRun();
        var yes = new Option<bool>("--yes") { Description = "Also when the store holds something, which is overwritten" };
        var command = new Verb("restore", "Puts a backup in place of what the store holds, all of it or nothing. Servers go on with what they know until omahactl store accept.", "omahactl restore omaha.backup --dry-run") { file, dryRun, yes };
        command.SetAction(async (parsed, cancel) =>
        {
            var query = (parsed.GetValue(dryRun), parsed.GetValue(yes)) switch
            {
                (true, _) => "?dryRun",
                (_, true) => "?overwrite",
                _ => "",
            };
            await using var backup = UserFile.Open(parsed.GetRequiredValue(file), "the backup");
            await conversation.ShowAsync(parsed, await conversation.UploadAsync(parsed, $"restore{query}", backup, cancel), ApiJson.Default.RestoreReply, Write);
        });
        return command;
    }

    private static void Write(RestoreReply reply, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The backup is of revision {reply.Backup.Revision}, made {Time(reply.Backup.At)}.{(reply.IsEmpty ? " The store holds nothing that would be lost." : "")}"));
        foreach (var app in reply.Apps)
        {
            output.WriteLine($"{app.App}: {app.Change.ToString().ToLowerInvariant()}");
            foreach (var difference in app.Differences) output.WriteLine($"  {difference}");
        }

        if (reply.FurtherApps > 0) output.WriteLine($"and {reply.FurtherApps} more apps");
        output.WriteLine($"{reply.UnchangedApps} {(reply.UnchangedApps == 1 ? "app is" : "apps are")} as in the backup.");
        if (reply.Brakes.PauseAll is { } pause) output.WriteLine($"Everything is paused afterwards, since {Time(pause.At)} by {pause.By ?? "unknown"}{(pause.Reason is null ? "" : $": {pause.Reason}")}. A restore lifts no pause.");
        foreach (var token in reply.EndingTokens) output.WriteLine($"token that ends: {token}");
        foreach (var token in reply.ReturningTokens) output.WriteLine($"token that comes back: {token}");
        if (reply.LaterEntries > 0) output.WriteLine($"The audit keeps {reply.LaterEntries} {(reply.LaterEntries == 1 ? "entry" : "entries")} that the backup does not have.");
        output.WriteLine(reply.DryRun
            ? "Dry run: nothing was written."
            : $"Restored as revision {reply.Store?.Revision} of the new epoch {reply.Store?.Epoch}. Servers that hold a catalogue go on answering from it, in alarm, until: omahactl store accept");
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
