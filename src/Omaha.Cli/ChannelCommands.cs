using System.CommandLine;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>The <c>channel</c> commands.</summary>
internal sealed class ChannelCommands(Conversation conversation)
{
    public Command Create() => new("channel", "Shows and moves the channels of an app.") { List(), Promote(), Set() };

    private Verb List()
    {
        var app = CommonOptions.App();
        var command = new Verb("list", "Shows what each channel points to.", "omahactl channel list com.example.app") { app };
        return conversation.Asks(command, parsed => Get($"apps/{Escape(parsed.GetRequiredValue(app))}/channels"), ApiJson.Default.ChannelListReply, Report.Write);
    }

    private Verb Promote()
    {
        var app = CommonOptions.App();
        var from = new Argument<string>("FROM") { Description = "The channel whose release is taken" };
        var to = new Argument<string>("TO") { Description = "The channel that moves" };
        var target = new TargetOptions();
        var dryRun = CommonOptions.DryRun();
        var command = new Verb("promote", "Points a channel to the release, bit for bit, that is complete on the channel before it.", "omahactl channel promote com.example.app alpha beta --dry-run") { app, from, to, dryRun };
        target.AddTo(command);
        return conversation.Asks(
            command,
            parsed => Post(
                $"apps/{Escape(parsed.GetRequiredValue(app))}/channels/{Escape(parsed.GetRequiredValue(to))}/promote",
                new PromoteRequest { From = parsed.GetRequiredValue(from), Target = target.Value(parsed), DryRun = parsed.GetValue(dryRun) },
                ApiJson.Default.PromoteRequest),
            ApiJson.Default.ChannelReply,
            Report.Write);
    }

    private Verb Set()
    {
        var app = CommonOptions.App();
        var channel = new Argument<string>("CHANNEL") { Description = "A first channel, one that nothing is promoted to" };
        var version = new Argument<string>("VERSION") { Description = "Version of a release in the app's spec" };
        var target = new TargetOptions();
        var dryRun = CommonOptions.DryRun();
        var command = new Verb("set", "Points a first channel to a release.", "omahactl channel set com.example.app alpha 4081.3.1") { app, channel, version, dryRun };
        target.AddTo(command);
        return conversation.Asks(
            command,
            parsed => Post(
                $"apps/{Escape(parsed.GetRequiredValue(app))}/channels/{Escape(parsed.GetRequiredValue(channel))}/set",
                new SetRequest { Version = parsed.GetRequiredValue(version), Target = target.Value(parsed), DryRun = parsed.GetValue(dryRun) },
                ApiJson.Default.SetRequest),
            ApiJson.Default.ChannelReply,
            Report.Write);
    }
}
