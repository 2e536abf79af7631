using CsCheck;

namespace Omaha.Catalog.Tests;

/// <summary>The verbs on rollouts, pauses and brakes.</summary>
public sealed class OperationsRolloutTests
{
    private static readonly RolloutOrder Day = new() { Policy = new RolloutPolicy { Ramp = "24h" } };
    private static readonly RolloutOrder Now = new() { Policy = new RolloutPolicy { Now = true } };
    private static readonly string[] Nodes = [.. Enumerable.Range(0, 300).Select(RolloutSample.Node)];

    private static Stamp At(double hours) => new(Sample.Now.AddHours(hours), "someone");

    private static AppDocument App(params string[] stable)
    {
        var document = Sample.App(alpha: ["1.0", "2.0", "3.0"], beta: ["1.0", "2.0", "3.0"], stable: stable.Length == 0 ? ["1.0"] : stable);
        foreach (var complete in document.State!.Channels!.Values.SelectMany(static channel => channel.Targets!.Values).SelectMany(static history => history)) complete.At = Sample.Now.AddDays(-1);
        return document;
    }

    private static Outcome<ChannelPlan> Start(AppDocument document, string version, RolloutOrder order, double hours = 0, string channel = "stable", string? overrideRevert = null) =>
        PromoteRelease.Plan(document, new Promotion("beta", channel) { Version = version, Order = order, SkipVerify = "tests", OverrideRevert = overrideRevert }, At(hours));

    private static AppDocument Done<TPlan>(Outcome<TPlan> outcome) where TPlan : class, IAppChange
    {
        Assert.Empty(outcome.Faults);
        Assert.NotNull(outcome.Plan!.Document);
        Assert.Empty(AppValidator.Check(outcome.Plan.Document));
        return outcome.Plan.Document;
    }

    private static string Refused<TPlan>(Outcome<TPlan> outcome) where TPlan : class
    {
        Assert.Null(outcome.Plan);
        return string.Join("; ", outcome.Faults);
    }

    private static RolloutView View(AppDocument document, double hours, Brakes? brakes = null) => Assert.Single(RolloutView.Of(document, "stable", At(hours) with { Brakes = brakes ?? Brakes.None }));

    private static RolloutState State(AppDocument document) => document.State!.Channels!["stable"].Rollouts!.Values.Single();

    private static string? Pointer(AppDocument document) => document.State!.Channels!["stable"].Targets![RolloutSample.Target][^1].Version;

    private static HashSet<string> Exposed(AppDocument document, double hours, Brakes? brakes = null)
    {
        var editor = Sample.Snapshot(document).Edit();
        editor.Brakes = brakes ?? Brakes.None;
        var snapshot = editor.Build();
        return [.. Nodes.Where(node => RolloutSample.Offered(snapshot, node, Sample.Now.AddHours(hours)) == "2.0")];
    }

    [Fact]
    public void Rollout_starts_at_nobody_and_becomes_history_when_it_is_complete()
    {
        var plan = Start(App(), "2.0", Day).Plan!;
        var started = plan.Document!;
        Assert.Equal(RolloutStanding.Active, Assert.Single(plan.Moves).Rollout!.Standing);
        Assert.Contains("any/amd64: machines below 2.0 are offered it step by step (ramp 24h, from 2026-03-01 12:00:00Z, complete about 2026-03-02 12:00:00Z)", plan.Effects);
        Assert.Equal(["rollouts"], started.Requires);
        Assert.Equal("1.0", Pointer(started));
        Assert.Null(RecordRollouts.Plan(started, At(23.9)).Plan!.Document);
        Assert.Equal(Sample.Now.AddHours(24), RecordRollouts.Plan(started, At(1)).Plan!.NextAt);

        var completion = RecordRollouts.Plan(started, At(30)).Plan!;
        Assert.Equal(Sample.Now.AddHours(24), Assert.Single(completion.Completed).At);
        var complete = completion.Document!;
        Assert.Empty(AppValidator.Check(complete));
        Assert.Null(complete.Requires);
        Assert.Equal("2.0", Pointer(complete));
        var entry = complete.State!.Channels!["stable"].Targets![RolloutSample.Target][^1];
        Assert.Equal((Sample.Now.AddHours(24), "someone", "beta", "tests"), (entry.At, entry.By, entry.From, entry.SkipVerify));
        Assert.Null(RecordRollouts.Plan(complete, At(31)).Plan!.Document);
    }

    [Fact]
    public void Rollout_to_everybody_at_once_moves_the_channel() => Assert.Equal("2.0", Pointer(Done(Start(App(), "2.0", Now))));

