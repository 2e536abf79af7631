namespace Omaha.Catalog.Tests;

/// <summary>What the verbs on releases plan, and what they refuse.</summary>
public sealed class OperationsReleaseTests
{
    private const string Other = "v1:0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly Stamp Stamp = new(Sample.Now.AddHours(1), "operator");

    [Fact]
    public void New_releases_are_added_after_those_there_are()
    {
        var app = Sample.App(alpha: ["1.0"]);

        var plan = Planned(Add(app, Sample.Release("2.0"), Sample.Release("2.0", "any/arm64")));

        Assert.Equal([("2.0", "any/amd64", ReleaseChange.Added), ("2.0", "any/arm64", ReleaseChange.Added)], plan.Releases.Select(step => (step.Version, step.Target, step.Change)));
        Assert.Equal(ReleaseDigest.Of(Sample.Release("2.0")), plan.Releases[0].Digest);
        Assert.Equal(["1.0", "2.0", "2.0"], plan.Document!.Spec!.Releases!.Select(release => release.Version));
        Assert.Single(app.Spec!.Releases!);
        Assert.Empty(AppValidator.Check(plan.Document));
    }

    [Fact]
    public void The_same_content_added_again_changes_nothing()
    {
        var again = Sample.Release("1.0");
        again.Packages![0].Sha256 = again.Packages[0].Sha256!.ToUpperInvariant();
        again.Target = "any/x86_64";

        var plan = Planned(Add(Sample.App(alpha: ["1.0"]), again));

        Assert.Null(plan.Document);
        Assert.Equal(ReleaseChange.Unchanged, Assert.Single(plan.Releases).Change);
    }

    [Fact]
    public void The_same_content_at_another_place_is_kept_where_it_was_and_that_is_said()
    {
        var moved = Sample.Release("1.0");
        moved.Codebases = ["https://mirror.example.test/"];

        var plan = Planned(Add(Sample.App(alpha: ["1.0"]), moved));

        Assert.Null(plan.Document);
        Assert.Equal(["it keeps its codebases, https://dl.example.test/any/amd64/1.0/; omahactl release relocate {11112222-3333-4444-5555-666677778888} 1.0 changes them"], plan.Releases[0].Notes);
    }

    [Fact]
    public void Other_content_under_the_same_version_and_target_is_refused_with_both_digests_and_the_first_difference()
    {
        var app = Sample.App(alpha: ["1.0"]);
        var other = Sample.Release("1.0");
        other.Packages![0].Size = 1001;

        var fault = Assert.Single(Add(app, Sample.Release("2.0"), other).Faults);

        Assert.Equal("releases[1]", fault.Path);
        Assert.Equal(
            $"release 1.0 for any/amd64 has another content than the stored one: packages[0].size: 1000 -> 1001 (stored {ReleaseDigest.Of(Sample.Release("1.0"))}, given {ReleaseDigest.Of(other)}); a release never changes, only its codebases may, so publish the content under a new version",
            fault.Message);
    }

    [Fact]
    public void Every_fault_of_a_document_of_releases_is_named_where_it_is()
    {
        var bad = Sample.Release("1..2");
        bad.Packages![0].Size = 0;

        var faults = AddReleases.Plan(Sample.App(alpha: ["1.0"]), new ReleaseFile { App = "another", Releases = [Sample.Release("2.0"), bad] }).Faults;

        Assert.Equal(["app", "releases[1].version", "releases[1].packages[0].size"], faults.Select(fault => fault.Path));
        Assert.Equal("\"another\" is not the app that is asked to take the releases, {11112222-3333-4444-5555-666677778888}", faults[0].Message);
    }

    [Fact]
    public void An_empty_document_of_releases_is_refused()
    {
        Assert.Equal("releases: is missing or empty; a document of releases looks like {\"app\": \"…\", \"releases\": [{\"version\": \"…\", …}]}", Assert.Single(AddReleases.Plan(Sample.App(), new ReleaseFile()).Faults).ToString());
    }

