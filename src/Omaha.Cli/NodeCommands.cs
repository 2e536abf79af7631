using System.CommandLine;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>The <c>node</c> commands.</summary>
internal sealed class NodeCommands(Conversation conversation)
{
    public Command Create() => new("node", "Looks at single machines.") { Explain() };

    private Verb Explain()
    {
        var app = new Option<string>("--app") { Description = "The app that the machine asks about", HelpName = "APP", Required = true };
        (string Key, Option<string?> Option)[] values =
        [
            ("track", Text("--track", "The track that it sends", "TRACK")), ("board", Text("--board", "Its board, such as amd64-usr", "BOARD")), ("node", Text("--node", "Its machine id", "ID")),
            ("version", Text("--version", "What it has installed", "VERSION")), ("oem", Text("--oem", "Its OEM", "OEM")), ("platform", Text("--platform", "Its operating system, such as CoreOS", "NAME")),
            ("arch", Text("--arch", "The architecture of that, such as x64", "ARCH")), ("prefix", Text("--prefix", "A version prefix that it asks for", "PREFIX")),
            ("at", Text("--at", "When it asks, such as 2026-11-22T04:12Z; now without it", "TIME")),
        ];
        var interactive = new Option<bool>("--interactive") { Description = "Somebody asks by hand" };
        var command = new Verb("explain", "Tells what a machine is offered, or why nothing, rule by rule; also for a time in the past.", "omahactl node explain --app com.example.app --track stable --board amd64-usr --node 00112233445566778899aabbccddeeff --version 1.2.3") { app, interactive };
        foreach (var (_, option) in values) command.Options.Add(option);
        return conversation.Asks(
            command,
            parsed =>
            {
                var query = values.Where(value => parsed.GetValue(value.Option) is not null).Select(value => $"{value.Key}={Escape(parsed.GetValue(value.Option)!)}").Prepend($"app={Escape(parsed.GetRequiredValue(app))}");
                return Get($"explain?{string.Join('&', parsed.GetValue(interactive) ? query.Append("interactive=true") : query)}");
            },
            ApiJson.Default.ExplainReply,
            RolloutReport.Write);
    }

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
