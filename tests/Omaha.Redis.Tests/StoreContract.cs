using Omaha.Catalog;
using Omaha.Testing;
using StackExchange.Redis;

namespace Omaha.Redis.Tests;

/// <summary>What the store has to do, on every server that can be one.</summary>
public abstract class StoreContract
{
    [Fact]
    public async Task A_new_store_has_no_version_and_no_brakes()
    {
        await using var scene = await Scene.NewAsync(Server());

        var head = await scene.Store.ReadHeadAsync();

        Assert.True(head.Version.IsNone);
        Assert.Null(head.Brakes.PauseAll);
        Assert.Null(head.Acceptance);
        Assert.Null(head.Fault);
    }

    [Fact]
    public async Task Version_and_brakes_are_read_as_they_were_at_one_moment()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var first = (await scene.Store.ReadHeadAsync()).Version.Revision;
        var last = first + 300;
        var connections = Enumerable.Range(0, 3).Select(_ => scene.NewConnection()).ToList();

        using var over = new CancellationTokenSource();
        var readers = connections.Select(connection => Task.Run(async () =>
        {
            var store = new CatalogStore(connection);
            while (!over.IsCancellationRequested && await store.ReadHeadAsync() is var head && head.Version.Revision < last)
            {
                if (head.Version.Revision > first) Assert.Equal($"{head.Version.Revision}", head.Brakes.PauseAll?.By);
            }
        })).ToList();
        try
        {
            for (var revision = first + 1; revision <= last; revision++) await scene.BrakeAsync(new Brakes { PauseAll = new Mark { By = $"{revision}" } });
        }
        catch
        {
            await over.CancelAsync();
            throw;
        }