    [Fact]
    public void A_release_given_twice_in_a_document_is_refused()
    {
        Assert.Contains("releases[1]: version \"2.0\" for any/amd64 is in the list already", Assert.Single(Add(Sample.App(), Sample.Release("2.0"), Sample.Release("2.0")).Faults).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9.9", null, "version", "has no release 9.9; it has 2.0, 1.0", true)]
    [InlineData(Other, null, "version", "has no release v1:00", true)]
    [InlineData("newest", null, "version", "\"newest\" is no version; write numbers joined by dots, such as 4081.3.1, or a digest", false)]
    [InlineData("1.0", "win/x86", "target", "has no release 1.0 for win/x86; it is there for any/amd64, any/arm64", true)]
    [InlineData("1.0", "amd64", "target", "\"amd64\" is no target", false)]
    public void A_release_that_does_not_exist_is_answered_with_those_that_do(string version, string? target, string path, string words, bool unknown)
    {
        var app = TwoTargets();
        foreach (var outcome in new[] { RemoveRelease.Plan(app, version, target), RelocateRelease.Plan(app, version, target, ["https://x/"]), BlockRelease.Block(app, version, target, "bad", Stamp), BlockRelease.Unblock(app, version, target, "good") })
        {
            Assert.Equal(unknown, outcome.IsUnknown);
            var fault = Assert.Single(outcome.Faults);
            Assert.Equal(path, fault.Path);
            Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(unknown, ReleaseList.Find(app, version, target).IsUnknown);
    }

    [Fact]
    public void An_app_without_releases_says_how_to_add_one()
    {
        Assert.EndsWith("it has none, so add one first: omahactl release add {11112222-3333-4444-5555-666677778888} VERSION", Assert.Single(RemoveRelease.Plan(Sample.App(), "1.0", null).Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Relocating_changes_the_codebases_and_nothing_else()
    {
        var app = TwoTargets();

        var plan = Planned(RelocateRelease.Plan(app, "1.0", "any/arm64", ["https://mirror.example.test/a/", "https://mirror.example.test/b/"]));

        var release = plan.Document!.Spec!.Releases!.Find(release => release is { Version: "1.0", Target: "any/arm64" })!;
        Assert.Equal(["https://mirror.example.test/a/", "https://mirror.example.test/b/"], release.Codebases);
        Assert.Equal(ReleaseDigest.Of(Sample.Release("1.0", "any/arm64")), ReleaseDigest.Of(release));
        Assert.Equal(["https://dl.example.test/any/arm64/1.0/ -> https://mirror.example.test/a/, https://mirror.example.test/b/"], Assert.Single(plan.Releases).Notes);
        Assert.Null(Planned(RelocateRelease.Plan(plan.Document, "1.0", "any/arm64", ["https://mirror.example.test/a/", "https://mirror.example.test/b/"])).Document);
    }

    [Fact]
    public void Relocating_wants_one_release_and_URLs_that_clients_can_use()
    {
        Assert.Equal("target: is missing: 1.0 is there for any/amd64, any/arm64, each with files of its own; name one of them", Assert.Single(RelocateRelease.Plan(TwoTargets(), "1.0", null, ["https://x/"]).Faults).ToString());
        Assert.Equal("codebases[0]: \"https://x\" must end with a slash: clients append the package name", Assert.Single(RelocateRelease.Plan(TwoTargets(), "2.0", null, ["https://x"]).Faults).ToString());
        Assert.StartsWith("codebases: is missing", Assert.Single(RelocateRelease.Plan(TwoTargets(), "2.0", null, []).Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_blocked_release_is_offered_nowhere_until_it_is_unblocked()
    {
        var app = Sample.App(alpha: ["1.0", "2.0"], beta: ["2.0"]);

        var blocked = Planned(BlockRelease.Block(app, "2.0", null, "does not boot", Stamp));

        Assert.Equal(
            [
                "channel alpha points to it: machines there are offered nothing for any/amd64 until the channel moves (omahactl channel revert {11112222-3333-4444-5555-666677778888} alpha)",
                "channel beta points to it: machines there are offered nothing for any/amd64 until the channel moves (omahactl channel revert {11112222-3333-4444-5555-666677778888} beta)",
            ],
            Assert.Single(blocked.Releases).Notes);
        Assert.Equal(Decision.Blocked, Sample.Check(Sample.Snapshot(blocked.Document!), "version=\"1.0\" track=\"beta\" board=\"amd64-usr\"").Decision);
        var mark = Assert.Single(blocked.Document!.State!.Blocks!).Value;
        Assert.Equal((Stamp.At, "operator", "does not boot"), (mark.At, mark.By, mark.Reason));

        var again = Planned(BlockRelease.Block(blocked.Document, "2.0", null, "other reason", Stamp));
        Assert.Null(again.Document);
        Assert.Equal(["it is blocked already, since 2026-03-01 13:00:00Z by operator: does not boot"], again.Releases[0].Notes);

        var unblocked = Planned(BlockRelease.Unblock(blocked.Document, "2.0", null, "it was the test rig"));
        Assert.Null(unblocked.Document!.State!.Blocks);
        Assert.Equal("2.0", Sample.Offered(Sample.Snapshot(unblocked.Document), "version=\"1.0\" track=\"beta\" board=\"amd64-usr\""));
        Assert.Equal(["it is not blocked"], Planned(BlockRelease.Unblock(unblocked.Document, "2.0", null, "again")).Releases[0].Notes);
    }

    [Fact]
    public void A_digest_names_one_release()
    {
        var plan = Planned(BlockRelease.Block(TwoTargets(), ReleaseDigest.Of(Sample.Release("1.0", "any/arm64")), null, "bad", Stamp));

        Assert.Equal("any/arm64", Assert.Single(plan.Releases).Target);
    }

    [Theory]
    [InlineData(null, "reason: is missing; say why, for those who look later")]
    [InlineData(" ", "reason: is empty; say why, for those who look later")]
    [InlineData("two\nlines", "reason: holds control characters, such as a line break; write one line of text")]
    public void Blocking_and_unblocking_want_a_reason(string? reason, string words)
    {
        Assert.Equal(words, Assert.Single(BlockRelease.Block(TwoTargets(), "1.0", null, reason, Stamp).Faults).ToString());
        Assert.Equal(words, Assert.Single(BlockRelease.Unblock(TwoTargets(), "1.0", null, reason).Faults).ToString());
    }

    [Fact]
    public void A_release_that_no_channel_offered_can_be_removed()
    {
        var plan = Planned(RemoveRelease.Plan(TwoTargets(), "2.0", null));

        Assert.Equal(ReleaseChange.Removed, Assert.Single(plan.Releases).Change);
        Assert.Equal(["1.0", "1.0"], plan.Document!.Spec!.Releases!.Select(release => release.Version));
    }

    [Fact]
    public void A_release_that_a_channel_ever_offered_cannot_be_removed()
    {
        var outcome = RemoveRelease.Plan(Sample.App(alpha: ["1.0", "2.0"], beta: ["1.0"]), "1.0", null);

        Assert.Equal("version: 1.0 for any/amd64 cannot be removed: channels alpha, beta offered it, and what a channel ever offered stays, so that its history can be told; omahactl release block keeps it from being offered", Assert.Single(outcome.Faults).ToString());
    }

    [Fact]
    public void The_block_of_a_removed_release_stays_and_can_be_ended_by_its_digest()
    {
        var digest = ReleaseDigest.Of(Sample.Release("2.0"));
        var app = Planned(BlockRelease.Block(TwoTargets(), "2.0", null, "bad", Stamp)).Document!;

        var removed = Planned(RemoveRelease.Plan(app, "2.0", null));
        Assert.Equal(["its block stays, should it be added again"], removed.Releases[0].Notes);
        var added = Planned(Add(removed.Document!, Sample.Release("2.0")));
        Assert.Equal(["it is blocked, since 2026-03-01 13:00:00Z by operator: bad; omahactl release unblock ends that"], added.Releases[0].Notes);
        var unblocked = Planned(BlockRelease.Unblock(removed.Document!, digest, null, "gone anyway"));
        Assert.Equal((null, digest, ReleaseChange.Unblocked), (unblocked.Releases[0].Version, unblocked.Releases[0].Name, unblocked.Releases[0].Change));
        Assert.Null(unblocked.Document!.State!.Blocks);
    }

    [Fact]
    public void The_list_shows_the_newest_first_and_where_each_is_and_was()
    {
        var app = Sample.App(alpha: ["1.0", "10.0", "9.0"], beta: ["1.0"]);
        app.State!.Channels!["alpha"].Targets!["any/amd64"][1].At = Sample.Now.AddDays(1);
        app.State.Channels["alpha"].Targets!["any/amd64"][2].At = Sample.Now.AddDays(2);

        var list = ReleaseList.Of(app).Plan!;

        Assert.Equal(["10.0", "9.0", "1.0"], list.Select(view => view.Release.Version));
        Assert.Equal([("alpha", Sample.Now.AddDays(1), Sample.Now.AddDays(2))], list[0].Places.Select(place => (place.Channel, place.At, place.Until!.Value)));
        Assert.Null(Assert.Single(list[1].Places).Until);
        Assert.Equal([("alpha", Sample.Now.AddDays(1)), ("beta", null)], list[2].Places.Select(place => (place.Channel, place.Until)));
    }

    [Fact]
    public void A_document_with_faults_or_with_unknown_requirements_is_left_alone()
    {
        var faulty = Sample.App(alpha: ["1.0"]);
        faulty.Spec!.PollInterval = 1;
        var newer = Sample.App(alpha: ["1.0"]);
        newer.Requires = ["time-travel"];
        foreach (var (app, words) in new[] { (faulty, "spec.pollInterval: 1 is out of range"), (newer, "\"time-travel\" is not known") })
        {
            foreach (var outcome in new[] { Add(app, Sample.Release("3.0")), RemoveRelease.Plan(app, "1.0", null), RelocateRelease.Plan(app, "1.0", null, ["https://x/"]), BlockRelease.Block(app, "1.0", null, "bad", Stamp), BlockRelease.Unblock(app, "1.0", null, "good") })
            {
                Assert.Contains(words, Assert.Single(outcome.Faults).ToString(), StringComparison.Ordinal);
            }
        }
    }

    /// <summary>1.0 for amd64 and arm64, both complete on alpha, and 2.0 for amd64, which is on no channel.</summary>
    private static AppDocument TwoTargets()
    {
        var app = Sample.App(alpha: ["1.0"]);
        var arm = Sample.Release("1.0", "any/arm64");
        app.Spec!.Releases!.AddRange([arm, Sample.Release("2.0")]);
        app.State!.Channels!["alpha"].Targets!["any/arm64"] = [Sample.Complete(arm)];
        return app;
    }

    private static Outcome<ReleasePlan> Add(AppDocument app, params ReleaseSpec[] releases) => AddReleases.Plan(app, new ReleaseFile { Releases = [.. releases] });

    private static ReleasePlan Planned(Outcome<ReleasePlan> outcome)
    {
        Assert.Empty(outcome.Faults);
        return outcome.Plan!;
    }
}
