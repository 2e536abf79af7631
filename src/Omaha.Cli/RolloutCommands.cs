using System.CommandLine;
using Omaha.Catalog;
using Omaha.Control;
using static Omaha.Cli.ApiRequest;

namespace Omaha.Cli;

/// <summary>The <c>rollout</c> commands.</summary>
internal sealed class RolloutCommands(Conversation conversation)
{
    public Command Create() => new("rollout", "Exposes releases to a growing share of the machines.")
    {
        Start(), Set(),
        Stop("pause", "Stops a rollout for a while: its release is offered to nobody, what was complete before stays on offer, and the clock stands still.", "omahactl rollout pause com.example.app stable --reason 'looking at a crash'", needsReason: false),
        Stop("resume", "Lets a paused or halted rollout go on from where it stood.", "omahactl rollout resume com.example.app stable", needsReason: null),
        Stop("halt", "Stops a rollout for safety, until somebody resumes it.", "omahactl rollout halt com.example.app stable --reason 'does not boot on arm64'", needsReason: true),
        Stop("expedite", "Lets everybody have the release at once, also outside of windows; never during a freeze.", "omahactl rollout expedite com.example.app stable --reason 'closes CVE-2026-1'", needsReason: true),
        Status(), Simulate(),
    };

    private Verb Start()
    {
        var (app, channel, target, policy, verify, dryRun) = (CommonOptions.App(), Channel(), new TargetOptions(), new PolicyOptions(), new VerifyOptions(), CommonOptions.DryRun());
        var version = new Argument<string>("VERSION") { Description = "A version of the app, or the digest of a release; on a channel that takes releases from another it must be complete there" };
        var replace = new Option<bool>("--replace") { Description = "End a rollout of another release that is under way" };
        var expedite = new Option<string?>("--expedite") { Description = "Let neither ramp nor windows hold it, and say why", HelpName = "REASON" };
        var skip = new Option<string?>("--skip-verify") { Description = "Promote without fetching the packages first, and say why", HelpName = "REASON" };
        var soak = new Option<string?>("--override-soak") { Description = "Promote before the release was complete on the channel before for as long as that one asks, and say why", HelpName = "REASON" };
        var again = new Option<string?>("--override-revert") { Description = "Expose a release that was reverted on the channel again, and say why", HelpName = "REASON" };
        var command = new Verb(
            "start",
            "Begins to expose a release on a channel. Where that is a promotion, fetches the release's packages from every codebase first, as release verify does.",
            "omahactl rollout start com.example.app stable 1.2.3 --ramp 24h") { app, channel, version, replace, expedite, skip, soak, again, dryRun };
        policy.AddTo(command);
        target.AddTo(command);
        verify.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var request = new StartRolloutRequest
            {
                Version = parsed.GetRequiredValue(version),
                Target = target.Value(parsed),
                Policy = policy.Policy(parsed),
                Start = policy.Start(parsed, DateTimeOffset.UtcNow),
                Replace = parsed.GetValue(replace),
                Expedite = parsed.GetValue(expedite),
                SkipVerify = parsed.GetValue(skip),
                OverrideSoak = parsed.GetValue(soak),
                OverrideRevert = parsed.GetValue(again),
                DryRun = true,
            };
            if (!parsed.GetValue(dryRun))
            {
                if (request.SkipVerify is null && await IsPromotionAsync(parsed, app, channel, cancel))
                {
                    var preview = await conversation.AskAsync(parsed, Ask(), ApiJson.Default.ChannelReply, cancel);
                    request.Verified = await new PromotionCheck(conversation).RunAsync(parsed, parsed.GetRequiredValue(app), preview, verify.Limit(parsed), cancel);
                }

                request.DryRun = false;
            }

            await conversation.ShowAsync(parsed, await conversation.SendAsync(parsed, Ask(), cancel), ApiJson.Default.ChannelReply, Report.Write);

            ApiRequest Ask() => Post(Path(parsed, app, channel, "start"), request, ApiJson.Default.StartRolloutRequest);
        });
        return command;
    }

    private Verb Set()
    {
        var (app, channel, target, dryRun) = (CommonOptions.App(), Channel(), new TargetOptions(), CommonOptions.DryRun());
        var exposure = new Option<string>("--exposure") { Description = "Share of the machines, such as 25%; it is never lowered", HelpName = "SHARE", Required = true };
        var command = new Verb("set", "Raises the exposure of a rollout at once; the ramp takes over where it is beyond it.", "omahactl rollout set com.example.app stable --exposure 25%") { app, channel, exposure, dryRun };
        target.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(exposure) is { } given && !RolloutSteps.TryParsePercent(given, out _)) result.AddError($"--exposure \"{given}\" is no share; write one such as 25%");
        });
        return conversation.Asks(
            command,
            parsed => Post(
                Path(parsed, app, channel, "set"),
                new SetRolloutRequest { Percent = RolloutSteps.TryParsePercent(parsed.GetRequiredValue(exposure), out var percent) ? percent : null, Target = target.Value(parsed), DryRun = parsed.GetValue(dryRun) },
                ApiJson.Default.SetRolloutRequest),
            ApiJson.Default.RolloutReply,
            RolloutReport.Write);
    }

    /// <param name="verb">The verb, of the command and of the API.</param>
    /// <param name="description">What it does.</param>
    /// <param name="example">A line to copy.</param>
    /// <param name="needsReason">Whether a reason must be given; null when none is taken.</param>
    private Verb Stop(string verb, string description, string example, bool? needsReason)
    {
        var (app, channel, target, dryRun) = (CommonOptions.App(), Channel(), new TargetOptions(), CommonOptions.DryRun());
        var reason = new Option<string?>("--reason") { Description = "Why, for those who look later", HelpName = "TEXT", Required = needsReason == true };
        var command = new Verb(verb, description, example) { app, channel, dryRun };
        if (needsReason is not null) command.Options.Add(reason);
        target.AddTo(command);
        return conversation.Asks(
            command,
            parsed => Post(Path(parsed, app, channel, verb), new StopRolloutRequest { Target = target.Value(parsed), Reason = needsReason is null ? null : parsed.GetValue(reason), DryRun = parsed.GetValue(dryRun) }, ApiJson.Default.StopRolloutRequest),
            ApiJson.Default.RolloutReply,
            RolloutReport.Write);
    }

    private Verb Status()
    {
        var app = CommonOptions.App();
        var channel = new Argument<string?>("CHANNEL") { Description = "One channel; all when none is named", Arity = ArgumentArity.ZeroOrOne };
        var command = new Verb("status", "Shows how far rollouts are, when they are complete, and who ordered them.", "omahactl rollout status com.example.app") { app, channel };
        return conversation.Asks(
            command,
            parsed => Get($"apps/{Step(parsed.GetRequiredValue(app))}/rollouts{(parsed.GetValue(channel) is { } name ? $"?channel={Escape(name)}" : "")}"),
            ApiJson.Default.RolloutListReply,
            RolloutReport.Write);
    }

    private Verb Simulate()
    {
        var (app, channel, policy) = (CommonOptions.App(), Channel(), new PolicyOptions());
        var svg = new Option<string?>("--svg") { Description = "Write the plot to this file as well", HelpName = "FILE" };
        var command = new Verb("simulate", "Shows how exposure would grow on a channel, with the windows and freezes that are declared. Changes nothing.", "omahactl rollout simulate com.example.app stable --ramp 24h --svg plan.svg") { app, channel, svg };
        policy.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var document = DocumentJson.ReadApp(await conversation.SendAsync(parsed, Get($"apps/{Step(parsed.GetRequiredValue(app))}"), cancel), out var unreadable);
            var simulation = SimulationOf(document, unreadable, parsed.GetRequiredValue(channel), policy.Policy(parsed), policy.Start(parsed, DateTimeOffset.UtcNow) ?? DateTimeOffset.UtcNow);
            if (parsed.GetValue(svg) is { } path) UserFile.Write(path, SimulationSvg.Render(simulation));
            if (parsed.GetValue(conversation.Json)) await conversation.PrintAsync(SimulationReport.Json(simulation));
            else SimulationReport.Write(simulation, conversation.Surroundings.Output);
        });
        return command;
    }

    private static Simulation SimulationOf(AppDocument? document, Fault? unreadable, string channel, RolloutPolicy? policy, DateTimeOffset start)
    {
        if (document is null) throw new OmahactlException(OmahactlException.Failed, $"the app's document cannot be read: {unreadable}");
        if (AppValidator.Check(document) is { Count: > 0 } faults) throw new OmahactlException(OmahactlException.Failed, [.. faults.Select(static fault => fault.ToString())]);
        if (document.Spec!.Channels?.GetValueOrDefault(channel) is not { } spec) throw new OmahactlException(OmahactlException.Failed, $"channel: \"{channel}\" is no channel of {document.App}; it has {string.Join(", ", document.Spec.Channels?.Keys ?? Enumerable.Empty<string>())}");
        policy ??= spec.Rollout ?? throw new OmahactlException(OmahactlException.Usage, $"channel {channel} declares no rollout policy; give --ramp, --steps or --now");
        if (Duration.CheckAhead(start, DateTimeOffset.UtcNow, "start") is { } tooFar) throw new OmahactlException(OmahactlException.Usage, tooFar.ToString());
        if (PolicyCheck.Faults(policy) is { Count: > 0 } wrong) throw new OmahactlException(OmahactlException.Usage, [.. wrong.Select(static fault => fault.ToString())]);
        return SimulateRollout.Of(policy, start, document.Spec, channel);
    }

    private async Task<bool> IsPromotionAsync(ParseResult parsed, Argument<string> app, Argument<string> channel, CancellationToken cancel)
    {
        var channels = await conversation.AskAsync(parsed, Get($"apps/{Step(parsed.GetRequiredValue(app))}/channels"), ApiJson.Default.ChannelListReply, cancel);
        return channels.Channels.FirstOrDefault(view => view.Name == parsed.GetRequiredValue(channel))?.PromotesFrom is not null;
    }

    private static Argument<string> Channel() => new("CHANNEL") { Description = "The channel" };

    private static string Path(ParseResult parsed, Argument<string> app, Argument<string> channel, string verb) =>
        $"apps/{Step(parsed.GetRequiredValue(app))}/channels/{Step(parsed.GetRequiredValue(channel))}/rollout/{verb}";
}