        await Task.WhenAll(readers);
        foreach (var connection in connections) await connection.DisposeAsync();
    }

    [Fact]
    public async Task An_epoch_is_begun_once_whoever_races()
    {
        await using var scene = await Scene.NewAsync(Server());

        var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.Store.InitializeAsync()));

        Assert.Single(versions.Distinct());
        Assert.Equal(0, versions[0].Revision);
        Assert.Equal(16, versions[0].Epoch.Length);
        Assert.Equal(versions[0], (await scene.Store.ReadHeadAsync()).Version);
    }

    [Fact]
    public async Task Initializing_a_store_that_has_changes_changes_nothing()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var version = await scene.WriteAsync(Scene.App("a"));

        Assert.Equal(version, await scene.Store.InitializeAsync());
        Assert.NotNull(await scene.Store.ReadAppAsync("a"));
    }

    [Fact]
    public async Task Apps_without_an_epoch_stay_when_one_is_begun()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        await (await scene.RawAsync()).KeyDeleteAsync(CatalogKeys.Head);

        var begun = await scene.Store.InitializeAsync();
        var written = await scene.WriteAsync(Scene.App("b"));

        Assert.Equal(["a", "b"], await IdsAsync(scene));
        Assert.Equal(["b"], (await scene.Store.ReadChangesAsync(begun, written))!.Written);
    }

    [Fact]
    public async Task A_written_app_is_read_back_by_any_spelling_of_its_id()
    {
        await using var scene = await Scene.InitializedAsync(Server());

        var version = await scene.WriteAsync(Scene.App("{AA-1}"));

        Assert.Equal(1, version.Revision);
        Assert.Equal(DocumentJson.Write(Scene.App("{AA-1}")), await scene.Store.ReadAppAsync(" {aA-1} "));
        Assert.Equal(["aa-1"], await IdsAsync(scene));
        Assert.Null(await scene.Store.ReadAppAsync("other"));
        Assert.Null(await scene.Store.ReadPreviousAsync("aa-1"));
    }

    [Fact]
    public async Task The_previous_form_of_an_app_is_kept_also_when_it_is_deleted()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"), Scene.App("b"));
        await scene.WriteAsync(Scene.App("a", marked: true));
        await scene.DeleteAsync("B", "never-was");

        Assert.Equal(DocumentJson.Write(Scene.App("a")), await scene.Store.ReadPreviousAsync("a"));
        Assert.Equal(DocumentJson.Write(Scene.App("b")), await scene.Store.ReadPreviousAsync("b"));
        Assert.Null(await scene.Store.ReadAppAsync("b"));
        Assert.Equal(["a"], await IdsAsync(scene));
    }

    [Fact]
    public async Task A_change_decided_on_an_older_state_is_a_conflict_and_changes_nothing()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var old = (await scene.Store.ReadHeadAsync()).Version;
        var actual = await scene.WriteAsync(Scene.App("a"));

        var result = await scene.Store.WriteAsync(new CatalogChange { Expected = old, Written = [Scene.App("a", marked: true), Scene.App("b")], Brakes = Braked });

        Assert.Equal(new WriteResult(false, actual), result);
        Assert.Equal(DocumentJson.Write(Scene.App("a")), await scene.Store.ReadAppAsync("a"));
        Assert.Equal(["a"], await IdsAsync(scene));
        Assert.Null((await scene.Store.ReadHeadAsync()).Brakes.PauseAll);
    }

    [Fact]
    public async Task A_change_of_a_store_that_was_lost_is_a_conflict_with_nothing()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var version = await scene.WriteAsync(Scene.App("a"));
        await (await scene.RawAsync()).KeyDeleteAsync(CatalogKeys.Head);

        Assert.Equal(new WriteResult(false, StoreVersion.None), await scene.Store.WriteAsync(new CatalogChange { Expected = version, Written = [Scene.App("b")] }));
        Assert.Null(await scene.Store.ReadAppAsync("b"));
    }

    [Fact]
    public async Task Two_writers_at_once_lose_nothing()
    {
        const int changes = 150;
        await using var scene = await Scene.InitializedAsync(Server());
        await using var other = scene.NewConnection();
        var start = (await scene.Store.ReadHeadAsync()).Version;

        var conflicts = await Task.WhenAll(WriteManyAsync(scene.Store, "a"), WriteManyAsync(new CatalogStore(other), "b"));

        var head = (await scene.Store.ReadHeadAsync()).Version;
        Assert.Equal(2 * changes, head.Revision);
        Assert.Equal(2 * changes, (await scene.Store.ReadChangesAsync(start, head))!.Written.Count);
        Assert.Equal(2 * changes, (await IdsAsync(scene)).Length);
        Assert.True(conflicts.Sum() > 0, "The writers never met, so nothing was tested.");

        static async Task<int> WriteManyAsync(CatalogStore store, string name)
        {
            var conflicts = 0;
            for (var i = 0; i < changes;)
            {
                var expected = (await store.ReadHeadAsync()).Version;
                var result = await store.WriteAsync(new CatalogChange { Expected = expected, Written = [Scene.App($"{name}-{i}")] });
                if (result.IsCommitted)
                {
                    Assert.Equal(expected.Revision + 1, result.Version.Revision);
                    i++;
                }
                else
                {
                    Assert.NotEqual(expected, result.Version);
                    conflicts++;
                }
            }

            return conflicts;
        }
    }

    [Fact]
    public async Task A_change_may_have_500_apps_and_no_more()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var apps = Enumerable.Range(0, CatalogChange.MaxApps).Select(i => Scene.App($"app-{i:000}")).ToArray();

        await scene.WriteAsync(apps);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => scene.TryAsync(apps, ["one-more"]));

        Assert.Contains("at most 500 apps; this one has 501", error.Message);
        Assert.Equal(CatalogChange.MaxApps, (await IdsAsync(scene)).Length);
        await scene.DeleteAsync([.. apps.Select(app => app.App!)]);
        Assert.Empty(await IdsAsync(scene));
    }

    [Fact]
    public async Task A_change_may_have_32_MiB_and_no_more()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var apps = Enumerable.Range(0, 9).Select(i => Large($"app-{i}")).ToArray();

        await scene.WriteAsync(apps[..8]);
        await scene.WriteAsync(apps[..8]);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => scene.TryAsync(apps, []));

        Assert.Contains("at most 33554432 bytes", error.Message);
        Assert.Equal(8, (await IdsAsync(scene)).Length);
        Assert.Equal(DocumentJson.Write(apps[7]), await scene.Store.ReadAppAsync("app-7"));

        static AppDocument Large(string id)
        {
            var app = Scene.App(id);
            app.Spec!.Name = new string('x', DocumentJson.MaxDocumentBytes - 1000);
            return app;
        }
    }

    [Fact]
    public async Task A_change_that_makes_no_sense_is_refused_before_it_is_sent()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var tooLarge = Scene.App("a");
        tooLarge.Spec!.Name = new string('x', DocumentJson.MaxDocumentBytes);

        Assert.Contains("twice", (await Refusal([Scene.App("a"), Scene.App("{A}")], [])).Message);
        Assert.Contains("twice", (await Refusal([Scene.App("a")], ["A"])).Message);
        Assert.Contains("app id", (await Refusal([Scene.App("")], [])).Message);
        Assert.Contains("app id", (await Refusal([], ["{{a}}"])).Message);
        Assert.Contains("4194304", (await Refusal([tooLarge], [])).Message);
        Assert.Contains("initialised first", (await Assert.ThrowsAsync<ArgumentException>(() => scene.Store.WriteAsync(new CatalogChange { Expected = StoreVersion.None }))).Message);
        Assert.Equal(0, (await scene.Store.ReadHeadAsync()).Version.Revision);

        Task<ArgumentException> Refusal(AppDocument[] written, string[] deleted) => Assert.ThrowsAsync<ArgumentException>(() => scene.TryAsync(written, deleted));
    }

    [Fact]
    public async Task Brakes_are_written_alone_and_stay_until_they_are_written_again()
    {
        await using var scene = await Scene.InitializedAsync(Server());

        await scene.BrakeAsync(Braked);
        await scene.WriteAsync(Scene.App("a"));
        Assert.Equal("someone", (await scene.Store.ReadHeadAsync()).Brakes.PauseAll?.By);

        await scene.BrakeAsync(Brakes.None);
        Assert.Null((await scene.Store.ReadHeadAsync()).Brakes.PauseAll);
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"pauseAll": 1}""")]
    [InlineData("""{"brakeOfALaterVersion": true}""")]
    public async Task Brakes_that_cannot_be_read_brake(string value)
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await (await scene.RawAsync()).StringSetAsync(CatalogKeys.Brakes, value);

        var head = await scene.Store.ReadHeadAsync();

        Assert.Equal(StoreHead.UnreadableBrakes, head.Brakes.PauseAll?.By);
        Assert.Equal("brakes", head.Fault?.Path);
        Assert.False(head.Version.IsNone);
    }

    [Fact]
    public async Task A_head_that_cannot_be_read_counts_as_lost_and_is_a_fault()
    {
        await using var scene = await Scene.NewAsync(Server());
        await (await scene.RawAsync()).StringSetAsync(CatalogKeys.Head, "rubbish");

        var head = await scene.Store.ReadHeadAsync();

        Assert.True(head.Version.IsNone);
        Assert.Equal("head", head.Fault?.Path);
    }

    [Fact]
    public async Task All_apps_are_read_in_order_over_many_pages()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var ids = Enumerable.Range(0, 1201).Select(i => $"app-{i:0000}").ToArray();
        foreach (var some in ids.Chunk(CatalogChange.MaxApps)) await scene.WriteAsync([.. some.Select(id => Scene.App(id))]);

        var apps = await scene.Store.ReadAllAppsAsync().ToArrayAsync();

        Assert.Equal(ids, apps.Select(app => app.Id));
        Assert.All(apps, app => Assert.Equal(DocumentJson.Write(Scene.App(app.Id)), app.Json));
        Assert.Equal(ids, await IdsAsync(scene));
    }

    [Fact]
    public async Task Certain_apps_are_read_with_those_that_do_not_exist()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"), Scene.App("b"));

        var apps = await scene.Store.ReadAppsAsync(["b", "none"]).ToArrayAsync();

        Assert.Equal(["b", "none"], apps.Select(app => app.Id));
        Assert.NotNull(apps[0].Json);
        Assert.Null(apps[1].Json);
    }

    [Fact]
    public async Task Changes_are_told_by_what_happened_last_to_each_app()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var since = await scene.WriteAsync(Scene.App("before"));
        await scene.WriteAsync(Scene.App("stays"), Scene.App("goes"));
        await scene.DeleteAsync("goes", "before");
        for (var i = 0; i < 120; i++) await scene.WriteAsync(Scene.App($"app-{i}"));
        var until = await scene.WriteAsync(Scene.App("before"));

        var changes = await scene.Store.ReadChangesAsync(since, until);

        Assert.Equal(122, changes!.Written.Count);
        Assert.Superset(new HashSet<string> { "stays", "before", "app-0", "app-119" }, changes.Written.ToHashSet());
        Assert.Equal(["goes"], changes.Deleted);
    }

    [Fact]
    public async Task Changes_are_not_told_between_states_that_the_log_does_not_connect()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var first = await scene.WriteAsync(Scene.App("a"));
        var second = await scene.WriteAsync(Scene.App("b"));

        Assert.Null(await scene.Store.ReadChangesAsync(second, first));
        Assert.Null(await scene.Store.ReadChangesAsync(first with { ChangeId = "other" }, second));
        Assert.Null(await scene.Store.ReadChangesAsync(first, second with { ChangeId = "other" }));
        Assert.Null(await scene.Store.ReadChangesAsync(first, second with { Epoch = "other" }));
        Assert.Null(await scene.Store.ReadChangesAsync(StoreVersion.None, second));
        Assert.Null(await scene.Store.ReadChangesAsync(first, second with { Revision = 1_000_000 }));

        await (await scene.RawAsync()).SortedSetRemoveRangeByScoreAsync(CatalogKeys.Changes, 1, 1);
        Assert.Null(await scene.Store.ReadChangesAsync(first, second));
    }

    [Fact]
    public async Task The_log_keeps_the_last_10000_changes()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var raw = await scene.RawAsync();
        var version = new StoreVersion("epoch", CatalogKeys.ChangesKept, "change");
        await raw.StringSetAsync(CatalogKeys.Head, version.ToString());
        foreach (var some in Enumerable.Range(1, CatalogKeys.ChangesKept).Chunk(1000))
        {
            await raw.SortedSetAddAsync(CatalogKeys.Changes, [.. some.Select(i => new SortedSetEntry($"{i} change none", i))]);
        }

        await scene.WriteAsync(Scene.App("a"));

        Assert.Equal(CatalogKeys.ChangesKept, await raw.SortedSetLengthAsync(CatalogKeys.Changes));
        Assert.Equal(2, (await raw.SortedSetRangeByScoreWithScoresAsync(CatalogKeys.Changes, take: 1))[0].Score);
    }

    [Fact]
    public async Task A_key_of_a_wrong_type_fails_a_change_before_it_has_written_anything()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var raw = await scene.RawAsync();
        var head = (await scene.Store.ReadHeadAsync()).Version;
        await raw.HashSetAsync(CatalogKeys.App("b"), "field", "value");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => scene.WriteAsync(Scene.App("a"), Scene.App("b")));
        Assert.Null(await scene.Store.ReadAppAsync("a"));

        await raw.KeyDeleteAsync(CatalogKeys.Changes);
        await raw.StringSetAsync(CatalogKeys.Changes, "text");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => scene.WriteAsync(Scene.App("a")));
        Assert.Null(await scene.Store.ReadAppAsync("a"));
        Assert.Equal(head, (await scene.Store.ReadHeadAsync()).Version);
    }

    [Fact]
    public async Task A_server_that_has_forgotten_its_scripts_is_told_them_again()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        await (await scene.RawAsync()).ExecuteAsync("SCRIPT", "FLUSH");

        await scene.WriteAsync(Scene.App("b"));

        Assert.Equal(["a", "b"], await IdsAsync(scene));
    }

    [Fact]
    public async Task Every_acceptance_has_an_id_of_its_own()
    {
        await using var scene = await Scene.InitializedAsync(Server());

        var first = await scene.Store.AcceptAsync();
        Assert.Equal(first, (await scene.Store.ReadHeadAsync()).Acceptance);

        var second = await scene.Store.AcceptAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(second, (await scene.Store.ReadHeadAsync()).Acceptance);
    }

    [Fact]
    public async Task A_store_that_is_away_has_surely_not_made_the_change()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var head = (await scene.Store.ReadHeadAsync()).Version;
        await scene.Server.KillAsync();
        await scene.ConnectAsync();

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => scene.Store.WriteAsync(new CatalogChange { Expected = head, Written = [Scene.App("a")] }));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => scene.Store.ReadHeadAsync());

        Assert.IsNotType<OutcomeUnknownException>(error);
    }

    [Fact]
    public async Task Data_survives_a_restart()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var version = await scene.WriteAsync(Scene.App("a"));

        await scene.Server.RestartAsync();
        await scene.ConnectAsync();

        Assert.Equal(version, (await scene.Store.ReadHeadAsync()).Version);
        Assert.Equal(["a"], await IdsAsync(scene));
        await scene.WriteAsync(Scene.App("b"));
    }

    [Fact]
    public async Task Tokens_are_found_listed_and_revoked()
    {
        await using var scene = await Scene.NewAsync(Server());
        var tokens = new TokenStore(scene.Connection);
        var older = new StoredToken("t1", "operator", "Ann \"A\" Å", new string('a', 64), DateTimeOffset.UnixEpoch);
        var newer = older with { Id = "t0", CreatedAt = older.CreatedAt.AddDays(1) };

        Assert.Empty(await tokens.ListAsync());
        Assert.True(await tokens.CreateAsync(newer));
        Assert.True(await tokens.CreateAsync(older));
        Assert.False(await tokens.CreateAsync(older with { Role = "admin" }));

        Assert.Equal([older, newer], await tokens.ListAsync());
        Assert.Equal(older, await tokens.FindAsync("t1"));
        Assert.Null(await tokens.FindAsync("t2"));
        Assert.True(await tokens.DeleteAsync("t1"));
        Assert.False(await tokens.DeleteAsync("t1"));
        Assert.Equal([newer], await tokens.ListAsync());
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"id":"t","role":null,"name":"n","hash":"h","createdAt":"2026-01-01T00:00:00Z"}""")]
    public async Task A_token_that_cannot_be_read_grants_nothing_and_can_be_revoked(string value)
    {
        await using var scene = await Scene.NewAsync(Server());
        var tokens = new TokenStore(scene.Connection);
        await (await scene.RawAsync()).HashSetAsync(CatalogKeys.Tokens, "t", value);

        Assert.Null(await tokens.FindAsync("t"));
        Assert.Empty(await tokens.ListAsync());
        Assert.True(await tokens.DeleteAsync("t"));
    }

    /// <summary>A server that was not started yet; skips the test where there is none.</summary>
    protected abstract StoreFixture Server();

    private static Brakes Braked => new() { PauseAll = new Mark { By = "someone", Reason = "a test" } };

    private static async Task<string[]> IdsAsync(Scene scene) => await scene.Store.ReadAllIdsAsync().ToArrayAsync();
}