    [Fact]
    public void Promotion_follows_the_policy_of_its_channel_unless_told_otherwise()
    {
        var document = App();
        document.Spec!.Channels!["stable"].Rollout = RolloutSample.Steps((1, "1h"), (100, null));
        Assert.Equal("steps 1%:1h,100%", View(Done(Start(document, "2.0", new RolloutOrder())), 0).Policy);
        Assert.Equal("2.0", Pointer(Done(Start(document, "2.0", Now))));
        Assert.Equal("2.0", Pointer(Done(Start(App(), "2.0", new RolloutOrder()))));

        document.Spec.Channels["alpha"].Rollout = new RolloutPolicy { Ramp = "1h" };
        document.Spec.Releases!.Add(Sample.Release("4.0"));
        Assert.NotNull(Assert.Single(SetRelease.Plan(document, "alpha", "4.0", null, At(0)).Plan!.Moves).Rollout);
    }

    [Fact]
    public void Release_must_be_complete_on_the_channel_before()
    {
        var document = App();
        document.State!.Channels!["beta"].Targets![RolloutSample.Target].RemoveAll(static complete => complete.Version != "1.0");
        Assert.Contains("2.0 was never complete on channel beta", Refused(Start(document, "2.0", Day)), StringComparison.Ordinal);

        // While it is being rolled out there it is not complete; when the clock says so it is, written down or not.
        document = Done(PromoteRelease.Plan(document, new Promotion("alpha", "beta") { Version = "2.0", Order = Day, SkipVerify = "tests" }, At(0)));
        Assert.Contains("2.0 was never complete on channel beta", Refused(Start(document, "2.0", Day, 23)), StringComparison.Ordinal);
        Assert.NotNull(Start(document, "2.0", Day, 24).Plan);
    }

