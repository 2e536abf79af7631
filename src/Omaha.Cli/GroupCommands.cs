using System.CommandLine;
using Omaha.Catalog;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>The <c>group</c> commands.</summary>
internal sealed class GroupCommands(Conversation conversation)
{
    public Command Create() => new("group", "Looks after groups: machines that share a track and a policy of their own. A file that is applied later says what they are then.")
    {
        Change("add", "Adds a group: machines that send its name as their track.", "omahactl group add com.example.app rack-7 --channel stable --window 'sat,sun 22:00-06:00 Europe/Berlin'"),
        Change("set", "Changes a group; what is not named stays as it is.", "omahactl group set com.example.app rack-7 --version 1.2.3"),
        Remove(), List(),
    };

    private Verb Change(string verb, string description, string example)
    {
        var (app, group, options, dryRun) = (CommonOptions.App(), Group(), new GroupOptions(), CommonOptions.DryRun());
        var command = new Verb(verb, description, example) { app, group, dryRun };
        options.AddTo(command, isNew: verb == "add");
        return conversation.Asks(command, parsed => Post(Path(parsed, app, group, verb), options.Request(parsed, parsed.GetValue(dryRun)), ApiJson.Default.GroupRequest), ApiJson.Default.GroupReply, RolloutReport.Write);
    }

    private Verb Remove()
    {
        var (app, group, dryRun) = (CommonOptions.App(), Group(), CommonOptions.DryRun());
        var command = new Verb("remove", "Removes a group; its machines are then on an unknown track and are offered nothing.", "omahactl group remove com.example.app rack-7") { app, group, dryRun };
        return conversation.Asks(command, parsed => Post(Path(parsed, app, group, "remove"), new RemoveGroupRequest { DryRun = parsed.GetValue(dryRun) }, ApiJson.Default.RemoveGroupRequest), ApiJson.Default.GroupReply, RolloutReport.Write);
    }

    private Verb List()
    {
        var app = CommonOptions.App();
        var command = new Verb("list", "Shows the groups of an app.", "omahactl group list com.example.app") { app };
        return conversation.Asks(command, parsed => Get($"apps/{Step(parsed.GetRequiredValue(app))}/groups"), ApiJson.Default.GroupListReply, RolloutReport.Write);
    }

    private static Argument<string> Group() => new("GROUP") { Description = "The group's name, which is the track that its machines send" };

    private static string Path(ParseResult parsed, Argument<string> app, Argument<string> group, string verb) =>
        $"apps/{Step(parsed.GetRequiredValue(app))}/groups/{Step(parsed.GetRequiredValue(group))}/{verb}";

    /// <summary>What a group can be told to be.</summary>
    private sealed class GroupOptions
    {
        private readonly Option<string?> _channel = new("--channel") { Description = "The channel that it follows", HelpName = "CHANNEL" };
        private readonly Option<string?> _version = new("--version") { Description = "The only version that it is offered", HelpName = "VERSION" };
        private readonly Option<string?> _poll = new("--poll-interval") { Description = "How long its machines wait before they ask again, such as 1h", HelpName = "TIME" };
        private readonly Option<string[]> _windows = new("--window") { Description = "When offers are allowed, such as 'mon-fri 09:00-17:00 Europe/Berlin'; may be given several times", HelpName = "WINDOW", DefaultValueFactory = static _ => [] };
        private readonly Option<bool?> _interactive = new("--interactive-passes-ramp") { Description = "Whether who asks by hand need not wait for a ramp", HelpName = "true|false" };
        private readonly Option<bool?> _canary = new("--canary") { Description = "Whether it gets a release as soon as its rollout starts", HelpName = "true|false" };
        private readonly Option<string[]> _oems = new("--oem") { Description = "The only OEM that gets offers; may be given several times", HelpName = "OEM", DefaultValueFactory = static _ => [] };
        private readonly Option<string[]> _except = new("--except-oem") { Description = "An OEM that gets no offers; may be given several times", HelpName = "OEM", DefaultValueFactory = static _ => [] };
        private readonly Option<string[]> _clear = new("--clear") { Description = "Take a setting away: windows, freezes, version, pollInterval, interactivePassesRamp, oems or exceptOems; may be given several times", HelpName = "SETTING", DefaultValueFactory = static _ => [] };

        public void AddTo(Command command, bool isNew)
        {
            foreach (var option in (Option[])[_channel, _version, _poll, _windows, _interactive, _canary, _oems, _except]) command.Options.Add(option);
            if (isNew) _channel.Required = true;
            else command.Options.Add(_clear);
            command.Validators.Add(result =>
            {
                if (result.GetValue(_poll) is { } poll && !Duration.TryParse(poll, out _)) result.AddError($"--poll-interval \"{poll}\" is no length of time; {Duration.Form}");
                foreach (var window in result.GetValue(_windows) ?? [])
                {
                    if (!WindowText.TryParse(window, out _)) result.AddError($"--window \"{window}\" is no window; {WindowText.Form}");
                }
            });
        }

        public GroupRequest Request(ParseResult parsed, bool dryRun) => new()
        {
            Channel = parsed.GetValue(_channel),
            Version = parsed.GetValue(_version),
            PollInterval = Duration.TryParse(parsed.GetValue(_poll), out var poll) ? (int)poll.TotalSeconds : null,
            Windows = parsed.GetValue(_windows) is { Length: > 0 } windows ? [.. windows.Select(static text => WindowText.TryParse(text, out var window) ? window : new WindowSpec())] : null,
            InteractivePassesRamp = parsed.GetValue(_interactive),
            Canary = parsed.GetValue(_canary),
            Oems = parsed.GetValue(_oems) is { Length: > 0 } oems ? [.. oems] : null,
            ExceptOems = parsed.GetValue(_except) is { Length: > 0 } except ? [.. except] : null,
            Clear = parsed.CommandResult.Command.Options.Contains(_clear) && parsed.GetValue(_clear) is { Length: > 0 } clear ? [.. clear] : null,
            DryRun = dryRun,
        };
    }
}
