using System.CommandLine;
using Omaha.Catalog;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>The <c>channel</c> commands.</summary>
internal sealed class ChannelCommands(Conversation conversation)
{
    public Command Create() => new("channel", "Shows and moves the channels of an app.") { List(), History(), Set(), Promote(), Revert() };

    private Verb List()
    {
        var app = CommonOptions.App();
        var command = new Verb("list", "Shows what each channel points to.", "omahactl channel list com.example.app") { app };
        return conversation.Asks(command, parsed => Get($"apps/{Step(parsed.GetRequiredValue(app))}/channels"), ApiJson.Default.ChannelListReply, Report.Write);
    }

    private Verb History()
    {
        var app = CommonOptions.App();
        var channel = new Argument<string?>("CHANNEL") { Description = "One channel; all when none is named", Arity = ArgumentArity.ZeroOrOne };
        var command = new Verb("history", "Shows what the channels pointed to, who moved them, and why, the newest first.", "omahactl channel history com.example.app stable") { app, channel };
        return conversation.Asks(
            command,
            parsed => Get($"apps/{Step(parsed.GetRequiredValue(app))}/history{(parsed.GetValue(channel) is { } name ? $"?channel={Escape(name)}" : "")}"),
            ApiJson.Default.HistoryReply,
            ReleaseReport.Write);
    }

    private Verb Set()
    {
        var (app, target, again, dryRun) = (CommonOptions.App(), new TargetOptions(), OverrideRevert(), CommonOptions.DryRun());
        var (now, replace) = (Now(), Replace());
        var channel = new Argument<string>("CHANNEL") { Description = "A first channel, one that nothing is promoted to" };
        var version = new Argument<string>("VERSION") { Description = "A version of the app, or the digest of a release" };
        var command = new Verb("set", "Points a first channel to a release.", "omahactl channel set com.example.app alpha 1.2.3") { app, channel, version, now, replace, again, dryRun };
        target.AddTo(command);
        return conversation.Asks(
            command,
            parsed => Post(
                Path(parsed, app, channel, "set"),
                new SetRequest { Version = parsed.GetRequiredValue(version), Target = target.Value(parsed), OverrideRevert = parsed.GetValue(again), Now = parsed.GetValue(now), Replace = parsed.GetValue(replace), DryRun = parsed.GetValue(dryRun) },
                ApiJson.Default.SetRequest),
            ApiJson.Default.ChannelReply,
            Report.Write);
    }

    private Verb Promote()
    {
        var (app, target, again, verify, dryRun) = (CommonOptions.App(), new TargetOptions(), OverrideRevert(), new VerifyOptions(), CommonOptions.DryRun());
        var (now, replace) = (Now(), Replace());
        var from = new Argument<string>("FROM") { Description = "The channel whose release is taken" };
        var to = new Argument<string>("TO") { Description = "The channel that moves" };
        var version = new Option<string?>("--version") { Description = "A release that was complete on FROM earlier, by version or digest; without it, the one that FROM points to", HelpName = "VERSION" };
        var skip = new Option<string?>("--skip-verify") { Description = "Promote without fetching the packages first, and say why", HelpName = "REASON" };
        var soak = new Option<string?>("--override-soak") { Description = "Promote before the release was complete on FROM for as long as that channel asks, and say why", HelpName = "REASON" };
        var command = new Verb(
            "promote",
            "Points a channel to the release, bit for bit, that is complete on the channel before it; step by step where the channel declares a rollout policy. First fetches its packages from every codebase, as release verify does.",
            "omahactl channel promote com.example.app alpha beta --dry-run") { app, from, to, version, now, replace, skip, soak, again, dryRun };
        target.AddTo(command);
        verify.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var request = new PromoteRequest
            {
                From = parsed.GetRequiredValue(from),
                Version = parsed.GetValue(version),
                Target = target.Value(parsed),
                SkipVerify = parsed.GetValue(skip),
                OverrideSoak = parsed.GetValue(soak),
                OverrideRevert = parsed.GetValue(again),
                Now = parsed.GetValue(now),
                Replace = parsed.GetValue(replace),
                DryRun = true,
            };
            if (!parsed.GetValue(dryRun))
            {
                if (request.SkipVerify is null) request.Verified = await new PromotionCheck(conversation).RunAsync(parsed, parsed.GetRequiredValue(app), await conversation.AskAsync(parsed, Ask(), ApiJson.Default.ChannelReply, cancel), verify.Limit(parsed), cancel);
                request.DryRun = false;
            }

            await conversation.ShowAsync(parsed, await conversation.SendAsync(parsed, Ask(), cancel), ApiJson.Default.ChannelReply, Report.Write);

            ApiRequest Ask() => Post(Path(parsed, app, to, "promote"), request, ApiJson.Default.PromoteRequest);
        });
        return command;
    }

    private Verb Revert()
    {
        var (app, target, reason, dryRun) = (CommonOptions.App(), new TargetOptions(), CommonOptions.Reason(), CommonOptions.DryRun());
        var channel = new Argument<string>("CHANNEL") { Description = "The channel that goes back" };
        var version = new Option<string?>("--version") { Description = "What is taken back, by version or digest; refused when the channel points elsewhere, so that a repeated command takes back no more", HelpName = "VERSION" };
        var command = new Verb(
            "revert",
            "Points a channel, at once, to what was complete on it before, and ends a rollout that is under way. Machines that have the newer release keep it.",
            "omahactl channel revert com.example.app stable --reason 'does not boot'") { app, channel, version, reason, dryRun };
        target.AddTo(command);
        return conversation.Asks(
            command,
            parsed => Post(
                Path(parsed, app, channel, "revert"),
                new RevertRequest { Version = parsed.GetValue(version), Target = target.Value(parsed), Reason = parsed.GetRequiredValue(reason), DryRun = parsed.GetValue(dryRun) },
                ApiJson.Default.RevertRequest),
            ApiJson.Default.ChannelReply,
            Report.Write);
    }

    private static Option<bool> Now() => new("--now") { Description = "To everybody at once, whatever rollout policy the channel declares" };

    private static Option<bool> Replace() => new("--replace") { Description = "End a rollout of another release that is under way" };

    private static Option<string?> OverrideRevert() => new("--override-revert") { Description = "Move a release that was reverted on the channel there again, and say why", HelpName = "REASON" };

    private static string Path(ParseResult parsed, Argument<string> app, Argument<string> channel, string verb) =>
        $"apps/{Step(parsed.GetRequiredValue(app))}/channels/{Step(parsed.GetRequiredValue(channel))}/{verb}";
}