public sealed class StoreOnGarnet : StoreContract
{
    protected override StoreFixture Server() => new GarnetInProcess();
}

public sealed class StoreOnRedis : StoreContract
{
    [Fact]
    public async Task A_store_that_falls_silent_leaves_the_outcome_unknown()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var head = (await scene.Store.ReadHeadAsync()).Version;
        await using var impatient = new StoreConnection(new RedisOptions { Configuration = scene.Server.Configuration + ",asyncTimeout=300" });
        var store = new CatalogStore(impatient);
        await store.ReadHeadAsync();
        await using var admin = new StoreConnection(new RedisOptions { Configuration = scene.Server.Configuration + ",allowAdmin=true" });
        await (await admin.DatabaseAsync()).ExecuteAsync("CLIENT", "PAUSE", 60_000, "WRITE");

        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => store.WriteAsync(new CatalogChange { Expected = head, Written = [Scene.App("a")] }));
        Assert.Contains("read the catalogue and try again", error.Message);
    }

    [Fact]
    public async Task A_store_killed_in_the_middle_of_writing_has_each_change_wholly_or_not_at_all()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        for (var round = 0; round < 3; round++)
        {
            var writing = WriteUntilItFailsAsync(scene.Store);
            await scene.Server.RestartAsync();
            var acknowledged = await writing;
            await scene.ConnectAsync();

            var head = (await scene.Store.ReadHeadAsync()).Version;
            var apps = await scene.Store.ReadAppsAsync(["a", "b"]).ToArrayAsync();
            Assert.True(head.Revision >= acknowledged);
            Assert.Equal(apps[0].Json is null, apps[1].Json is null);
            if (apps[0].Json is null) continue;
            Assert.Equal(DocumentJson.ReadApp(apps[0].Json, out _)!.Spec!.Name, DocumentJson.ReadApp(apps[1].Json, out _)!.Spec!.Name);
            Assert.NotNull(await scene.Store.ReadChangesAsync(head with { Revision = 0, ChangeId = await FirstChangeAsync(scene) }, head));
        }

        static async Task<long> WriteUntilItFailsAsync(CatalogStore store)
        {
            var version = StoreVersion.None;
            try
            {
                version = (await store.ReadHeadAsync()).Version;
                for (var i = 0; ; i++)
                {
                    AppDocument a = Scene.App("a"), b = Scene.App("b");
                    a.Spec!.Name = b.Spec!.Name = $"{version.Revision} {i}";
                    version = (await store.WriteAsync(new CatalogChange { Expected = version, Written = [a, b] })).Version;
                }
            }
            catch (StoreUnavailableException)
            {
                return version.Revision;
            }
        }

        static async Task<string> FirstChangeAsync(Scene scene) =>
            ChangeEntry.Parse((await (await scene.RawAsync()).SortedSetRangeByRankAsync(CatalogKeys.Changes, 0, 0))[0])!.ChangeId;
    }

    protected override StoreFixture Server()
    {
        Assert.SkipWhen(RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");
        return new RedisServerProcess();
    }
}
