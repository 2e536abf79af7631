using System.CommandLine;
using Omaha.Catalog;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>The commands that brake: <c>pause</c> and <c>resume</c> of everything or of a part, <c>brake poll-interval</c>.</summary>
internal sealed class BrakeCommands(Conversation conversation)
{
    public Verb Pause()
    {
        var reason = new Option<string?>("--reason") { Description = "Why, for those who look later", HelpName = "TEXT" };
        var part = new PartOptions("Everything, of every app");
        var command = new Verb("pause", "Stops every offer at once: of everything, of an app, or of one channel or group of it.", "omahactl pause --all --reason 'machines do not come back'") { reason };
        part.AddTo(command, "pause stops every offer of every app only when it is told so: omahactl pause --all [--reason TEXT], or name an app");
        command.SetAction((parsed, cancel) => parsed.GetValue(part.All)
            ? ShowAsync(parsed, Post("pause", new PauseRequest { Reason = parsed.GetValue(reason) }, ApiJson.Default.PauseRequest), cancel)
            : ShowPartAsync(parsed, part, "pause", parsed.GetValue(reason), cancel));
        return command;
    }

    public Verb Resume()
    {
        var part = new PartOptions("What pause --all stopped");
        var command = new Verb("resume", "Ends a pause; rollouts go on from where they stood.", "omahactl resume --all");
        part.AddTo(command, "resume lets every app be offered again only when it is told so: omahactl resume --all, or name an app");
        command.SetAction((parsed, cancel) => parsed.GetValue(part.All)
            ? ShowAsync(parsed, Post("resume"), cancel)
            : ShowPartAsync(parsed, part, "resume", null, cancel));
        return command;
    }

    public Command Brake()
    {
        var reason = new Option<string?>("--reason") { Description = "Why, for those who look later", HelpName = "TEXT" };
        var interval = new Argument<string>("TIME") { Description = "How long machines wait at least, such as 2h; off lifts the brake" };
        var command = new Verb("poll-interval", "Lets no machine ask again sooner; longer intervals stand. update_engine waits four hours at most.", "omahactl brake poll-interval 4h --reason 'servers are overloaded'") { interval, reason };
        command.Validators.Add(result =>
        {
            if (result.GetValue(interval) is { } given && given != "off" && !Duration.TryParse(given, out _)) result.AddError($"TIME \"{given}\" is no length of time; {Duration.Form}, or off");
        });
        return new Command("brake", "Brakes the whole fleet.")
        {
            conversation.Asks(
                command,
                parsed => Post("brakes/poll-interval", new PollBrakeRequest { Seconds = Duration.TryParse(parsed.GetRequiredValue(interval), out var length) ? (int)length.TotalSeconds : null, Reason = parsed.GetValue(reason) }, ApiJson.Default.PollBrakeRequest),
                ApiJson.Default.BrakesReply,
                RolloutReport.WritePolling),
        };
    }

    private async Task ShowAsync(ParseResult parsed, ApiRequest request, CancellationToken cancel) =>
        await conversation.ShowAsync(parsed, await conversation.SendAsync(parsed, request, cancel), ApiJson.Default.BrakesReply, Report.Write);

    private async Task ShowPartAsync(ParseResult parsed, PartOptions part, string verb, string? reason, CancellationToken cancel)
    {
        var request = new PausePartRequest { Channel = parsed.GetValue(part.Channel), Group = parsed.GetValue(part.Group), Reason = reason };
        var json = await conversation.SendAsync(parsed, Post($"apps/{Step(parsed.GetValue(part.App)!)}/{verb}", request, ApiJson.Default.PausePartRequest), cancel);
        await conversation.ShowAsync(parsed, json, ApiJson.Default.PausePartReply, RolloutReport.Write);
    }

    /// <summary>Everything, or an app, or a channel or group of it.</summary>
    private sealed class PartOptions(string everything)
    {
        public Argument<string?> App { get; } = new("APP") { Description = "One app only", Arity = ArgumentArity.ZeroOrOne };

        public Option<bool> All { get; } = new("--all") { Description = everything };

        public Option<string?> Channel { get; } = new("--channel") { Description = "One channel of the app only", HelpName = "CHANNEL" };

        public Option<string?> Group { get; } = new("--group") { Description = "One group of the app only", HelpName = "GROUP" };

        public void AddTo(Command command, string neither)
        {
            command.Arguments.Add(App);
            foreach (var option in (Option[])[All, Channel, Group]) command.Options.Add(option);
            command.Validators.Add(result =>
            {
                var (app, all) = (result.GetValue(App), result.GetValue(All));
                if (app is null && !all) result.AddError(neither);
                else if (app is not null && all) result.AddError($"--all means every app, and \"{app}\" is one of them; give one or the other");
                else if (all && (result.GetValue(Channel) ?? result.GetValue(Group)) is not null) result.AddError("--channel and --group belong to an app; name it in place of --all");
            });
        }
    }
}
