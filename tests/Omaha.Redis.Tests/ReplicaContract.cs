using Omaha.Catalog;
using Omaha.Testing;

namespace Omaha.Redis.Tests;

/// <summary>What a replica does, on every server that can be the store.</summary>
public abstract class ReplicaContract
{
    [Fact]
    public async Task A_replica_loads_what_is_there()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var version = await scene.WriteAsync(Scene.App("{A}"), Scene.App("b", marked: true));

        var replica = await scene.FollowerAsync();

        Assert.Equal(version, replica.Current.Version);
        Assert.Equal(2, replica.Current.AppCount);
        Assert.Equal(AppStanding.Served, replica.StandingOf("a"));
        Assert.True(replica.IsMarked("b"));
        var status = replica.Status;
        Assert.True(status.HasCatalog);
        Assert.True(status.Connected);
        Assert.Equal(version, status.Version);
        Assert.Equal(version, status.StoreVersion);
        Assert.NotNull(status.Confirmed);
        Assert.Equal((2, 1, 0), (status.Apps, status.FullLoads, status.Increments));
    }

    [Fact]
    public async Task An_epoch_without_apps_is_a_catalogue()
    {
        await using var scene = await Scene.InitializedAsync(Server());

        var replica = await scene.FollowerAsync();

        Assert.True(replica.Status.HasCatalog);
        Assert.Equal(0, replica.Current.AppCount);
    }

    [Fact]
    public async Task A_store_without_an_epoch_is_none_until_it_is_initialized()
    {
        await using var scene = await Scene.NewAsync(Server());
        var replica = await scene.ReplicaAsync();

        await replica.UntilAsync(ReplicaState.Lost);
        Assert.False(replica.Status.HasCatalog);

        await scene.Store.InitializeAsync();
        await replica.UntilAsync(ReplicaState.Following);
        Assert.True(replica.Status.HasCatalog);
    }

    [Fact]
    public async Task Changes_and_deletions_arrive_as_increments()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"), Scene.App("b"), Scene.App("c"));
        var replica = await scene.FollowerAsync();
        var untouched = replica.Find("c");

        await scene.WriteAsync(Scene.App("a", marked: true), Scene.App("d"));
        await replica.UntilAsync(await scene.DeleteAsync("b"));

        Assert.True(replica.IsMarked("a"));
        Assert.NotNull(replica.Find("d"));
        Assert.Null(replica.Find("b"));
        Assert.Same(untouched, replica.Find("c"));
        Assert.Equal(1, replica.Status.FullLoads);
        Assert.InRange(replica.Status.Increments, 1, 2);
    }

    [Fact]
    public async Task A_catalogue_can_be_emptied()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        var replica = await scene.FollowerAsync();

        await replica.UntilAsync(await scene.DeleteAsync("a"));

        Assert.Equal(0, replica.Current.AppCount);
    }

    [Fact]
    public async Task A_hint_is_heard_long_before_the_next_poll()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var replica = await scene.FollowerAsync(poll: TimeSpan.FromMinutes(1));

        await replica.UntilAsync(await scene.WriteAsync(Scene.App("a")));
        await replica.UntilAsync(await scene.WriteAsync(Scene.App("b")));
        Assert.True(replica.Status.HearsHints);
    }

    [Fact]
    public async Task Hints_are_heard_by_a_replica_that_started_before_the_store()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.Server.KillAsync();
        var replica = await scene.ReplicaAsync(poll: TimeSpan.FromMinutes(1));
        await replica.UntilAsync(ReplicaState.Unreachable);

        await scene.Server.StartAsync();
        await replica.UntilAsync(ReplicaState.Following);
        await scene.ConnectAsync();
        await replica.UntilAsync(await scene.WriteAsync(Scene.App("a")));
    }

    [Fact]
    public async Task Without_hints_polling_finds_every_change()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var replica = await scene.FollowerAsync(settings: ",channelPrefix=deaf:");

        await replica.UntilAsync(await scene.WriteAsync(Scene.App("a")));
        await replica.UntilAsync(await scene.WriteAsync(Scene.App("b")));
    }

    [Fact]
    public async Task A_replica_started_while_the_store_is_away_follows_once_it_is_there()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        await scene.Server.KillAsync();
        var replica = await scene.ReplicaAsync();

        await replica.UntilAsync(ReplicaState.Unreachable);
        Assert.False(replica.Status.HasCatalog);

        await scene.Server.StartAsync();
        await replica.UntilAsync(ReplicaState.Following);
        Assert.NotNull(replica.Find("a"));
    }

    [Fact]
    public async Task Answers_stay_while_the_store_is_away_and_the_next_change_arrives()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var version = await scene.WriteAsync(Scene.App("a"));
        var replica = await scene.FollowerAsync();

        await scene.Server.KillAsync();
        await replica.UntilAsync(ReplicaState.Unreachable);
        Assert.NotNull(replica.Find("a"));
        Assert.True(replica.Status.HasCatalog);
        Assert.Equal(version, replica.Status.Version);

        await scene.Server.StartAsync();
        await scene.ConnectAsync();
        await replica.UntilAsync(await scene.WriteAsync(Scene.App("b")));
        Assert.Equal(1, replica.Status.FullLoads);
    }

    [Fact]
    public async Task Answers_stay_when_the_store_comes_back_empty()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var version = await scene.WriteAsync(Scene.App("a"));
        var replica = await scene.FollowerAsync();

        await scene.Server.RestartEmptyAsync();

        await replica.UntilAsync(ReplicaState.Lost);
        Assert.NotNull(replica.Find("a"));
        Assert.Equal(version, replica.Status.Version);
        Assert.True(replica.Status.StoreVersion.IsNone);
        Assert.Contains("store accept", replica.Status.Message);
    }

    [Fact]
    public async Task A_new_epoch_is_an_alarm_until_it_is_accepted()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var held = await scene.WriteAsync(Scene.App("a"));
        var replica = await scene.FollowerAsync();
        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();

        await scene.Store.InitializeAsync();
        var version = await scene.WriteAsync(Scene.App("b"));
        await replica.UntilAsync(it => it.Status.State == ReplicaState.Diverged && it.Status.StoreVersion == version);
        Assert.NotNull(replica.Find("a"));
        Assert.Null(replica.Find("b"));
        Assert.Equal($"The store is at epoch {version.Epoch} revision 1, this server holds epoch {held.Epoch} revision 1: answering from the last good catalogue. Check the store, then run `omahactl store accept`.", replica.Status.Message);

        await scene.Store.AcceptAsync();
        await replica.UntilAsync(version);
        Assert.Null(replica.Find("a"));
        Assert.NotNull(replica.Find("b"));

        await replica.UntilAsync(await scene.WriteAsync(Scene.App("c")));
    }

    [Fact]
    public async Task An_acceptance_is_for_the_store_and_the_alarm_that_it_was_given_to()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.Store.AcceptAsync();
        await scene.WriteAsync(Scene.App("a"));
        var replica = await scene.FollowerAsync();

        // This alarm begins with a store that was accepted by another generation of servers.
        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await replica.UntilAsync(ReplicaState.Lost);
        await (await scene.RawAsync()).StringSetAsync(CatalogKeys.Accepted, "long-ago");
        await scene.Store.InitializeAsync();
        await replica.UntilAsync(ReplicaState.Diverged);

        // The store changes once more, and has another acceptance of another time.
        await (await scene.RawAsync()).StringSetAsync([new(CatalogKeys.Head, "other-epoch:7:change"), new(CatalogKeys.Accepted, "some-time")]);
        await replica.UntilAsync(it => it.Status.StoreVersion.Epoch == "other-epoch");
        await replica.OnceMoreAsync();
        Assert.Equal(ReplicaState.Diverged, replica.Status.State);
        Assert.NotNull(replica.Find("a"));

        await scene.Store.AcceptAsync();
        await replica.UntilAsync(ReplicaState.Following);
        Assert.Equal("other-epoch", replica.Current.Version.Epoch);
    }

    [Fact]
    public async Task A_backup_that_is_more_than_ten_changes_old_is_an_alarm()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        var backup = await scene.Server.BackUpAsync();
        await scene.ConnectAsync();
        for (var i = 0; i <= CatalogReplica.FailOverDepth; i++) await scene.WriteAsync(Scene.App($"later-{i}"));
        var replica = await scene.FollowerAsync();

        await scene.Server.RestoreAsync(backup);
        await replica.UntilAsync(ReplicaState.Diverged);
        Assert.Equal(12, replica.Current.AppCount);

        // The alarm stays when the other history catches up with ours.
        await scene.ConnectAsync();
        for (var i = 0; i < 20; i++) await scene.WriteAsync(Scene.App("other"));
        await replica.UntilAsync(it => it.Status.StoreVersion.Revision == 21);
        Assert.Equal(ReplicaState.Diverged, replica.Status.State);

        await scene.Store.AcceptAsync();
        await replica.UntilAsync(ReplicaState.Following);
        Assert.Equal(2, replica.Current.AppCount);
    }

    [Fact]
    public async Task A_fail_over_that_lost_the_last_ten_changes_is_followed()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var old = await scene.WriteAsync(Scene.App("a"));
        var backup = await scene.Server.BackUpAsync();
        await scene.ConnectAsync();
        for (var i = 0; i < CatalogReplica.FailOverDepth; i++) await scene.WriteAsync(Scene.App($"later-{i}"));
        var replica = await scene.FollowerAsync();

        await scene.Server.RestoreAsync(backup);

        await replica.UntilAsync(old);
        Assert.Equal(1, replica.Current.AppCount);
        Assert.Equal(2, replica.Status.FullLoads);
    }

    [Fact]
    public async Task A_history_that_forked_at_the_same_revision_is_followed()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        var backup = await scene.Server.BackUpAsync();
        await scene.ConnectAsync();
        var ours = await scene.WriteAsync(Scene.App("ours"));

        // Whether the replica sees the fork's beginning or only where it leads, its own change is gone.
        var replica = await scene.FollowerAsync();
        await scene.Server.KillAsync();
        await replica.UntilAsync(ReplicaState.Unreachable);
        await scene.Server.RestoreAsync(backup);
        await scene.ConnectAsync();
        var theirs = await scene.WriteAsync(Scene.App("theirs"));

        Assert.Equal(ours.Revision, theirs.Revision);
        await replica.UntilAsync(theirs);
        Assert.Null(replica.Find("ours"));
        Assert.NotNull(replica.Find("theirs"));
    }

    [Fact]
    public async Task An_alarm_ends_when_the_store_is_as_it_was()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var version = await scene.WriteAsync(Scene.App("a"));
        var good = await scene.Server.BackUpAsync();
        await scene.ConnectAsync();
        var replica = await scene.FollowerAsync();
        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await scene.Store.InitializeAsync();
        await scene.BrakeAsync(Braked);
        await replica.UntilAsync(it => it.Status.State == ReplicaState.Diverged && it.Current.Brakes.PauseAll is not null);

        await scene.Server.RestoreAsync(good);

        await replica.UntilAsync(version);
        Assert.Null(replica.Current.Brakes.PauseAll);
        Assert.Equal(1, replica.Status.FullLoads);
    }

    [Fact]
    public async Task An_alarm_ends_when_the_store_goes_on_from_where_we_were()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        var good = await scene.Server.BackUpAsync();
        var replica = await scene.FollowerAsync();
        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await scene.Store.InitializeAsync();
        await replica.UntilAsync(ReplicaState.Diverged);

        await scene.Server.RestoreAsync(good);
        await scene.ConnectAsync();

        await replica.UntilAsync(await scene.WriteAsync(Scene.App("b")));
        Assert.Equal(2, replica.Current.AppCount);
    }

    [Fact]
    public async Task Brakes_hold_at_once_and_are_lifted()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var replica = await scene.FollowerAsync();

        await replica.UntilAsync(await scene.BrakeAsync(Braked));
        Assert.Equal("someone", replica.Current.Brakes.PauseAll?.By);

        await replica.UntilAsync(await scene.BrakeAsync(Brakes.None));
        Assert.Null(replica.Current.Brakes.PauseAll);
    }

    [Fact]
    public async Task Brakes_hold_although_no_app_can_be_loaded()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var raw = await scene.RawAsync();
        await raw.StringSetAsync(CatalogKeys.Apps, "no sorted set");
        await raw.StringSetAsync(CatalogKeys.Brakes, DocumentJson.Write(Braked));

        var replica = await scene.ReplicaAsync();
        await replica.UntilAsync(it => it.Current.Brakes.PauseAll is not null && it.Status.State == ReplicaState.Unreachable);
        Assert.False(replica.Status.HasCatalog);

        await raw.KeyDeleteAsync([CatalogKeys.Apps, CatalogKeys.Brakes]);
        await replica.UntilAsync(ReplicaState.Following);
        Assert.Null(replica.Current.Brakes.PauseAll);
    }

    [Fact]
    public async Task Brakes_hold_and_are_lifted_while_a_document_is_faulty()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.FaultyApp("a"));
        var replica = await scene.FollowerAsync();

        await replica.UntilAsync(await scene.BrakeAsync(Braked));
        Assert.NotNull(replica.Current.Brakes.PauseAll);

        await replica.UntilAsync(await scene.BrakeAsync(Brakes.None));
        Assert.Null(replica.Current.Brakes.PauseAll);
        Assert.Equal(1, replica.Status.FaultyApps);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("{\"pollInterval\":{\"seconds\":5}}")]
    [InlineData("{\"handbrake\":true}")]
    public async Task Brakes_that_cannot_be_read_hold_everything_and_are_reported(string stored)
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var replica = await scene.FollowerAsync();
        var raw = await scene.RawAsync();

        await raw.StringSetAsync(CatalogKeys.Brakes, stored);
        await replica.UntilAsync(it => it.Current.Brakes.PauseAll is not null);
        await replica.UntilAsync(it => it.Status.StoreFault?.Path == "brakes");
        Assert.Equal(StoreHead.UnreadableBrakes, replica.Current.Brakes.PauseAll!.By);

        await raw.KeyDeleteAsync(CatalogKeys.Brakes);
        await replica.UntilAsync(it => it.Status.StoreFault is null);
        Assert.Null(replica.Current.Brakes.PauseAll);
    }

    [Fact]
    public async Task Of_two_histories_the_brakes_of_both_hold()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.BrakeAsync(Braked);
        var replica = await scene.FollowerAsync();

        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await scene.Store.InitializeAsync();
        await replica.UntilAsync(ReplicaState.Diverged);
        Assert.Equal("someone", replica.Current.Brakes.PauseAll?.By);

        await scene.Store.AcceptAsync();
        await replica.UntilAsync(ReplicaState.Following);
        Assert.Null(replica.Current.Brakes.PauseAll);
    }

    [Fact]
    public async Task A_brake_put_on_a_store_that_is_not_followed_holds_until_it_is_lifted_there()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var replica = await scene.FollowerAsync();
        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await scene.Store.InitializeAsync();

        await scene.BrakeAsync(Braked);
        await replica.UntilAsync(it => it.Current.Brakes.PauseAll is not null);
        await scene.BrakeAsync(Brakes.None);
        await replica.UntilAsync(it => it.Current.Brakes.PauseAll is null);

        Assert.Equal(ReplicaState.Diverged, replica.Status.State);
    }

    [Fact]
    public async Task A_faulty_document_keeps_its_last_good_form_and_the_others_advance()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"), Scene.App("b"));
        var replica = await scene.FollowerAsync();

        await replica.UntilAsync(await scene.WriteAsync(Scene.FaultyApp("a"), Scene.App("b", marked: true), Scene.FaultyApp("new")));

        Assert.Equal(AppStanding.Served, replica.StandingOf("a"));
        Assert.True(replica.IsMarked("b"));
        Assert.Equal(AppStanding.Unreadable, replica.StandingOf("new"));
        Assert.Equal(2, replica.Status.FaultyApps);
        Assert.Equal(["a", "new"], replica.Status.Faulty.Select(app => app.Id));
        Assert.Contains("spec: is missing", replica.Status.Faulty[0].Reason);

        await replica.UntilAsync(await scene.WriteAsync(Scene.App("a", marked: true), Scene.App("new")));
        Assert.True(replica.IsMarked("a"));
        Assert.Equal(AppStanding.Served, replica.StandingOf("new"));
        Assert.Equal(0, replica.Status.FaultyApps);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"app": "b", "spec": {}}""")]
    [InlineData("""{"app": "a", "spec": {}, "state": {"channels": {"\ud800": null}}}""")]
    [InlineData("""{"app": "a", "spec": {}, "requires": [null]}""")]
    public async Task Whatever_a_document_holds_the_others_are_served(string json)
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"), Scene.App("b"));
        await (await scene.RawAsync()).StringSetAsync(CatalogKeys.App("a"), json);

        var replica = await scene.FollowerAsync();

        Assert.Equal(AppStanding.Unreadable, replica.StandingOf("a"));
        Assert.Equal(AppStanding.Served, replica.StandingOf("b"));
        Assert.Equal(["a"], replica.Status.Faulty.Select(app => app.Id));
    }

    [Fact]
    public async Task A_full_load_keeps_the_last_good_form_of_a_document_that_is_missing()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var version = await scene.WriteAsync(Scene.App("a"), Scene.App("b"));
        var replica = await scene.FollowerAsync();
        var raw = await scene.RawAsync();

        await raw.KeyDeleteAsync(CatalogKeys.App("a"));
        await raw.SortedSetAddAsync(CatalogKeys.Apps, "{not-normalised}", 0);
        await raw.StringSetAsync(CatalogKeys.Head, (version with { ChangeId = "forked" }).ToString());
        await replica.UntilAsync(it => it.Current.Version.ChangeId == "forked");

        Assert.Equal(AppStanding.Served, replica.StandingOf("a"));
        Assert.Equal(2, replica.Current.AppCount);
        Assert.Equal(["a", "{not-normalised}"], replica.Status.Faulty.Select(app => app.Id));
        Assert.Contains("missing", replica.Status.Faulty[0].Reason);
    }

    [Fact]
    public async Task At_most_100_faulty_apps_are_listed_and_all_are_counted()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync([.. Enumerable.Range(0, 150).Select(i => Scene.FaultyApp($"app-{i:000}"))]);

        var replica = await scene.FollowerAsync();

        Assert.Equal(150, replica.Status.FaultyApps);
        Assert.Equal(ReplicaStatus.MaxListed, replica.Status.Faulty.Count);
    }

    [Theory]
    [InlineData("""{"app": "a", "requires": ["time-travel"], "spec": {"channels": {"stable": {}}}}""")]
    [InlineData("""{"app": "a", "requires": ["time-travel"], "keyOfALaterVersion": {}, "spec": {"alsoNew": 1}}""")]
    [InlineData("""{"app": "a", "requires": ["time-travel"], "spec": ["another shape altogether"]}""")]
    public async Task A_document_that_requires_an_unknown_feature_is_not_served_and_not_faulty(string json)
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"), Scene.App("b"));
        await (await scene.RawAsync()).StringSetAsync(CatalogKeys.App("a"), json);

        var replica = await scene.FollowerAsync();

        Assert.Equal(AppStanding.Unsupported, replica.StandingOf("a"));
        Assert.Equal(AppStanding.Served, replica.StandingOf("b"));
        Assert.Equal((0, 1), (replica.Status.FaultyApps, replica.Status.UnsupportedApps));
        Assert.Equal(new ContainedApp("a", "requires time-travel, which this version does not know"), Assert.Single(replica.Status.Unsupported));

        await replica.UntilAsync(await scene.WriteAsync(Scene.App("a")));
        Assert.Equal(AppStanding.Served, replica.StandingOf("a"));
        Assert.Equal(0, replica.Status.UnsupportedApps);
    }

    [Fact]
    public async Task A_catalogue_of_many_pages_is_loaded_whole()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        foreach (var some in Enumerable.Range(0, 1201).Chunk(CatalogChange.MaxApps)) await scene.WriteAsync([.. some.Select(i => Scene.App($"app-{i}"))]);

        var replica = await scene.FollowerAsync();

        Assert.Equal(1201, replica.Current.AppCount);
        Assert.NotNull(replica.Find("app-1200"));
    }

    [Fact]
    public async Task A_replica_that_the_log_has_forgotten_loads_everything()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        var replica = await scene.FollowerAsync();
        await scene.Server.KillAsync();
        await replica.UntilAsync(ReplicaState.Unreachable);

        // The replica comes back at some moment from here on, and may see each of the three changes or only the last.
        await scene.Server.StartAsync();
        await scene.ConnectAsync();
        await (await scene.RawAsync()).KeyDeleteAsync(CatalogKeys.Changes);
        await scene.DeleteAsync("a");
        var version = await scene.WriteAsync(Scene.App("b"));

        await replica.UntilAsync(version);
        Assert.Null(replica.Find("a"));
        Assert.NotNull(replica.Find("b"));
        Assert.Equal(2, replica.Status.FullLoads);
    }

    [Fact]
    public async Task Apps_that_change_together_are_seen_together()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"), Scene.App("b"));
        var replica = await scene.FollowerAsync();
        using var done = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            for (; !done.IsCancellationRequested; await Task.Yield())
            {
                var now = replica.Current;
                Assert.Equal(now.Find("a"u8)!.CountedByName, now.Find("b"u8)!.CountedByName);
            }
        });

        var version = StoreVersion.None;
        for (var i = 0; i < 300; i++)
        {
            version = await scene.WriteAsync(Scene.App("a", i % 2 == 0), Scene.App("b", i % 2 == 0), Scene.App($"other-{i}"));
            if (i % 10 == 0) await replica.UntilAsync(version);
        }

        await replica.UntilAsync(version);
        await done.CancelAsync();
        await watching;
        Assert.Equal(302, replica.Current.AppCount);
    }

    [Fact]
    public async Task A_replica_advances_while_the_writing_goes_on()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var replica = await scene.FollowerAsync();

        var version = await scene.WriteAsync(Scene.App("first"));
        for (var i = 0; replica.Current.Version.Revision == 0; i++)
        {
            Assert.True(i < 10_000, "The replica waits for the writer to pause.");
            var result = await scene.Store.WriteAsync(new CatalogChange { Expected = version, Written = [Scene.App($"app-{i}")] });
            version = result.Version;
        }

        await replica.UntilAsync(version);
        Assert.Equal(version.Revision, replica.Current.AppCount);
    }

    [Fact]
    public async Task Each_change_of_state_is_one_log_line_and_polls_are_none()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var log = new LogLines();
        var replica = await scene.ReplicaAsync(log: log);
        await replica.UntilAsync(ReplicaState.Following);
        for (var i = 0; i < 5; i++) await replica.OnceMoreAsync();
        await scene.Server.RestartEmptyAsync();
        await replica.UntilAsync(ReplicaState.Lost);
        for (var i = 0; i < 5; i++) await replica.OnceMoreAsync();

        Assert.StartsWith("The replica is Following.", log.All[0]);
        Assert.StartsWith("The replica is Unreachable.", log.All[1]);
        Assert.StartsWith("The replica is Lost.", log.All[2]);
        Assert.Equal(3, log.All.Length);
    }

    [Fact]
    public async Task What_the_store_holds_cannot_write_lines_into_the_log()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        var raw = await scene.RawAsync();
        await raw.StringSetAsync(CatalogKeys.App("a"), $$"""{"app": "x\r\n{{new string('x', 5000)}}", "requires": ["x\u001b[2J\n\u2028fake line"], "spec": {} }""");
        await raw.StringSetAsync(CatalogKeys.Brakes, "{\"x\\nfake line\": 1}");
        var log = new LogLines();

        var replica = await scene.ReplicaAsync(log: log);
        await replica.UntilAsync(ReplicaState.Following);

        Assert.NotEmpty(log.All);
        Assert.All(log.All, line => Assert.DoesNotContain(line, character => char.IsControl(character) || character == '\u2028'));
        Assert.All(log.All, line => Assert.InRange(line.Length, 1, 1200));
    }

    [Fact]
    public async Task The_snapshot_stays_the_same_object_while_nothing_changes()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.BrakeAsync(Braked);
        var replica = await scene.FollowerAsync();
        var snapshot = replica.Current;

        for (var i = 0; i < 3; i++) await replica.OnceMoreAsync();

        Assert.Same(snapshot, replica.Current);
    }

    /// <summary>A server that was not started yet; skips the test where there is none.</summary>
    protected abstract StoreFixture Server();

    private static Brakes Braked => new() { PauseAll = new Mark { By = "someone", Reason = "a test" } };
}

public sealed class ReplicaOnGarnet : ReplicaContract
{
    protected override StoreFixture Server() => new GarnetInProcess();
}

public sealed class ReplicaOnRedis : ReplicaContract
{
    [Fact]
    public async Task An_account_that_may_only_read_the_catalogue_is_enough()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        await AllowAsync(scene, "reader", "~{omaha}:*", "&omaha:changes", "+@read", "+ping", "+echo", "+subscribe");

        var replica = await scene.FollowerAsync(settings: ",user=reader,password=secret");
        await replica.UntilAsync(await scene.WriteAsync(Scene.App("b")));
        await replica.UntilAsync(it => it.Status.HearsHints);
    }

    [Fact]
    public async Task An_account_that_may_not_hear_hints_is_told_of_and_follows_by_polling()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await AllowAsync(scene, "deaf", "~{omaha}:*", "+@read", "+ping", "+echo");

        var replica = await scene.FollowerAsync(settings: ",user=deaf,password=secret");
        await replica.UntilAsync(await scene.WriteAsync(Scene.App("a")));
        Assert.False(replica.Status.HearsHints);
    }

    [Fact]
    public async Task An_account_that_may_not_read_is_told_why()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await AllowAsync(scene, "blind", "~other", "+@read", "+ping", "+echo");

        var replica = await scene.ReplicaAsync(settings: ",user=blind,password=secret");
        await replica.UntilAsync(it => it.Status.State == ReplicaState.Unreachable && it.Status.Message.Contains("NOPERM", StringComparison.Ordinal));
    }

    private static async Task AllowAsync(Scene scene, string user, params string[] rules)
    {
        await using var admin = new StoreConnection(new RedisOptions { Configuration = scene.Server.Configuration + ",allowAdmin=true" });
        await (await admin.DatabaseAsync()).ExecuteAsync("ACL", ["SETUSER", user, "on", ">secret", .. rules]);
    }

    protected override StoreFixture Server()
    {
        Assert.SkipWhen(RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");
        return new RedisServerProcess();
    }
}
