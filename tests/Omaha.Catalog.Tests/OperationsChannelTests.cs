namespace Omaha.Catalog.Tests;

/// <summary>What promoting, setting and listing channels plan, and what they refuse.</summary>
public sealed class OperationsChannelTests
{
    private static readonly Stamp Stamp = new(Sample.Now.AddHours(1), "operator");

    [Fact]
    public void Promotion_points_to_the_last_complete_release_of_the_source_by_digest()
    {
        var app = Sample.App(alpha: ["1.0", "2.0"], beta: ["1.0"]);

        var plan = Planned(Promote(app, "alpha", "beta", null));

        var digest = app.State!.Channels!["alpha"].Targets!["any/amd64"][^1].Digest!;
        Assert.Equal([new ChannelMove("any/amd64", ChannelChange.Moved, "1.0", "2.0", digest, IsLower: false)], plan.Moves);
        var last = plan.Document!.State!.Channels!["beta"].Targets!["any/amd64"][^1];
        Assert.Equal(("2.0", digest, Stamp.At, "operator", "alpha"), (last.Version, last.Digest, last.At, last.By, last.From));
        Assert.Equal(2, plan.Document.State.Channels["beta"].Targets!["any/amd64"].Count);
        Assert.Empty(AppValidator.Check(plan.Document));
    }

    [Fact]
    public void A_plan_leaves_the_document_that_it_was_made_from_alone()
    {
        var app = Sample.App(alpha: ["1.0"]);
        var before = DocumentJson.Write(app);

        Planned(Promote(app, "alpha", "beta", null));

        Assert.Equal(before, DocumentJson.Write(app));
    }

    [Fact]
    public void Without_a_target_every_target_of_the_source_is_promoted_and_what_points_there_already_is_unchanged()
    {
        var app = TwoTargets();
        app = Planned(Promote(app, "alpha", "beta", "any/arm64")).Document!;

        var plan = Planned(Promote(app, "alpha", "beta", null));

        Assert.Equal([("any/amd64", ChannelChange.Moved), ("any/arm64", ChannelChange.Unchanged)], plan.Moves.Select(move => (move.Target, move.Change)));
        Assert.Single(plan.Document!.State!.Channels!["beta"].Targets!["any/arm64"]);
    }

    [Fact]
    public void Nothing_to_do_is_no_refusal()
    {
        var plan = Planned(Promote(Sample.App(alpha: ["1.0"], beta: ["1.0"]), "alpha", "beta", null));

        Assert.Equal(ChannelChange.Unchanged, plan.Moves[0].Change);
        Assert.Null(plan.Document);
    }

    [Theory]
    [InlineData("any/amd64")]
    [InlineData("any/x86_64")]
    [InlineData("ANY/AMD64-usr")]
    public void A_target_may_be_named_as_clients_spell_it(string target)
    {
        var plan = Planned(Promote(TwoTargets(), "alpha", "beta", target));

        Assert.Equal("any/amd64", Assert.Single(plan.Moves).Target);
        Assert.Equal(["any/amd64"], plan.Document!.State!.Channels!["beta"].Targets!.Keys);
    }

    [Fact]
    public void A_move_to_a_lower_version_is_made_and_said()
    {
        Assert.True(Planned(Promote(Sample.App(alpha: ["1.0"], beta: ["2.0"]), "alpha", "beta", null)).Moves[0].IsLower);
    }

