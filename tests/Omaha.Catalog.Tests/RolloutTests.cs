using CsCheck;

namespace Omaha.Catalog.Tests;

/// <summary>Who gets a release that is being rolled out, and when.</summary>
public sealed class RolloutTests
{
    private static readonly string[] Nodes = [.. Enumerable.Range(0, 2000).Select(RolloutSample.Node)];
    private static readonly Asking[] Asking = [.. Nodes.Select(node => Tests.Asking.Node(node))];

    private static DateTimeOffset Hours(double hours) => Sample.Now.AddHours(hours);

    /// <summary>Numbers of the nodes that are offered 2.0 in place of 1.0.</summary>
    private static HashSet<int> Exposed(CatalogSnapshot snapshot, DateTimeOffset at) => [.. Enumerable.Range(0, Nodes.Length).Where(i => Asking[i].Offered(snapshot, at) == "2.0")];

    private static double Share(CatalogSnapshot snapshot, DateTimeOffset at) => Exposed(snapshot, at).Count / (double)Nodes.Length;

    private static CatalogSnapshot Ramp(Action<RolloutState>? change = null, Action<AppDocument>? edit = null, RolloutPolicy? policy = null)
    {
        var document = RolloutSample.Ramping(policy, change);
        edit?.Invoke(document);
        return Sample.Snapshot(document);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(6, 0.25)]
    [InlineData(12, 0.5)]
    [InlineData(23.9, 0.996)]
    [InlineData(24, 1)]
    [InlineData(10_000, 1)]
    public void Ramp_grows_evenly_from_nobody_to_everybody(double hours, double share) => Assert.InRange(Share(Ramp(), Hours(hours)), share - 0.03, share + 0.03);

    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(0.99, 0.01)]
    [InlineData(1, 0.1)]
    [InlineData(4.99, 0.1)]
    [InlineData(5, 0.5)]
    [InlineData(17, 1)]
    public void Steps_last_as_long_as_they_say(double hours, double share) =>
        Assert.InRange(Share(Ramp(policy: RolloutSample.Steps((1, "1h"), (10, "4h"), (50, "12h"), (100, null))), Hours(hours)), share - 0.03, share == 1 ? 1 : share + 0.03);

    [Fact]
    public void Last_step_below_everybody_lasts_until_the_exposure_is_raised()
    {
        var policy = RolloutSample.Steps((10, null));
        Assert.InRange(Share(Ramp(policy: policy), Hours(100_000)), 0.07, 0.13);
        Assert.Equal(1, Share(Ramp(rollout => rollout.Raised = new RaisedExposure { Percent = 100, At = Sample.Now }, policy: policy), Hours(1)));
    }

    /// <summary>Stable has 1.0 for amd64, with a floor 0.5, and rolls 2.0 out for CoreOS on amd64, on which nothing was complete yet.</summary>
    private static CatalogSnapshot FirstOfItsTarget(Action<AppDocument>? edit = null)
    {
        var document = Sample.App(alpha: ["0.5"], stable: ["1.0"]);
        document.Spec!.Releases!.Add(Sample.Release("2.0", "coreos/amd64"));
        document.Spec.Channels!["stable"].Floors = new() { [RolloutSample.Target] = [new FloorSpec { Version = "0.5" }] };
        document.State!.Channels!["stable"].Rollouts = new() { ["coreos/amd64"] = new RolloutState { Release = new CompleteRelease { Version = "2.0", Digest = RolloutSample.DigestOf(document, "2.0") }, Policy = new RolloutPolicy { Ramp = "24h" }, Start = Sample.Now } };
        edit?.Invoke(document);
        return Sample.Snapshot(document);
    }

    [Theory]
    [InlineData("0.9", -1, "1.0")]
    [InlineData("0.9", 12, "1.0")]
    [InlineData("0.9", 24, "2.0")]
    [InlineData("0.4", 12, "0.5")]
    [InlineData("0.4", 24, "2.0")]
    [InlineData("1.0", 12, null)]
    public void First_rollout_of_a_more_specific_target_takes_nothing_away_that_is_complete_for_a_less_specific_one(string version, double hours, string? offered) =>
        Assert.Equal(offered, Tests.Asking.Node(Nodes.First(node => PlaceOf(node) > 0.9), version).Offered(FirstOfItsTarget(), Hours(hours)));

    [Fact]
    public void Halted_first_rollout_of_a_more_specific_target_leaves_what_is_complete_for_a_less_specific_one()
    {
        var halted = FirstOfItsTarget(static document => document.State!.Channels!["stable"].Rollouts!.Values.Single().Halted = RolloutSample.Mark(Sample.Now, "crashes"));
        Assert.Equal("1.0", Tests.Asking.Node(Nodes[0], "0.9").Offered(halted, Hours(12)));
        Assert.Contains(Tests.Asking.Node(Nodes[0], "0.9").Explain(halted, Hours(12)).Rules, static rule => rule.Words == "nothing is complete for coreos/amd64 yet, so what is complete for any/amd64 stays on offer");
        Assert.Equal(Decision.Halted, Tests.Asking.Node(Nodes[0]).Decide(halted, Hours(12)));
    }

    private static double PlaceOf(string node) => Bucket.Of(NodeId.Of(System.Text.Encoding.UTF8.GetBytes(node)), ReleaseDigest.BytesOf(ReleaseDigest.Of(Sample.Release("2.0", "coreos/amd64"))));

    [Fact]
    public void Nobody_gets_the_release_before_the_start_not_even_who_asks_by_hand()
    {
        var snapshot = Ramp(rollout => rollout.Start = Hours(5), policy: new RolloutPolicy { Now = true });
        Assert.Equal(0, Share(snapshot, Hours(4.99)));
        Assert.Equal(1, Share(snapshot, Hours(5)));
        Assert.Null(RolloutSample.Offered(snapshot, Nodes[0], Hours(4.99), "installsource=\"ondemandupdate\""));
    }

    [Fact]
    public void Node_that_is_not_reached_yet_keeps_the_last_complete_release_and_is_held()
    {
        var document = RolloutSample.Ramping(stable: ["0.9", "1.0"]);
        var snapshot = Sample.Snapshot(document);
        var late = Nodes[Enumerable.Range(0, Nodes.Length).First(i => !Exposed(snapshot, Hours(12)).Contains(i))];

        Assert.Equal(Decision.HeldRamp, Tests.Asking.Node(late).Decide(snapshot, Hours(12)));
        Assert.Equal("1.0", Tests.Asking.Node(late, version: "0.5").Offered(snapshot, Hours(12)));
        Assert.Equal(Decision.Current, Tests.Asking.Node(late, version: "2.0").Decide(snapshot, Hours(12)));
    }

    [Fact]
    public void Node_without_an_id_is_reached_when_everybody_is()
    {
        var nameless = new Asking("version=\"1.0\" board=\"amd64-usr\" bootid=\"{5b0e6a1e-7a7c-4b7e-9a61-2f6d1f3c4b53}\"");
        Assert.Equal(Decision.HeldRamp, nameless.Decide(Ramp(), Hours(23.9999)));
        Assert.Equal("2.0", nameless.Offered(Ramp(), Hours(24)));
    }

    /// <summary>What the snapshot of a paused and resumed rollout is: the clock as the pause left it, running again from the resumption on.</summary>
    [Fact]
    public void Clock_stands_still_while_the_rollout_is_paused_and_goes_on_afterwards()
    {
        var paused = Ramp(rollout => rollout.Paused = RolloutSample.Mark(Hours(6)));
        var resumed = Ramp(rollout => (rollout.Elapsed, rollout.Since) = (TimeSpan.FromHours(6), Hours(16)));

        Assert.Equal(0, Share(paused, Hours(10)));
        Assert.Equal(Exposed(Ramp(), Hours(6)), Exposed(resumed, Hours(16)));
        Assert.Equal(Exposed(Ramp(), Hours(8)), Exposed(resumed, Hours(18)));
        Assert.Equal(1, Share(resumed, Hours(34)));
        Assert.NotEqual(1, Share(resumed, Hours(33.5)));
    }

    [Theory]
    [InlineData(true, Decision.Halted)]
    [InlineData(false, Decision.Paused)]
    public void Rollout_that_is_stopped_leaves_the_last_complete_release_on_offer(bool halted, Decision decision)
    {
        var document = RolloutSample.Ramping(change: rollout => _ = halted ? rollout.Halted = RolloutSample.Mark(Hours(6), "crashes") : rollout.Paused = RolloutSample.Mark(Hours(6)), stable: ["0.9", "1.0"]);
        var snapshot = Sample.Snapshot(document);
        foreach (var source in (string[])["scheduler", "ondemandupdate"])
        {
            Assert.Equal(decision, Tests.Asking.Node(Nodes[0], attributes: $"installsource=\"{source}\"").Decide(snapshot, Hours(30)));
            Assert.Equal("1.0", Tests.Asking.Node(Nodes[0], "0.5", $"installsource=\"{source}\"").Offered(snapshot, Hours(30)));
        }
    }

    [Fact]
    public void Blocked_release_is_not_rolled_out()
    {
        var snapshot = Ramp(edit: document => document.State!.Blocks = new() { [RolloutSample.DigestOf(document, "2.0")] = RolloutSample.Mark(Sample.Now) });
        Assert.Equal(Decision.Blocked, Asking[0].Decide(snapshot, Hours(30)));
        Assert.Equal("1.0", Tests.Asking.Node(Nodes[0], "0.5").Offered(snapshot, Hours(30)));
    }

    [Theory]
    [InlineData("channel")]
    [InlineData("app")]
    public void Clock_stands_still_while_the_channel_or_the_app_is_paused(string what)
    {
        var marked = Ramp(edit: document =>
        {
            if (what == "app") document.State!.Paused = RolloutSample.Mark(Hours(6));
            else document.State!.Channels!["stable"].Paused = RolloutSample.Mark(Hours(6));
        });
        Assert.Equal(Decision.Paused, Asking[0].Decide(marked, Hours(16)));
    }

    [Fact]
    public void Clock_stands_still_during_freezes_of_the_app_and_the_channel_but_not_of_a_group()
    {
        // Sample.Now is noon: the freezes take 12 hours each, from midnight to noon and from noon to midnight.
        var snapshot = Ramp(edit: document =>
        {
            document.Spec!.Freezes = [new FreezeSpec { From = "2026-03-02T00:00", To = "2026-03-02T12:00", Reason = "app" }];
            document.Spec.Channels!["stable"].Freezes = [new FreezeSpec { From = "2026-03-02T06:00", To = "2026-03-03T00:00", Reason = "channel" }];
            document.Spec.Groups = new() { ["g"] = new() { Channel = "stable", Freezes = [new FreezeSpec { From = "2026-03-03", To = "2026-03-09", Reason = "group" }] } };
        });

        Assert.Equal(0, Share(snapshot, Hours(13)));
        Assert.Equal(Exposed(Ramp(), Hours(12)), Exposed(snapshot, Hours(36)));
        Assert.Equal(Exposed(Ramp(), Hours(18)), Exposed(snapshot, Hours(42)));
        Assert.Equal(1, Share(snapshot, Hours(48)));
    }

    [Fact]
    public void Clock_stands_still_while_everything_is_paused()
    {
        var editor = Ramp(edit: document => document.Spec!.Freezes = [new FreezeSpec { From = "2026-03-01T16:00", To = "2026-03-01T20:00", Reason = "overlaps" }]).Edit();
        editor.Brakes = new Brakes { Pauses = [new PastPause { From = Hours(6), To = Hours(16) }, new PastPause { From = Hours(-20), To = Hours(-10) }] };
        var snapshot = editor.Build();
        Assert.Equal(Exposed(Ramp(), Hours(4)), Exposed(snapshot, Hours(16)));
        Assert.Equal(Exposed(Ramp(), Hours(10)), Exposed(snapshot, Hours(22)));
    }

    [Fact]
    public void Exposure_that_was_raised_by_hand_holds_until_the_ramp_is_beyond_it()
    {
        var raised = Ramp(rollout => rollout.Raised = new RaisedExposure { Percent = 50, At = Hours(1) });
        Assert.Equal(Exposed(Ramp(), Hours(12)), Exposed(raised, Hours(1)));
        Assert.Equal(Exposed(Ramp(), Hours(12)), Exposed(raised, Hours(11)));
        Assert.Equal(Exposed(Ramp(), Hours(18)), Exposed(raised, Hours(18)));
    }

    [Fact]
    public void Who_asks_by_hand_passes_the_ramp_unless_the_group_forbids_it()
    {
        var snapshot = Ramp(edit: document => document.Spec!.Groups = new() { ["strict"] = new() { Channel = "stable", InteractivePassesRamp = false } });
        foreach (var source in (string[])["ondemandupdate", "ondemand", "ONDEMANDcheckforupdate"])
        {
            Assert.Equal("2.0", Tests.Asking.Node(Nodes[0], attributes: $"installsource=\"{source}\"").Offered(snapshot, Sample.Now));
            Assert.Equal(Decision.HeldRamp, Tests.Asking.Node(Nodes[0], attributes: $"track=\"strict\" installsource=\"{source}\"").Decide(snapshot, Sample.Now));
        }

        Assert.Equal(Decision.HeldRamp, Tests.Asking.Node(Nodes[0], attributes: "installsource=\"scheduler\"").Decide(snapshot, Sample.Now));
    }

    [Fact]
    public void Canaries_go_first()
    {
        var snapshot = Ramp(edit: document => document.Spec!.Groups = new() { ["canary"] = new() { Channel = "stable", Canary = true } });
        Assert.Equal("2.0", Tests.Asking.Node(Nodes[0], attributes: "track=\"canary\"").Offered(snapshot, Sample.Now));
        Assert.Null(Tests.Asking.Node(Nodes[0], attributes: "track=\"canary\"").Offered(snapshot, Hours(-1)));
        Assert.Equal(Decision.HeldRamp, Asking[0].Decide(snapshot, Sample.Now));
    }

    [Fact]
    public void Expedited_rollout_ignores_ramp_and_windows_but_no_freeze()
    {
        var document = RolloutSample.Ramping(change: rollout => rollout.Release!.Expedite = RolloutSample.Mark(Sample.Now, "hole in the kernel"));
        document.Spec!.Windows = [new WindowSpec { From = "00:00", To = "01:00" }];
        document.Spec.Freezes = [new FreezeSpec { From = "2026-03-02", To = "2026-03-02", Reason = "election" }];
        var snapshot = Sample.Snapshot(document);
        Assert.Equal("2.0", Asking[0].Offered(snapshot, Sample.Now));
        Assert.Equal(Decision.HeldFreeze, Asking[0].Decide(snapshot, Hours(13)));

        // Once it is recorded as complete, the history remembers.
        document.State!.Channels!["stable"].Rollouts = null;
        document.State.Channels["stable"].Targets![RolloutSample.Target].Add(new CompleteRelease { Version = "2.0", Digest = RolloutSample.DigestOf(document, "2.0"), At = Sample.Now, Expedite = RolloutSample.Mark(Sample.Now) });
        Assert.Equal("2.0", Asking[0].Offered(Sample.Snapshot(document), Sample.Now));
        document.State.Channels["stable"].Targets![RolloutSample.Target][^1].Expedite = null;
        Assert.Equal(Decision.HeldWindow, Asking[0].Decide(Sample.Snapshot(document), Sample.Now));
    }

    [Fact]
    public void Exposure_stands_still_on_a_server_that_has_no_word_from_its_store()
    {
        var limit = Hours(6);
        int Reached(DateTimeOffset at, DateTimeOffset known) => Asking.Count(asking => Sample.Version(asking.Of(Ramp(), at, known)) == "2.0");
        Assert.Equal(Reached(limit, DateTimeOffset.MaxValue), Reached(Hours(20), limit));
        Assert.Equal(Reached(limit, DateTimeOffset.MaxValue), Reached(Hours(10_000), limit));
        Assert.Equal(Nodes.Length, Reached(Hours(24), Hours(24)));
        Assert.Equal(0, Reached(Hours(20), Hours(-1)));
    }

    [Fact]
    public void Snapshot_from_disk_offers_no_release_that_is_being_rolled_out()
    {
        var editor = Ramp(rollout => rollout.Raised = new RaisedExposure { Percent = 99, At = Sample.Now }).Edit();
        editor.IsFromDisk = true;
        var fromDisk = editor.Build();
        Assert.Equal(0, Share(fromDisk, Hours(30)));
        Assert.Null(RolloutSample.Offered(fromDisk, Nodes[0], Hours(30), "installsource=\"ondemandupdate\""));
        Assert.Equal("1.0", Tests.Asking.Node(Nodes[0], "0.5").Offered(fromDisk, Hours(30)));

        editor = fromDisk.Edit();
        editor.IsFromDisk = false;
        Assert.Equal(1, Share(editor.Build(), Hours(30)));
    }

    [Fact]
    public void Rollout_that_is_complete_by_the_clock_is_what_the_channel_points_to_before_anyone_records_it()
    {
        var snapshot = Sample.Snapshot(RolloutSample.Ramping(version: "0.8", stable: ["0.9", "1.0"]));
        var old = Tests.Asking.Node(Nodes[0], "0.85");
        Assert.Equal("1.0", old.Offered(snapshot, Hours(23)));
        Assert.Equal(Decision.Current, old.Decide(snapshot, Hours(24)));
        Assert.Equal("0.8", Tests.Asking.Node(Nodes[0], "0.1").Offered(snapshot, Hours(24)));
    }

    [Fact]
    public void Version_prefix_reaches_a_rollout_only_when_that_is_complete()
    {
        var snapshot = Sample.Snapshot(RolloutSample.Ramping(version: "1.5", stable: ["0.9", "1.0", "1.9", "1.0"]));
        CheckOutcome Under(string prefix, double hours) => new Asking($"version=\"0.1\" board=\"amd64-usr\" machineid=\"{Nodes[0]}\"", $"targetversionprefix=\"{prefix}\"").Of(snapshot, Hours(hours));
        Assert.Equal(Decision.NoPrefixMatch, Under("1.5", 23).Decision);
        Assert.Equal("1.5", Sample.Version(Under("1.5", 24)));
        Assert.Equal("1.9", Sample.Version(Under("1", 24)));
        Assert.Equal("0.9", Sample.Version(Under("0", 24)));
    }

    [Fact]
    public void Poll_interval_brake_slows_down_and_never_speeds_up()
    {
        var document = Sample.App(stable: ["1.0"], alpha: ["1.0"]);
        document.Spec!.PollInterval = 3600;
        document.Spec.Channels!["alpha"].PollInterval = 14_400;
        document.Spec.Groups = new() { ["g"] = new() { Channel = "alpha", PollInterval = 600 } };
        var editor = Sample.Snapshot(document).Edit();
        editor.Brakes = new Brakes { PollInterval = new PollBrake { Seconds = 7200, At = Sample.Now } };
        var braked = editor.Build();

        int Poll(CatalogSnapshot snapshot, string track) => Sample.Check(snapshot, $"version=\"0.9\" board=\"amd64-usr\" track=\"{track}\"").PollInterval;
        Assert.Equal([7200, 14_400, 7200, 7200], ((string[])["stable", "alpha", "g", "nowhere"]).Select(track => Poll(braked, track)));
        Assert.Equal([3600, 14_400, 600, 0], ((string[])["stable", "alpha", "g", "nowhere"]).Select(track => Poll(Sample.Snapshot(document), track)));
    }

    /// <summary>Whatever happens to a rollout by its verbs, whoever was offered the release once is never told otherwise while it goes on.</summary>
    [Fact]
    public void Exposure_is_sticky_and_monotonic_through_pause_resume_and_restart() =>
        Gen.Select(Gen.Double[0.1, 40].Array[1, 6], Gen.Double[0, 20].Array[6], Gen.Int[1, 99].Array[6]).Sample((runs, pauses, raises) =>
        {
            var (at, elapsed, raised) = (0.0, 0.0, 0);
            var reached = new HashSet<int>();
            for (var i = 0; i < runs.Length; i++)
            {
                var (from, shown, floor) = (at, elapsed, raised);
                var snapshot = Ramp(state =>
                {
                    (state.Elapsed, state.Since) = (TimeSpan.FromHours(shown), Hours(from));
                    if (floor > 0) state.Raised = new RaisedExposure { Percent = floor, At = Sample.Now };
                });
                foreach (var part in (double[])[0, 0.5, 1])
                {
                    var now = Exposed(snapshot, Hours(at + (runs[i] * part)));
                    if (!reached.IsSubsetOf(now)) return false;
                    reached = now;
                }

                // The verbs: a pause of some hours, then an exposure that is raised.
                at += runs[i] + pauses[i];
                elapsed += runs[i];
                raised = Math.Max(raised, raises[i]);
            }

            return true;
        }, iter: 10);
}