    [Fact]
    public void Second_rollout_on_a_busy_channel_needs_to_be_told_to_replace_the_first()
    {
        var busy = Done(Start(App(), "2.0", Day));
        Assert.Contains("2.0 for any/amd64 is being rolled out on stable (active, exposure 25%); wait for it, or end it in favour of 3.0 with --replace", Refused(Start(busy, "3.0", Day, 6)), StringComparison.Ordinal);
        Assert.Contains("use rollout set", Refused(Start(busy, "2.0", Day, 6)), StringComparison.Ordinal);
        Assert.Contains("use rollout set", Refused(Start(busy, "2.0", Day with { Replace = true }, 6)), StringComparison.Ordinal);
        Assert.Null(Start(busy, "2.0", new RolloutOrder(), 6).Plan!.Document);

        var replaced = Done(Start(busy, "3.0", Day with { Replace = true }, 6));
        Assert.Equal("3.0", State(replaced).Release!.Version);
        var ended = Assert.Single(replaced.State!.Channels!["stable"].Ended!.Values.Single());
        Assert.Equal(("2.0", false, "3.0 took its place"), (ended.Release!.Version, ended.Reverted, ended.Ended!.Reason));
        Assert.Contains("stays", Refused(RemoveRelease.Plan(replaced, "2.0", null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Rollout_under_way_can_be_completed_at_once()
    {
        var complete = Done(Start(Done(Start(App(), "2.0", Day)), "2.0", Now, 6));
        Assert.Equal("2.0", Pointer(complete));
        Assert.Null(complete.State!.Channels!["stable"].Rollouts);
        Assert.Null(complete.State.Channels["stable"].Ended);
        var halted = Done(ChangeRollout.Halt(Done(Start(App(), "2.0", Day)), "stable", null, "crashes", At(1)));
        Assert.Contains("is halted; resume it", Refused(Start(halted, "2.0", Now, 6)), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_may_be_planned_but_not_in_the_past()
    {
        Assert.Contains("start: 2026-03-01 11:00:00Z is in the past", Refused(Start(App(), "2.0", Day with { Start = Sample.Now.AddHours(-1) })), StringComparison.Ordinal);
        var planned = Done(Start(App(), "2.0", Now with { Start = Sample.Now.AddHours(5) }));
        Assert.Equal(RolloutStanding.Planned, View(planned, 4).Standing);
        Assert.Empty(Exposed(planned, 4));
        Assert.Equal(Nodes.Length, Exposed(planned, 5).Count);
        Assert.Equal(Sample.Now.AddHours(5), Assert.Single(RecordRollouts.Plan(planned, At(6)).Plan!.Completed).At);
        Assert.Null(Done(Start(planned, "3.0", Day with { Replace = true }, 1)).State!.Channels!["stable"].Ended);
    }

    [Fact]
    public void Planned_rollout_is_written_down_when_it_begins()
    {
        var planned = Done(Start(App(), "2.0", Day with { Start = Sample.Now.AddHours(5) }));
        var before = RecordRollouts.Plan(planned, At(4)).Plan!;
        Assert.Null(before.Document);
        Assert.Equal(Sample.Now.AddHours(5), before.NextAt);

        var plan = RecordRollouts.Plan(planned, At(6)).Plan!;
        Assert.Equal(("stable", "2.0", Sample.Now.AddHours(5)), (Assert.Single(plan.Begun).Channel, plan.Begun[0].Version, plan.Begun[0].At));
        Assert.Empty(plan.Completed);
        Assert.Equal(Sample.Now.AddHours(29), plan.NextAt);
        Assert.Empty(AppValidator.Check(plan.Document!));
        for (var hour = 0; hour < 30; hour += 3) Assert.Equal(Exposed(planned, hour), Exposed(plan.Document!, hour));
        Assert.Null(RecordRollouts.Plan(plan.Document!, At(7)).Plan!.Document);

        // One that begins at once is on record already.
        Assert.Null(RecordRollouts.Plan(Done(Start(App(), "2.0", Day)), At(1)).Plan!.Document);
    }

    [Fact]
    public void Clock_stands_still_from_pause_to_resumption()
    {
        var paused = Done(ChangeRollout.Pause(Done(Start(App(), "2.0", Day)), "stable", null, "lunch", At(6)));
        Assert.Equal((RolloutStanding.Paused, TimeSpan.FromHours(6), 0.25), (View(paused, 9).Standing, View(paused, 9).Clock, View(paused, 9).Exposure));
        Assert.Null(View(paused, 9).Completes);
        Assert.Empty(Exposed(paused, 9));
        Assert.Null(ChangeRollout.Pause(paused, "stable", null, "again", At(7)).Plan!.Document);

        var resumed = Done(ChangeRollout.Resume(paused, "stable", null, At(16)));
        Assert.Equal((RolloutStanding.Active, 0.25), (View(resumed, 16).Standing, View(resumed, 16).Exposure));
        Assert.Equal(Sample.Now.AddHours(34), View(resumed, 16).Completes);
        Assert.Contains("neither paused nor halted", Assert.Single(ChangeRollout.Resume(resumed, "stable", null, At(17)).Plan!.Notes), StringComparison.Ordinal);
        Assert.Null(ChangeRollout.Resume(resumed, "stable", null, At(17)).Plan!.Document);
    }

    [Fact]
    public void Halt_needs_a_reason_and_an_explicit_resumption()
    {
        var started = Done(Start(App(), "2.0", Day));
        Assert.Contains("reason: is missing", Refused(ChangeRollout.Halt(started, "stable", null, null, At(6))), StringComparison.Ordinal);
        var halted = Done(ChangeRollout.Halt(started, "stable", null, "crashes", At(6)));
        Assert.Equal("crashes", View(halted, 7).Halted!.Reason);
        Assert.Contains("halted, which holds more", Assert.Single(ChangeRollout.Pause(halted, "stable", null, null, At(7)).Plan!.Notes), StringComparison.Ordinal);
        Assert.Equal(0.25, View(Done(ChangeRollout.Resume(halted, "stable", null, At(9))), 9).Exposure);
    }

    [Fact]
    public void Exposure_is_raised_and_never_lowered()
    {
        var started = Done(Start(App(), "2.0", Day));
        Assert.Contains("10% is less than the 25% of 2.0 for any/amd64 now", Refused(ChangeRollout.Raise(started, "stable", null, 10, At(6))), StringComparison.Ordinal);
        Assert.Contains("out of range", Refused(ChangeRollout.Raise(started, "stable", null, 0, At(6))), StringComparison.Ordinal);
        Assert.Contains("out of range", Refused(ChangeRollout.Raise(started, "stable", null, double.NaN, At(6))), StringComparison.Ordinal);
        var raised = Done(ChangeRollout.Raise(started, "stable", null, 50, At(6)));
        Assert.Equal([0.5, 0.5, 0.75], ((double[])[6, 11, 18]).Select(hours => View(raised, hours).Exposure));
        Assert.Equal(Sample.Now.AddHours(24), View(raised, 6).Completes);
        Assert.Null(ChangeRollout.Raise(raised, "stable", null, 50, At(7)).Plan!.Document);

        var complete = Done(ChangeRollout.Raise(raised, "stable", null, 100, At(8)));
        Assert.Equal("2.0", Pointer(complete));
        Assert.Equal(Sample.Now.AddHours(8), complete.State!.Channels!["stable"].Targets![RolloutSample.Target][^1].At);
        var paused = Done(ChangeRollout.Pause(started, "stable", null, null, At(1)));
        Assert.Contains("is paused; resume it", Refused(ChangeRollout.Raise(paused, "stable", null, 100, At(8))), StringComparison.Ordinal);
    }

    [Fact]
    public void Expedited_release_is_complete_at_once_and_remembered_as_such()
    {
        var expedited = Done(ChangeRollout.Expedite(Done(Start(App(), "2.0", Day)), "stable", null, "hole", At(6)));
        Assert.Equal("hole", expedited.State!.Channels!["stable"].Targets![RolloutSample.Target][^1].Expedite!.Reason);
        Assert.Equal(["expedite"], expedited.Requires);
        var planned = Done(Start(App(), "2.0", Day with { Start = Sample.Now.AddHours(12) }));
        Assert.Equal("2.0", Pointer(Done(ChangeRollout.Expedite(planned, "stable", null, "hole", At(6)))));
        Assert.Equal("hole", Done(Start(App(), "2.0", Day with { Expedite = "hole" })).State!.Channels!["stable"].Targets![RolloutSample.Target][^1].Expedite!.Reason);
        Assert.Contains("expedite: is empty", Refused(Start(App(), "2.0", Day with { Expedite = " " })), StringComparison.Ordinal);
    }

    [Fact]
    public void Verb_on_a_rollout_that_is_complete_or_absent_says_so()
    {
        Assert.Contains("nothing is being rolled out on stable", Refused(ChangeRollout.Pause(App(), "stable", null, null, At(6))), StringComparison.Ordinal);
        var started = Done(Start(App(), "2.0", Day));
        Assert.Contains("the rollout of 2.0 on stable", Refused(ChangeRollout.Halt(started, "stable", null, "late", At(30))), StringComparison.Ordinal);
        Assert.Contains("there is a rollout for any/amd64", Refused(ChangeRollout.Pause(started, "stable", "any/arm64", null, At(6))), StringComparison.Ordinal);
        Assert.Contains("is no channel", Refused(ChangeRollout.Pause(started, "gold", null, null, At(6))), StringComparison.Ordinal);
    }

    [Fact]
    public void Revert_ends_a_rollout_and_keeps_its_release_from_coming_back_unasked()
    {
        var started = Done(Start(App(), "2.0", Day));
        var outcome = RevertChannel.Plan(started, "stable", null, null, "crashes", At(6));
        var reverted = Done(outcome);
        Assert.Equal(("2.0", "1.0"), (Assert.Single(outcome.Plan!.Moves).Previous, Assert.Single(outcome.Plan.Moves).Version));
        Assert.Equal("1.0", Pointer(reverted));
        Assert.Empty(Exposed(reverted, 30));
        Assert.Contains("was reverted on stable (since 2026-03-01 18:00:00Z by someone: crashes)", Refused(Start(reverted, "2.0", Day, 7)), StringComparison.Ordinal);
        var again = Done(Start(reverted, "2.0", Day, 7, overrideRevert: "fixed"));
        Assert.Equal("fixed", State(again).Release!.OverrideRevert);
        Assert.Equal("1.0", Pointer(Done(RevertChannel.Plan(RecordRollouts.Plan(again, At(40)).Plan!.Document!, "stable", null, "2.0", "again", At(41)))));
    }

    [Fact]
    public void Release_that_was_complete_once_is_reverted_also_by_the_end_of_a_later_rollout()
    {
        // 2.0 was complete before 1.0 was, and is now rolled out once more.
        var reverted = Done(RevertChannel.Plan(Done(Start(App("2.0", "1.0"), "2.0", Day)), "stable", null, null, "crashes", At(6)));
        Assert.Contains("nothing that may be offered was complete on stable before 1.0", Refused(RevertChannel.Plan(reverted, "stable", null, null, "slow", At(7))), StringComparison.Ordinal);
        Assert.Null(Sample.Check(Sample.Snapshot(reverted), $"version=\"0.1\" track=\"stable\" board=\"amd64\" machineid=\"{Nodes[0]}\"", "targetversionprefix=\"2.\"", at: Sample.Now.AddHours(7)).Release);

        reverted.Spec!.Channels!["lts"] = new ChannelSpec { PromotesFrom = "stable" };
        var promotion = new Promotion("stable", "lts") { Version = "2.0", SkipVerify = "tests" };
        Assert.Contains("2.0 for any/amd64 was reverted on stable (since 2026-03-01 18:00:00Z by someone: crashes)", Refused(PromoteRelease.Plan(reverted, promotion, At(7))), StringComparison.Ordinal);

        // Moved there again for a reason, it goes on as any other.
        var again = RecordRollouts.Plan(Done(Start(reverted, "2.0", Day, 8, overrideRevert: "fixed")), At(40)).Plan!.Document!;
        Assert.NotNull(PromoteRelease.Plan(again, promotion, At(41)).Plan);
    }

    [Fact]
    public void Rollout_that_was_halted_while_its_release_was_blocked_is_not_complete_once_the_block_is_lifted()
    {
        var blocked = Done(BlockRelease.Block(Done(Start(App(), "2.0", Day)), "2.0", null, "crashes", At(6)));
        var halted = Done(ChangeRollout.Halt(blocked, "stable", null, "crashes", At(30)));
        var lifted = Done(BlockRelease.Unblock(halted, "2.0", null, "fixed"));

        // What sets the clocks anew since.
        lifted = Done(PausePart.Resume(Done(PausePart.Pause(lifted, "stable", null, null, At(39))), "stable", null, At(40)));

        Assert.Null(RecordRollouts.Plan(lifted, At(41)).Plan!.Document);
        Assert.Empty(Exposed(lifted, 41));
        var resumed = Done(ChangeRollout.Resume(lifted, "stable", null, At(42)));
        Assert.Equal("2.0", Pointer(RecordRollouts.Plan(resumed, At(43)).Plan!.Document ?? resumed));
    }

    [Fact]
    public void Revert_does_not_look_past_a_rollout_of_a_target_without_a_history()
    {
        // Stable has releases for amd64 in general, and begins to get its own for CoreOS.
        var document = App("1.0", "2.0");
        document.Spec!.Releases!.Add(Sample.Release("3.0", "coreos/amd64"));
        document.Spec.Channels!["stable"].PromotesFrom = null;
        var started = Done(SetRelease.Plan(document, "stable", "3.0", "coreos/amd64", At(0), order: Day));
        var reverted = Done(RevertChannel.Plan(started, "stable", "coreos/amd64", null, "crashes", At(6)));
        Assert.Null(reverted.State!.Channels!["stable"].Rollouts);
        Assert.Equal("2.0", Pointer(reverted));
    }

    [Fact]
    public void Revert_while_a_rollout_is_only_planned_wants_to_know_which_is_meant()
    {
        var planned = Done(Start(App("1.0", "2.0"), "3.0", Day with { Start = Sample.Now.AddHours(12) }));
        Assert.Equal(
            "version: a rollout of 3.0 for any/amd64 is planned on stable for 2026-03-02 00:00:00Z; say which is meant: --version 3.0 calls that off, --version 2.0 takes back what the channel points to",
            Refused(RevertChannel.Plan(planned, "stable", null, null, "crashes", At(6))));

        var reverted = Done(RevertChannel.Plan(planned, "stable", null, "2.0", "crashes", At(6)));
        Assert.Equal("1.0", Pointer(reverted));
        Assert.Equal(RolloutStanding.Planned, View(reverted, 6).Standing);

        var calledOff = Done(RevertChannel.Plan(planned, "stable", null, "3.0", "not now", At(6)));
        Assert.Equal("2.0", Pointer(calledOff));
        Assert.Null(calledOff.State!.Channels!["stable"].Rollouts);
        Assert.Equal("3.0", Assert.Single(Start(calledOff, "3.0", Day, 7).Plan!.Moves).Version);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("stable", null)]
    public void Pause_of_the_app_or_the_channel_stops_the_clock_too(string? channel, string? group)
    {
        var started = Done(Start(App(), "2.0", Day));
        var paused = Done(PausePart.Pause(started, channel, group, "smoke", At(6)));
        Assert.Equal(0.25, View(paused, 10).Exposure);
        Assert.Single(View(paused, 10).Held);
        var resumed = Done(PausePart.Resume(paused, channel, group, At(16)));
        Assert.Equal(0.25, View(resumed, 16).Exposure);
        Assert.Equal(Exposed(started, 8), Exposed(resumed, 18));
        Assert.Null(PausePart.Resume(resumed, channel, group, At(17)).Plan!.Document);
    }

    [Fact]
    public void Group_is_paused_by_any_spelling_and_no_file_can_lift_that()
    {
        var document = App();
        document.Spec!.Groups = new() { ["Rack-7"] = new() { Channel = "stable" } };
        var paused = Done(PausePart.Pause(document, null, "rack-7", "smoke", At(0)));
        Assert.Equal("smoke", paused.State!.Groups!["Rack-7"].Paused!.Reason);
        Assert.Contains("\"nowhere\" is no group of", Refused(PausePart.Pause(document, null, "nowhere", null, At(0))), StringComparison.Ordinal);
        Assert.Contains("a channel is named as well", Refused(PausePart.Pause(document, "stable", "rack-7", null, At(0))), StringComparison.Ordinal);

        var file = ExportFile.Of([App()]);
        Assert.Contains("is not in the file, but is paused", Refused(ApplyFile.Plan(file, [new ExistingApp(Sample.AppId, paused)], [], At(1))), StringComparison.Ordinal);
        Assert.NotNull(Done(PausePart.Resume(paused, null, "RACK-7", At(2))));
    }

    [Fact]
    public void Clock_stands_still_while_everything_is_paused_and_the_brakes_remember_when()
    {
        var started = Done(Start(App(), "2.0", Day));
        var paused = PauseEverything.Pause(Brakes.None, "smoke", At(6)).Plan!;
        Assert.Equal(0.25, View(started, 10, paused).Exposure);
        var resumed = PauseEverything.Resume(paused, At(16)).Plan!;
        Assert.Equal((Sample.Now.AddHours(6), Sample.Now.AddHours(16)), (Assert.Single(resumed.Pauses!).From, resumed.Pauses![0].To));
        Assert.Equal(0.25, View(started, 16, resumed).Exposure);
        Assert.Equal(Exposed(started, 8), Exposed(started, 18, resumed));

        // A verb afterwards takes it into account, and does not count it twice.
        var raised = Done(ChangeRollout.Raise(started, "stable", null, 30, At(17) with { Brakes = resumed }));
        Assert.Equal(8 / 24.0, View(raised, 18, resumed).Exposure, 6);
    }

    [Fact]
    public void Brakes_do_not_lose_each_other()
    {
        var both = BrakePolling.Set(PauseEverything.Pause(Brakes.None, null, At(0)).Plan!, TimeSpan.FromHours(2), "load", At(0)).Plan!;
        Assert.Equal((7200, "load"), (both.PollInterval!.Seconds, both.PollInterval.Reason));
        var resumed = PauseEverything.Resume(both, At(1)).Plan!;
        Assert.Equal(7200, resumed.PollInterval!.Seconds);
        Assert.Same(resumed, BrakePolling.Set(resumed, TimeSpan.FromHours(2), null, At(2)).Plan);
        var lifted = BrakePolling.Set(resumed, null, null, At(2)).Plan!;
        Assert.Null(lifted.PollInterval);
        Assert.Single(lifted.Pauses!);
        Assert.Contains("59s is out of range", Refused(BrakePolling.Set(Brakes.None, TimeSpan.FromSeconds(59), null, At(0))), StringComparison.Ordinal);
    }

    [Fact]
    public void Freezes_that_a_file_adds_or_takes_back_do_not_turn_the_clock()
    {
        var started = Done(Start(App(), "2.0", Day));
        AppDocument Apply(AppDocument stored, double hours, params FreezeSpec[] freezes)
        {
            var file = ExportFile.Of([DocumentJson.Copy(stored)]);
            file.Apps![0].Spec!.Freezes = [.. freezes];
            var outcome = ApplyFile.Plan(file, [new ExistingApp(Sample.AppId, stored)], [], At(hours));
            Assert.Empty(outcome.Faults);
            return outcome.Plan!.Apps[0].Document!;
        }

        var freeze = new FreezeSpec { From = "2026-03-01T14:00", To = "2026-03-01T20:00", Reason = "late" };
        var frozen = Apply(started, 6, freeze);
        Assert.Equal(0.25, View(frozen, 6).Exposure);
        Assert.Equal(0.25, View(frozen, 8).Exposure);
        Assert.Equal(10 / 24.0, View(frozen, 12).Exposure, 6);
        var thawed = Apply(frozen, 12);
        Assert.Equal(10 / 24.0, View(thawed, 12).Exposure, 6);
        Assert.Equal(["rollouts", "freezes"], frozen.Requires);
        Assert.Equal(["rollouts"], thawed.Requires);
    }

    [Fact]
    public void Applying_an_old_file_touches_no_rollout()
    {
        var file = ExportFile.Of([App()]);
        var halted = Done(ChangeRollout.Halt(Done(Start(App(), "2.0", Day)), "stable", null, "crashes", At(6)));
        var applied = ApplyFile.Plan(file, [new ExistingApp(Sample.AppId, halted)], [], At(7)).Plan!;
        Assert.Equal(AppChange.Unchanged, Assert.Single(applied.Apps).Change);
    }

    [Fact]
    public void Clock_of_a_rollout_counts_no_time_twice_when_control_planes_do_not_agree_on_the_time()
    {
        // One that is five minutes ahead pauses, raises and resumes; one that is not does so next.
        var document = Done(Start(App(), "2.0", Day));
        for (var hour = 1; hour <= 6; hour++)
        {
            document = Done(ChangeRollout.Pause(document, "stable", null, null, At(hour + (5 / 60.0))));
            document = Done(ChangeRollout.Resume(document, "stable", null, At(hour)));
        }

        Assert.InRange(View(document, 12).Clock, TimeSpan.FromHours(11.9), TimeSpan.FromHours(12));
    }

    /// <summary>Each id by itself, through everything that an operator does to a rollout, and through restarts: every step is another server, which knows only what is stored.</summary>
    [Fact]
    public void Hundred_thousand_nodes_are_exposed_by_their_share_and_keep_what_they_were_offered()
    {
        const int all = 100_000;
        var document = Done(Start(App(), "2.0", Day));
        var request = new Omaha.Protocol.UpdateRequest();
        var reached = new bool[all];

        void Expect(double hours, double share, bool isStopped = false)
        {
            var restarted = DocumentJson.ReadApp(DocumentJson.Write(document), out _)!;
            var (snapshot, at, count) = (Sample.Snapshot(restarted), new CheckMoment(Sample.Now.AddHours(hours)), 0);
            var app = snapshot.Apps.Single();
            for (var i = 0; i < all; i++)
            {
                request.Load(System.Text.Encoding.UTF8.GetBytes($"<request protocol=\"3.0\"><app appid=\"{Sample.AppId}\" version=\"1.0\" board=\"amd64-usr\" track=\"stable\" machineid=\"{RolloutSample.Node(i)}\"><updatecheck/></app></request>"));
                Omaha.Protocol.XmlRequestReader.Read(request);
                var outcome = Decide.Check(snapshot, app, request, request.Apps[0], Omaha.Protocol.ClientKinds.Of(request), at);
                var isOffered = outcome.Release is not null;
                if (isOffered) count++;
                if (isStopped) continue;
                if (reached[i] && !isOffered) Assert.Fail($"Node {i} was offered 2.0 and is not {hours} h after the start: {outcome.Decision}");
                reached[i] = isOffered;
            }

            Assert.InRange(count / (double)all, share - 0.005, share + 0.005);
        }

        Expect(0, 0);
        Expect(2.4, 0.1);
        Expect(6, 0.25);
        document = Done(ChangeRollout.Pause(document, "stable", null, "crash", At(6)));
        Expect(16, 0, isStopped: true);
        document = Done(ChangeRollout.Resume(document, "stable", null, At(16)));
        Expect(16, 0.25);
        Expect(22, 0.5);
        document = Done(ChangeRollout.Raise(document, "stable", null, 75, At(22)));
        Expect(22, 0.75);
        document = Done(ChangeRollout.Halt(document, "stable", null, "crash", At(31)));
        Expect(50, 0, isStopped: true);
        document = Done(ChangeRollout.Resume(document, "stable", null, At(50)));
        Expect(50, 0.875);
        document = Done(RecordRollouts.Plan(document, At(53.1)));
        Expect(53.1, 1);
    }

    /// <summary>Whatever the verbs do to a rollout, whoever was offered its release once is not told otherwise while it goes on, and nobody is while it is stopped.</summary>
    [Fact]
    public void Exposure_is_sticky_and_monotonic_through_every_verb() => Gen.Select(Gen.Int[0, 9], Gen.Double[0, 3], Gen.Int[1, 99]).Array[1, 12].Sample(steps =>
    {
        var (document, brakes, hours) = (Done(Start(App(), "2.0", Day)), Brakes.None, 0.0);
        var reached = new HashSet<string>();
        foreach (var (verb, wait, percent) in steps)
        {
            hours += wait;
            var stamp = At(hours) with { Brakes = brakes };
            document = (verb switch
            {
                0 => ChangeRollout.Pause(document, "stable", null, null, stamp).Plan?.Document,
                1 => ChangeRollout.Halt(document, "stable", null, "why not", stamp).Plan?.Document,
                2 or 3 => ChangeRollout.Resume(document, "stable", null, stamp).Plan?.Document,
                4 => ChangeRollout.Raise(document, "stable", null, percent, stamp).Plan?.Document,
                5 => PausePart.Pause(document, "stable", null, null, stamp).Plan?.Document,
                6 => PausePart.Resume(document, "stable", null, stamp).Plan?.Document,
                _ => null,
            }) ?? document;
            if (verb == 7) brakes = PauseEverything.Pause(brakes, null, stamp).Plan!;
            if (verb == 8) brakes = PauseEverything.Resume(brakes, stamp).Plan!;
            if (document.State!.Channels!["stable"].Rollouts is null) return true;

            var isStopped = brakes.PauseAll is not null || document.State.Channels["stable"].Paused is not null || State(document).Paused is not null || State(document).Halted is not null;
            var now = Exposed(document, hours, brakes);
            if (isStopped ? now.Count > 0 : !reached.IsSubsetOf(now)) return false;
            if (!isStopped) reached = now;
        }

        return true;
    }, iter: 60);

    [Fact]
    public void Revert_of_a_first_rollout_leaves_the_channel_pointing_to_nothing()
    {
        var document = App();
        document.State!.Channels!.Remove("stable");
        var started = Done(Start(document, "2.0", Day));
        Assert.NotEmpty(Exposed(started, 6));
        Assert.Contains("2.0 is being rolled out on stable for any/amd64, not 1.0", Refused(RevertChannel.Plan(started, "stable", null, "1.0", "crashes", At(6))), StringComparison.Ordinal);
        Assert.Contains("points to nothing for any/arm64; it has any/amd64", Refused(RevertChannel.Plan(started, "stable", "any/arm64", null, "crashes", At(6))), StringComparison.Ordinal);

        var outcome = RevertChannel.Plan(started, "stable", null, "2.0", "crashes", At(6));
        Assert.Equal([new ChannelMove("any/amd64", ChannelChange.Moved, "2.0", null, null, IsLower: false)], outcome.Plan!.Moves);
        Assert.Equal(["any/amd64: machines are offered 2.0 no more, and nothing else was complete there", "any/amd64: machines already on 2.0 stay there"], outcome.Plan.Effects);
        var reverted = Done(outcome);
        Assert.Empty(Exposed(reverted, 30));
        Assert.Contains("points to nothing, so there is nothing to revert", Refused(RevertChannel.Plan(reverted, "stable", null, null, "again", At(7))), StringComparison.Ordinal);
        Assert.Contains("was reverted on stable", Refused(Start(reverted, "2.0", Day, 7)), StringComparison.Ordinal);
        Assert.NotNull(Start(reverted, "3.0", Now, 7).Plan);
    }

    [Fact]
    public void Revert_of_a_first_rollout_that_has_not_begun_leaves_no_trace()
    {
        var document = App();
        document.State!.Channels!.Remove("stable");
        var planned = Done(Start(document, "2.0", new RolloutOrder { Policy = Day.Policy, Start = Sample.Now.AddHours(2) }));

        var reverted = Done(RevertChannel.Plan(planned, "stable", null, null, "not yet", At(1)));

        Assert.Empty(Exposed(reverted, 30));
        Assert.NotNull(Start(reverted, "2.0", Day, 3).Plan);
    }

    [Fact]
    public void Simulation_tells_when_the_last_node_could_have_it()
    {
        var spec = App().Spec!;
        spec.Freezes = [new FreezeSpec { From = "2026-03-01T18:00", To = "2026-03-02T06:00", Reason = "night" }];
        spec.Windows = [new WindowSpec { From = "09:00", To = "17:00" }];
        var simulation = SimulateRollout.Of(new RolloutPolicy { Ramp = "24h" }, Sample.Now, spec, "stable");
        Assert.Equal(Sample.Now.AddHours(36), simulation.Completes);

        SimulatedPoint Point(double hours) => simulation.Points.Last(point => point.At <= Sample.Now.AddHours(hours));
        Assert.Equal((0.25, SimulatedHold.Freeze), (Point(10).Exposure, Point(10).Hold));
        Assert.Equal(5 / 24.0, Point(10).Reached, 10);
        Assert.Equal(SimulatedHold.Window, Point(20).Hold);
        Assert.Equal(1, Point(36).Exposure);
        Assert.True(Point(36).Reached < 1);
        Assert.Equal(1, simulation.Points[^1].Reached);
        Assert.Contains(simulation.Points, static point => point.IsEvent && point.At == Sample.Now.AddHours(45));
        Assert.All(simulation.Points.Zip(simulation.Points.Skip(1)), static pair => Assert.True(pair.First.At < pair.Second.At && pair.First.Exposure <= pair.Second.Exposure && pair.First.Reached <= pair.Second.Reached));
    }
}