    [Theory]
    [InlineData("nightly", "beta", null, "from", "\"nightly\" is no channel of {11112222-3333-4444-5555-666677778888}; it has alpha, beta, stable", true)]
    [InlineData("alpha", "nightly", null, "to", "it has alpha, beta, stable", true)]
    [InlineData("alpha", "beta", "any/riscv64", "target", "nothing complete for any/riscv64; it has any/amd64, any/arm64", true)]
    [InlineData("alpha", "beta", "amd64", "target", "\"amd64\" is no target; write platform/arch", false)]
    [InlineData("alpha", "stable", null, "from", "takes releases from beta only, not from alpha; promote to beta first", false)]
    [InlineData("beta", "alpha", null, "to", "is a first channel: it names no promotesFrom; use omahactl channel set", false)]
    [InlineData("beta", "stable", null, "from", "has no complete release yet, so there is nothing to promote; promote alpha to beta first", false)]
    public void A_promotion_that_cannot_be_says_what_would_be_right(string from, string to, string? target, string path, string words, bool unknown)
    {
        var outcome = Promote(TwoTargets(), from, to, target);

        Assert.Null(outcome.Plan);
        Assert.Equal(unknown, outcome.IsUnknown);
        var fault = Assert.Single(outcome.Faults);
        Assert.Equal(path, fault.Path);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_first_channel_is_to_be_set()
    {
        Assert.Contains("omahactl channel set", Assert.Single(Promote(Sample.App(), "alpha", "beta", null).Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blocked_release_is_neither_promoted_nor_set()
    {
        var app = TwoTargets();
        var digest = app.State!.Channels!["alpha"].Targets!["any/arm64"][^1].Digest!;
        app.State.Blocks = new() { [digest] = new Mark { At = Sample.Now, By = "someone", Reason = "does not boot" } };

        foreach (var outcome in new[] { Promote(app, "alpha", "beta", null), SetRelease.Plan(app, "alpha", "1.0", null, Stamp) })
        {
            var fault = Assert.Single(outcome.Faults);
            Assert.Contains("1.0 for any/arm64 is blocked (since 2026-03-01 12:00:00Z by someone: does not boot", fault.Message, StringComparison.Ordinal);
            Assert.Contains(digest, fault.Message, StringComparison.Ordinal);
        }

        Assert.NotNull(Promote(app, "alpha", "beta", "any/amd64").Plan);
    }

    [Fact]
    public void A_document_with_faults_or_with_unknown_requirements_is_left_alone()
    {
        var faulty = Sample.App(alpha: ["1.0"]);
        faulty.Spec!.PollInterval = 1;
        var newer = Sample.App(alpha: ["1.0"]);
        newer.Requires = ["time-travel"];

        Assert.Equal($"{Sample.AppId} spec.pollInterval", Assert.Single(Promote(faulty, "alpha", "beta", null).Faults).Path);
        Assert.Contains("\"time-travel\" is not known", Assert.Single(SetRelease.Plan(newer, "alpha", "1.0", null, Stamp).Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_points_a_first_channel_to_a_release_for_every_target_that_has_the_version()
    {
        var app = TwoTargets();
        app.State = null;

        var plan = Planned(SetRelease.Plan(app, "alpha", "1.0", null, Stamp));

        Assert.Equal(["any/amd64", "any/arm64"], plan.Moves.Select(move => move.Target));
        Assert.Null(plan.Document!.State!.Channels!["alpha"].Targets!["any/arm64"][0].From);
        Assert.Empty(AppValidator.Check(plan.Document));
    }

    [Fact]
    public void Set_keeps_the_version_as_the_spec_writes_it()
    {
        Assert.Equal("1.0", Assert.Single(Planned(SetRelease.Plan(TwoTargets(), "alpha", "1.0.0.0", "any/amd64", Stamp)).Moves).Version);
    }

    [Theory]
    [InlineData("nightly", "1.0", null, "channel", "it has alpha, beta, stable", true)]
    [InlineData("beta", "1.0", null, "channel", "takes releases from alpha only; use omahactl channel promote", false)]
    [InlineData("alpha", "9.9", null, "version", "has no release 9.9; it has 1.0", true)]
    [InlineData("alpha", "latest", null, "version", "\"latest\" is no version", false)]
    [InlineData("alpha", "1.0", "win/x86", "target", "no release 1.0 for win/x86; it is there for any/amd64, any/arm64", true)]
    [InlineData("alpha", "1.0", "", "target", "\"\" is no target", false)]
    public void A_set_that_cannot_be_says_what_would_be_right(string channel, string version, string? target, string path, string words, bool unknown)
    {
        var outcome = SetRelease.Plan(TwoTargets(), channel, version, target, Stamp);

        Assert.Equal(unknown, outcome.IsUnknown);
        var fault = Assert.Single(outcome.Faults);
        Assert.Equal(path, fault.Path);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_pause_stays_on_record_and_resume_ends_it()
    {
        var paused = PauseEverything.Pause(Brakes.None, "bad release", Stamp).Plan!;
        Assert.Equal(("operator", "bad release", Stamp.At), (paused.PauseAll!.By, paused.PauseAll.Reason, paused.PauseAll.At));

        Assert.Same(paused, PauseEverything.Pause(paused, "again", Stamp with { By = "other" }).Plan);
        Assert.Null(PauseEverything.Resume(paused, Sample.Stamp).Plan!.PauseAll);
        Assert.Same(Brakes.None, PauseEverything.Resume(Brakes.None, Sample.Stamp).Plan);
    }

    [Fact]
    public void A_reason_is_one_line_of_text()
    {
        Assert.Equal("reason", Assert.Single(PauseEverything.Pause(Brakes.None, "two\nlines", Stamp).Faults).Path);
        Assert.Equal("reason", Assert.Single(PauseEverything.Pause(Brakes.None, new string('x', 1025), Stamp).Faults).Path);
    }

    [Fact]
    public void The_list_shows_every_channel_and_what_it_points_to()
    {
        var app = Sample.App(alpha: ["1.0", "2.0"]);
        app.State!.Blocks = new() { [app.State.Channels!["alpha"].Targets!["any/amd64"][^1].Digest!] = new Mark { By = "someone" } };

        var channels = ChannelList.Of(app);

        Assert.Equal(["alpha", "beta", "stable"], channels.Select(channel => channel.Name));
        var pointer = Assert.Single(channels[0].Targets);
        Assert.Equal(("2.0", "someone", "someone"), (pointer.Version, pointer.By, pointer.Blocked!.By));
        Assert.Equal("alpha", channels[1].PromotesFrom);
        Assert.Empty(channels[1].Targets);
    }

    /// <summary>1.0 for amd64 and arm64, both complete on alpha.</summary>
    private static AppDocument TwoTargets()
    {
        var app = Sample.App(alpha: ["1.0"]);
        var arm = Sample.Release("1.0", "any/arm64");
        app.Spec!.Releases!.Add(arm);
        app.State!.Channels!["alpha"].Targets!["any/arm64"] = [Sample.Complete(arm)];
        return app;
    }

    private static Outcome<ChannelPlan> Promote(AppDocument app, string from, string to, string? target) =>
        PromoteRelease.Plan(app, new Promotion(from, to) { Target = target, SkipVerify = "nothing to fetch" }, Stamp);

    private static ChannelPlan Planned(Outcome<ChannelPlan> outcome)
    {
        Assert.Empty(outcome.Faults);
        return outcome.Plan!;
    }
}
