using System.CommandLine;
using System.Globalization;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>Every command of omahactl: what it takes, the request it makes, and how its answer is shown.</summary>
internal sealed class Commands
{
    private readonly Conversation _conversation;

    public Commands(Surroundings surroundings)
    {
        _conversation = new Conversation(surroundings);
        Root = new RootCommand("Operates an Omaha update service through its control plane.");
        _conversation.AddTo(Root);
        VerbHelp.AddTo(Root);
        var audit = new AuditCommands(_conversation);
        var backup = new BackupCommands(_conversation);
        var brakes = new BrakeCommands(_conversation);
        Command[] commands =
        [
            Apply(), Export(), new ReleaseCommands(_conversation).Create(), new ChannelCommands(_conversation).Create(), new RolloutCommands(_conversation).Create(), new GroupCommands(_conversation).Create(),
            brakes.Pause(), brakes.Resume(), brakes.Brake(), new NodeCommands(_conversation).Create(), Status(), Store(), Schema(),
            audit.List(), audit.Diff(), backup.Backup(), backup.Restore(), new TokenCommands(_conversation).Create(), CompletionCommand.Create(surroundings.Output),
        ];
        foreach (var command in commands) Root.Subcommands.Add(command);
    }

    public RootCommand Root { get; }

    public Option<bool> Json => _conversation.Json;

    private Verb Apply()
    {
        var file = new Option<string>("-f", "--file") { Description = "The catalogue file (JSON; comments are allowed), or - for standard input", HelpName = "FILE", Required = true };
        var dryRun = CommonOptions.DryRun();
        var prune = new Option<string[]>("--prune") { Description = "Delete this app, with its history; may be given several times", HelpName = "APP", DefaultValueFactory = static _ => [] };
        var revision = new Option<long?>("--revision") { Description = "Only while the catalogue is at this revision, as a dry run showed it", HelpName = "NUMBER" };
        var command = new Verb(
            "apply",
            "Declares apps from a file: what it says replaces their spec; channels, brakes and apps that it does not name stay as they are.",
            "omahactl apply -f catalog.json --dry-run") { file, dryRun, prune, revision };
        return _conversation.Asks(
            command,
            parsed =>
            {
                var query = parsed.GetRequiredValue(prune).Select(static app => $"prune={Escape(app)}");
                if (parsed.GetValue(dryRun)) query = query.Append("dryRun=true");
                if (parsed.GetValue(revision) is { } seen) query = query.Append(string.Create(CultureInfo.InvariantCulture, $"revision={seen}"));
                return new ApiRequest(HttpMethod.Post, $"apply?{string.Join('&', query)}", _conversation.Read(parsed.GetRequiredValue(file), "the catalogue file"));
            },
            ApiJson.Default.ApplyReply,
            Report.Write);
    }

    private Verb Export()
    {
        var apps = new Argument<string[]>("APP") { Description = "The apps to export; all when none is named", Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string?>("-o", "--output") { Description = "Write to this file instead of standard output", HelpName = "FILE" };
        var command = new Verb("export", "Writes the file that declares what is stored; applying it changes nothing.", "omahactl export -o catalog.json") { apps, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var query = (parsed.GetValue(apps) ?? []).Select(static app => $"app={Escape(app)}");
            var json = await _conversation.SendAsync(parsed, Get($"export?{string.Join('&', query)}"), cancel);
            if (parsed.GetValue(output) is { } path) UserFile.Write(path, json);
            else await _conversation.PrintAsync(json);
        });
        return command;
    }

    private Verb Status() =>
        _conversation.Asks(new Verb("status", "Shows the store's revision, brakes and faults.", "omahactl status"), static _ => Get("status"), ApiJson.Default.StatusReply, Report.Write);

    private Command Store()
    {
        var empty = new Option<bool>("--empty") { Description = "Also when it holds no apps, so that every machine is told that its app is unknown" };
        return new Command("store", "Looks after the store.")
        {
            _conversation.Asks(
                new Verb("accept", "Tells all servers that the store as it is now is the truth, after it was lost or restored from a backup.", "omahactl store accept") { empty },
                parsed => Post(parsed.GetValue(empty) ? "store/accept?empty=true" : "store/accept"),
                ApiJson.Default.AcceptReply,
                Report.Write),
        };
    }

    private Verb Schema()
    {
        var of = new Argument<string>("DOCUMENT") { Description = "catalogue for what apply takes, releases for what release import takes", DefaultValueFactory = static _ => "catalogue" };
        of.AcceptOnlyFromAmong("catalogue", "releases");
        var command = new Verb("schema", "Writes the JSON schema of a catalogue file, or of a document of releases.", "omahactl schema > catalog.schema.json") { of };
        command.SetAction(async (parsed, cancel) => await _conversation.PrintAsync(await _conversation.SendAsync(parsed, Get($"schema?of={parsed.GetRequiredValue(of)}"), cancel)));
        return command;
    }
}
