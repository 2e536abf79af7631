namespace Omaha.Catalog.Tests;

/// <summary>What a promotion may take, what it must have behind it, and how a channel goes back.</summary>
public sealed class OperationsPromotionTests
{
    private static readonly Stamp Stamp = new(Sample.Now.AddHours(1), "operator");

    private static readonly Promotion ToBeta = new("alpha", "beta") { SkipVerify = "nothing to fetch" };

    [Fact]
    public void An_older_release_can_be_promoted_if_it_was_complete_on_the_source()
    {
        var app = Sample.App(alpha: ["1.0", "2.0"]);
        app.Spec!.Releases!.Add(Sample.Release("3.0"));

        Assert.Equal("1.0", Assert.Single(Planned(PromoteRelease.Plan(app, ToBeta with { Version = "1.0" }, Stamp)).Moves).Version);
        Assert.Equal("1.0", Assert.Single(Planned(PromoteRelease.Plan(app, ToBeta with { Version = ReleaseDigest.Of(Sample.Release("1.0")) }, Stamp)).Moves).Version);
        var outcome = PromoteRelease.Plan(app, ToBeta with { Version = "3.0" }, Stamp);
        Assert.True(outcome.IsUnknown);
        Assert.Equal("version: 3.0 was never complete on channel alpha of {11112222-3333-4444-5555-666677778888}; what was: 2.0, 1.0", Assert.Single(outcome.Faults).ToString());
        Assert.StartsWith("version: \"three\" is no version", Assert.Single(PromoteRelease.Plan(app, ToBeta with { Version = "three" }, Stamp).Faults).ToString(), StringComparison.Ordinal);
        Assert.Contains("1.0 was never complete on channel alpha of {11112222-3333-4444-5555-666677778888} for any/arm64", PromoteRelease.Plan(Arm(app), ToBeta with { Version = "1.0", Target = "any/arm64" }, Stamp).Faults[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_promotion_wants_word_of_every_codebase_of_what_moves()
    {
        var app = Sample.App(alpha: ["1.0"]);
        app.Spec!.Releases![0].Codebases = ["https://a.example.test/", "https://b.example.test/"];
        var digest = ReleaseDigest.Of(app.Spec.Releases[0]);
        var promotion = new Promotion("alpha", "beta");

        Assert.Equal(
            $"verified: does not say that the packages of 1.0 for any/amd64 ({digest}) were fetched from https://a.example.test/, https://b.example.test/ and were right; omahactl channel promote verifies them, or give a reason for --skip-verify (skipVerify)",
            Assert.Single(PromoteRelease.Plan(app, promotion, Stamp).Faults).ToString());
        Assert.Contains("were fetched from https://b.example.test/ and", Assert.Single(PromoteRelease.Plan(app, promotion with { Verified = [new VerifiedRelease(digest, ["https://a.example.test/"])] }, Stamp).Faults).Message, StringComparison.Ordinal);
        Assert.Single(PromoteRelease.Plan(app, promotion with { Verified = [new VerifiedRelease("v1:other", app.Spec.Releases[0].Codebases), new VerifiedRelease(null, null)] }, Stamp).Faults);

        var plan = Planned(PromoteRelease.Plan(app, promotion with { Verified = [new VerifiedRelease(digest, ["https://b.example.test/"]), new VerifiedRelease(digest, ["https://a.example.test/"])] }, Stamp));
        Assert.Equal((true, null), (Last(plan, "beta").Verified, Last(plan, "beta").SkipVerify));
    }

    [Fact]
    public void What_was_not_verified_is_on_record_with_the_reason()
    {
        var entry = Last(Planned(PromoteRelease.Plan(Sample.App(alpha: ["1.0"]), ToBeta, Stamp)), "beta");

        Assert.Equal((false, "nothing to fetch"), (entry.Verified, entry.SkipVerify));
    }

    [Fact]
    public void What_is_there_already_and_what_is_only_looked_at_need_no_word()
    {
        Assert.Null(Planned(PromoteRelease.Plan(Sample.App(alpha: ["1.0"], beta: ["1.0"]), new Promotion("alpha", "beta"), Stamp)).Document);
        Assert.NotNull(Planned(PromoteRelease.Plan(Sample.App(alpha: ["1.0"]), new Promotion("alpha", "beta") { IsPreview = true }, Stamp)).Document);
    }

    [Fact]
    public void Reasons_say_something()
    {
        var faults = PromoteRelease.Plan(Sample.App(alpha: ["1.0"]), new Promotion("alpha", "beta") { SkipVerify = "", OverrideSoak = "two\nlines", OverrideRevert = " " }, Stamp).Faults;

        Assert.Equal(["skipVerify: is empty; say why, for those who look later", "overrideSoak: holds control characters, such as a line break; write one line of text", "overrideRevert: is empty; say why, for those who look later"], faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public void A_release_soaks_on_its_channel_before_it_goes_on()
    {
        var app = Sample.App(alpha: ["1.0"]);
        app.Spec!.Channels!["alpha"].Soak = "24h";

        Assert.Equal(
            "from: 1.0 for any/amd64 was complete on alpha for 1h; the channel asks for 24h (soak); promote it after 2026-03-02 12:00:00Z, or say with --override-soak REASON (overrideSoak) why not to wait",
            Assert.Single(PromoteRelease.Plan(app, ToBeta, Stamp).Faults).ToString());
        Assert.Single(PromoteRelease.Plan(app, ToBeta with { IsPreview = true }, Stamp).Faults);
        Assert.Single(PromoteRelease.Plan(app, ToBeta, Stamp with { At = Sample.Now.AddHours(24).AddSeconds(-1) }).Faults);
        Assert.Null(Last(Planned(PromoteRelease.Plan(app, ToBeta with { OverrideSoak = "not needed" }, Stamp with { At = Sample.Now.AddHours(24) })), "beta").OverrideSoak);
        Assert.Equal("fixes a hole", Last(Planned(PromoteRelease.Plan(app, ToBeta with { OverrideSoak = "fixes a hole" }, Stamp)), "beta").OverrideSoak);
    }

    [Fact]
    public void Only_the_time_in_which_the_channel_pointed_to_a_release_counts_as_soaking()
    {
        var app = Sample.App(alpha: ["1.0", "2.0"]);
        app.Spec!.Channels!["alpha"].Soak = "2h";
        app.State!.Channels!["alpha"].Targets!["any/amd64"][1].At = Sample.Now.AddHours(1);
        var later = Stamp with { At = Sample.Now.AddDays(9) };

        Assert.Contains("1.0 for any/amd64 was complete on alpha for 1h; the channel asks for 2h (soak); alpha points to another release now, so it soaks no longer", Assert.Single(PromoteRelease.Plan(app, ToBeta with { Version = "1.0" }, later).Faults).Message, StringComparison.Ordinal);

        // It came back and stayed for another hour.
        var back = Sample.Complete(app.Spec.Releases!.Find(release => release.Version == "1.0")!);
        back.At = Sample.Now.AddHours(3);
        app.State.Channels["alpha"].Targets!["any/amd64"].Add(back);
        Assert.NotNull(PromoteRelease.Plan(app, ToBeta, Stamp with { At = Sample.Now.AddHours(4) }).Plan);
    }

    [Fact]
    public void A_plan_tells_who_follows_the_channel_and_what_they_will_see()
    {
        var app = Sample.App(alpha: ["1.0"], stable: ["2.0"], beta: ["1.0"]);
        app.Spec!.Tracks = new() { ["lts"] = "stable", ["edge"] = "alpha" };

        var plan = Planned(PromoteRelease.Plan(app, new Promotion("beta", "stable") { IsPreview = true }, Stamp));

        Assert.Equal(["machines on the track stable", "machines on the track lts", "machines that name no track"], plan.Audience);
        Assert.Equal(["any/amd64: machines below 1.0 are offered it", "any/amd64: machines already on 2.0 stay there"], plan.Effects);
        app.Spec.Channels!["stable"].Rollback = true;
        app.State!.Channels!["stable"].Paused = new Mark();
        Assert.Equal(
            ["any/amd64: machines below 1.0 are offered it", "any/amd64: machines already on 2.0 stay there, except those that ask for a rollback, which this channel permits", "nothing is offered before the channel is resumed"],
            Planned(PromoteRelease.Plan(app, new Promotion("beta", "stable") { IsPreview = true }, Stamp)).Effects);
        app.State.Paused = new Mark();
        Assert.Contains("nothing is offered before the app is resumed", Planned(PromoteRelease.Plan(app, new Promotion("beta", "stable") { IsPreview = true }, Stamp)).Effects);
    }

    [Fact]
    public void A_plan_tells_of_groups_floors_windows_and_freezes()
    {
        var app = Sample.App(alpha: ["1.0", "2.0", "3.0"], beta: ["1.0"]);
        app.Spec!.Groups = new()
        {
            ["canaries"] = new() { Channel = "beta" },
            ["kiosks"] = new() { Channel = "beta", Version = "1.0", Oems = ["acme"] },
            ["others"] = new() { Channel = "alpha" },
        };
        app.Spec.Tracks = new() { ["first"] = "canaries" };
        app.Spec.Windows = [new WindowSpec { From = "08:00" }];
        app.Spec.Channels!["beta"].Freezes = [new FreezeSpec { From = "2026-12-20", To = "2026-12-31", Reason = "holidays" }];
        app.Spec.Channels["beta"].Floors = new() { ["any/amd64"] = [new FloorSpec { Version = "2.0" }, new FloorSpec { Version = "1.0" }, new FloorSpec { Version = "3.0" }] };
        app.State!.Groups = new() { ["kiosks"] = new() { Paused = new Mark() } };
        app.State.Blocks = new() { [ReleaseDigest.Of(Sample.Release("1.0"))] = new Mark() };

        var plan = Planned(PromoteRelease.Plan(app, ToBeta, Stamp));

        Assert.Equal(["machines on the track beta", "machines of the group canaries", "machines on the track first", "machines of the group kiosks (paused, pinned to 1.0, certain OEMs only)"], plan.Audience);
        Assert.Equal(
            [
                "any/amd64: machines below 1.0 are offered nothing, since that floor is blocked",
                "any/amd64: machines below 2.0 are offered that floor first",
                "any/amd64: machines below 3.0 are offered it",
                "offers go out within the windows only",
                "nothing is offered during the freezes",
            ],
            plan.Effects);
    }

    [Fact]
    public void A_revert_points_the_channel_to_what_was_complete_before()
    {
        var app = Sample.App(beta: ["1.0", "2.0"]);
        app.State!.Channels!["beta"].Targets!["any/amd64"][0].From = "alpha";

        var plan = Planned(Revert(app));

        Assert.Equal([new ChannelMove("any/amd64", ChannelChange.Moved, "2.0", "1.0", ReleaseDigest.Of(Sample.Release("1.0")), IsLower: true)], plan.Moves);
        Assert.Equal(["any/amd64: machines below 1.0 are offered it", "any/amd64: machines already on 2.0 stay there"], plan.Effects);
        var history = plan.Document!.State!.Channels!["beta"].Targets!["any/amd64"];
        Assert.Equal(["1.0", "2.0", "1.0"], history.Select(entry => entry.Version));
        Assert.Equal((Stamp.At, "operator", "bad"), (history[1].Reverted!.At, history[1].Reverted!.By, history[1].Reverted!.Reason));
        Assert.Equal((Stamp.At, "operator", "alpha", true), (history[2].At, history[2].By, history[2].From, history[2].Restored));
        Assert.Equal("1.0", Sample.Offered(Sample.Snapshot(plan.Document), "version=\"0.5\" track=\"beta\" board=\"amd64-usr\""));
        Assert.Equal(Decision.Current, Sample.Check(Sample.Snapshot(plan.Document), "version=\"2.0\" track=\"beta\" board=\"amd64-usr\"").Decision);
    }

    [Fact]
    public void A_reverted_release_is_not_found_under_a_version_prefix()
    {
        var app = Sample.App(beta: ["1.0", "2.0", "3.0"]);
        Assert.Equal("3.0", Prefixed(app, "3."));

        app = Planned(Revert(app)).Document!;

        Assert.Null(Prefixed(app, "3."));
        Assert.Equal("2.0", Prefixed(app, "2."));
    }

    [Fact]
    public void Reverting_again_goes_back_further_and_never_to_what_was_reverted_or_is_blocked()
    {
        var app = Sample.App(beta: ["0.9", "1.0", "2.0", "3.0"]);
        app = Planned(BlockRelease.Block(app, "1.0", null, "bad", Stamp)).Document!;
        app = Planned(Revert(app)).Document!;
        app = Planned(Revert(app)).Document!;

        Assert.Equal("0.9", app.State!.Channels!["beta"].Targets!["any/amd64"][^1].Version);
        Assert.Equal(
            "channel: nothing that may be offered was complete on beta before 0.9 for any/amd64; omahactl release block {11112222-3333-4444-5555-666677778888} 0.9 --target any/amd64 keeps that from being offered",
            Assert.Single(Revert(app).Faults).ToString());
    }

    [Fact]
    public void A_reverted_release_comes_back_only_for_a_reason_and_is_then_complete_again()
    {
        var app = Planned(Revert(Sample.App(alpha: ["1.0", "2.0"], beta: ["1.0", "2.0"]))).Document!;

        Assert.Equal(
            "version: 2.0 for any/amd64 was reverted on beta (since 2026-03-01 13:00:00Z by operator: bad); choose another release, or say with --override-revert REASON (overrideRevert) why it shall come back",
            Assert.Single(PromoteRelease.Plan(app, ToBeta, Stamp).Faults).ToString());
        app = Planned(PromoteRelease.Plan(app, ToBeta with { OverrideRevert = "the rig was broken" }, Stamp)).Document!;
        Assert.Equal("the rig was broken", app.State!.Channels!["beta"].Targets!["any/amd64"][^1].OverrideRevert);
        Assert.Equal("2.0", Prefixed(app, "2."));
        Assert.NotNull(PromoteRelease.Plan(app, new Promotion("beta", "stable") { SkipVerify = "nothing to fetch" }, Stamp).Plan);
    }

    [Fact]
    public void A_reverted_release_is_not_set_again_without_a_reason()
    {
        var app = Planned(Revert(Sample.App(alpha: ["1.0", "2.0"]), "alpha")).Document!;

        Assert.Contains("2.0 for any/amd64 was reverted on alpha", Assert.Single(SetRelease.Plan(app, "alpha", "2.0", null, Stamp).Faults).Message, StringComparison.Ordinal);
        Assert.NotNull(SetRelease.Plan(app, "alpha", "2.0", null, Stamp, "fixed elsewhere").Plan);
        Assert.Equal("overrideRevert", Assert.Single(SetRelease.Plan(app, "alpha", "2.0", null, Stamp, "").Faults).Path);
    }

    [Fact]
    public void What_was_reverted_on_the_source_goes_no_further_from_there()
    {
        var app = Planned(Revert(Sample.App(alpha: ["1.0", "2.0"]), "alpha")).Document!;

        Assert.Equal("version: 2.0 for any/amd64 was reverted on alpha (since 2026-03-01 13:00:00Z by operator: bad), so it goes nowhere from there; choose another release", Assert.Single(PromoteRelease.Plan(app, ToBeta with { Version = "2.0" }, Stamp).Faults).ToString());
        Assert.Equal("1.0", Assert.Single(Planned(PromoteRelease.Plan(app, ToBeta, Stamp)).Moves).Version);
    }

    [Fact]
    public void A_revert_of_a_named_version_takes_back_no_other()
    {
        var app = Sample.App(beta: ["1.0", "2.0"]);
        var once = Planned(RevertChannel.Plan(app, "beta", null, "2.0", "bad", Stamp)).Document!;

        Assert.Equal("version: channel beta points to 1.0 for any/amd64, not to 2.0; leave the version out to take back whatever it points to, or name a target", Assert.Single(RevertChannel.Plan(once, "beta", null, "2.0", "bad", Stamp).Faults).ToString());
        Assert.NotNull(RevertChannel.Plan(app, "beta", null, ReleaseDigest.Of(Sample.Release("2.0")), "bad", Stamp).Plan);
    }

    [Theory]
    [InlineData("nightly", null, "bad", "channel: \"nightly\" is no channel of {11112222-3333-4444-5555-666677778888}; it has alpha, beta, stable", true)]
    [InlineData("stable", null, "bad", "channel: channel stable of {11112222-3333-4444-5555-666677778888} points to nothing, so there is nothing to revert", false)]
    [InlineData("beta", "any/arm64", "bad", "target: channel beta of {11112222-3333-4444-5555-666677778888} points to nothing for any/arm64; it has any/amd64", true)]
    [InlineData("beta", "arm64", "bad", "target: \"arm64\" is no target; write platform/arch, such as any/amd64 or win/x86", false)]
    [InlineData("beta", null, null, "reason: is missing; say why, for those who look later", false)]
    public void A_revert_that_cannot_be_says_what_would_be_right(string channel, string? target, string? reason, string words, bool unknown)
    {
        var outcome = RevertChannel.Plan(Sample.App(beta: ["1.0", "2.0"]), channel, target, null, reason, Stamp);

        Assert.Equal(unknown, outcome.IsUnknown);
        Assert.Equal(words, Assert.Single(outcome.Faults).ToString());
    }

    [Fact]
    public void The_history_shows_the_newest_first_with_how_each_came()
    {
        var app = Sample.App(alpha: ["1.0", "2.0"]);
        app = Planned(PromoteRelease.Plan(app, ToBeta with { Version = "1.0" }, Stamp)).Document!;
        app = Planned(PromoteRelease.Plan(app, ToBeta, Stamp with { At = Stamp.At.AddHours(1) })).Document!;
        app = Planned(RevertChannel.Plan(app, "beta", null, null, "bad", Stamp with { At = Stamp.At.AddHours(2) })).Document!;

        var entries = HistoryList.Of(app, "beta").Plan!;

        Assert.Equal(["1.0", "2.0", "1.0"], entries.Select(entry => entry.Version));
        Assert.Equal([null, Stamp.At.AddHours(2), Stamp.At.AddHours(1)], entries.Select(entry => entry.Until));
        Assert.Equal((true, "bad", "nothing to fetch"), (entries[0].Restored, entries[1].Reverted!.Reason, entries[2].SkipVerify));
        Assert.Equal(5, HistoryList.Of(app, null).Plan!.Count);
        Assert.Equal("channel: \"gold\" is no channel of {11112222-3333-4444-5555-666677778888}; it has alpha, beta, stable", Assert.Single(HistoryList.Of(app, "gold").Faults).ToString());
    }

    private static string? Prefixed(AppDocument app, string prefix) =>
        Sample.Offered(Sample.Snapshot(app), "version=\"0.5\" track=\"beta\" board=\"amd64-usr\"", $"targetversionprefix=\"{prefix}\"");

    private static AppDocument Arm(AppDocument app)
    {
        var arm = Sample.Release("2.0", "any/arm64");
        app.Spec!.Releases!.Add(arm);
        app.State!.Channels!["alpha"].Targets!["any/arm64"] = [Sample.Complete(arm)];
        return app;
    }

    private static Outcome<ChannelPlan> Revert(AppDocument app, string channel = "beta") => RevertChannel.Plan(app, channel, null, null, "bad", Stamp);

    private static CompleteRelease Last(ChannelPlan plan, string channel) => plan.Document!.State!.Channels![channel].Targets!["any/amd64"][^1];

    private static ChannelPlan Planned(Outcome<ChannelPlan> outcome)
    {
        Assert.Empty(outcome.Faults);
        return outcome.Plan!;
    }

    private static ReleasePlan Planned(Outcome<ReleasePlan> outcome)
    {
        Assert.Empty(outcome.Faults);
        return outcome.Plan!;
    }
}
