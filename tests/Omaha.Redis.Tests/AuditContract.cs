using CsCheck;
using Omaha.Catalog;
using Omaha.Testing;
using StackExchange.Redis;

namespace Omaha.Redis.Tests;

/// <summary>What the audit promises, on every server that can be the store.</summary>
public abstract class AuditContract
{
    private protected static readonly AuditActor Ann = new("Ann", "operator", "0123456789ab", "192.0.2.7");
    private protected static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_change_is_recorded_with_who_made_it_and_what_it_changed()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        var head = (await scene.Store.ReadHeadAsync()).Version;

        var result = await scene.Store.WriteAsync(
            new CatalogChange { Expected = head, Written = [Scene.App("{A}", marked: true), Scene.App("b")], Deleted = ["never-was"] },
            new AuditRecord(AuditVerb.Apply, Ann, Noon, "as agreed") { Details = "two apps" });

        var entry = (await Audit(scene).ReadLastAsync())!;
        Assert.Equal((3, head.Epoch, result.Version.Revision), (entry.Number, entry.Epoch, entry.Revision));
        Assert.Equal((Noon, "apply", "two apps", Ann, "as agreed", 0), (entry.At, entry.Verb, entry.Details, entry.By, entry.Reason, entry.FurtherApps));
        Assert.Null(entry.Brakes);
        Assert.Equal(["a", "b"], entry.Apps.Select(app => app.App));
        Assert.Equal((AppChange.Changed, Digest(Scene.App("a")), Digest(Scene.App("{A}", marked: true))), (entry.Apps[0].Change, entry.Apps[0].Before, entry.Apps[0].After));
        Assert.Equal(["app: \"a\" -> \"{A}\"", "metrics: none -> true"], entry.Apps[0].Differences);
        Assert.Equal((AppChange.Created, null, Digest(Scene.App("b"))), (entry.Apps[1].Change, entry.Apps[1].Before, entry.Apps[1].After));
    }

    [Fact]
    public async Task A_change_that_was_not_made_is_not_recorded()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var old = (await scene.Store.ReadHeadAsync()).Version;
        await scene.WriteAsync(Scene.App("a"));
        var before = await Audit(scene).ReadLastAsync();

        Assert.False((await scene.Store.WriteAsync(new CatalogChange { Expected = old, Written = [Scene.App("b")] })).IsCommitted);

        Assert.Equal(before!.Number, (await Audit(scene).ReadLastAsync())!.Number);
        Assert.Equal(new PastDocument(true, null), await Audit(scene).ReadDocumentAsync("b", before.Number));
    }

    [Fact]
    public async Task A_verb_that_needs_a_reason_is_refused_without_one()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var change = new CatalogChange { Expected = (await scene.Store.ReadHeadAsync()).Version, Written = [Scene.App("a")] };

        foreach (var verb in new[] { AuditVerb.Block, AuditVerb.Halt, AuditVerb.Unblock, AuditVerb.Revert, AuditVerb.Expedite })
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => scene.Store.WriteAsync(change, new AuditRecord(verb, Ann, Noon, " ")));
            Assert.Contains("reason: is empty; say why", error.Message, StringComparison.Ordinal);
        }

        Assert.Null(await scene.Store.ReadAppAsync("a"));
        Assert.True((await scene.Store.WriteAsync(change, new AuditRecord(AuditVerb.Halt, Ann, Noon, "smoke"))).IsCommitted);
    }

    [Fact]
    public async Task What_does_not_change_the_catalogue_is_recorded_at_its_revision()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        var tokens = new TokenStore(scene.Connection);
        var token = new StoredToken("t1", "viewer", "Vic", new string('a', 64), Noon);

        await tokens.CreateAsync(token, new AuditRecord(AuditVerb.CreateToken, Ann, Noon) { Details = "t1 viewer for Vic" });
        await tokens.CreateAsync(token);
        await scene.Store.AcceptAsync();
        await tokens.DeleteAsync("t1");
        await tokens.DeleteAsync("t1");

        var entries = await Audit(scene).ReadForwardAsync(0, long.MaxValue).ToListAsync();
        Assert.Equal(["1 0 initialize", "2 1 apply", "3 1 token create", "4 1 store accept", "5 1 token revoke"], entries.Select(entry => $"{entry.Number} {entry.Revision} {entry.Verb}"));
        Assert.Equal("t1 viewer for Vic", entries[2].Details);
        Assert.DoesNotContain(token.Hash, string.Concat(await RawAsync(scene)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_tokens_are_made_than_can_be_read_at_once()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var tokens = new TokenStore(scene.Connection);
        var token = new StoredToken("last", "viewer", "Vic", new string('a', 64), Noon);
        await (await scene.RawAsync()).HashSetAsync(CatalogKeys.Tokens, [.. Enumerable.Range(0, TokenStore.MaxTokens).Select(i => new HashEntry($"t{i}", "{}"))]);

        var record = new AuditRecord(AuditVerb.CreateToken, Ann, Noon);
        Assert.Equal(TokenCreation.TooMany, await tokens.CreateAsync(token, record));
        await tokens.DeleteAsync("t7");
        Assert.Equal(TokenCreation.Done, await tokens.CreateAsync(token, record));
    }

    [Fact]
    public async Task Any_sequence_of_changes_is_told_without_gaps_and_replays_to_the_store()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var tokens = new TokenStore(scene.Connection);
        var states = new List<(long Number, Dictionary<string, byte[]> Apps)>();
        var name = Gen.Char['a', 'e'].Select(letter => $"app-{letter}");
        var write = Gen.Select(name.Array[1, 3], Gen.String[Gen.Char['a', 'z'], 0, 400]).Select(drawn => (Func<Task>)(() => scene.WriteAsync([.. drawn.Item1.Distinct().Select(id => Named(id, drawn.Item2))])));
        var delete = name.Select(id => (Func<Task>)(() => scene.DeleteAsync(id)));
        var brake = Gen.Bool.Select(isOn => (Func<Task>)(() => scene.BrakeAsync(isOn ? new Brakes { PauseAll = new Mark { At = Noon, By = "Ann" } } : Brakes.None)));
        var token = Gen.Bool.Select(isMade => (Func<Task>)(() => isMade ? tokens.CreateAsync(new StoredToken("t", "viewer", "Vic", "hash", Noon)) : tokens.DeleteAsync("t")));

        await Gen.Frequency((5, write), (2, delete), (1, brake), (1, token)).Array[1, 40].SampleAsync(
            async steps =>
            {
                foreach (var step in steps)
                {
                    await step();
                    states.Add(((await Audit(scene).ReadLastAsync())!.Number, await scene.Store.ReadAllAppsAsync().ToDictionaryAsync(app => app.Id, app => app.Json!)));
                }

                await (await Replay.OfAsync(Audit(scene))).MustBeAsync(scene.Store);
            },
            iter: 8,
            threads: 1);

        foreach (var (number, apps) in states)
        {
            foreach (var letter in "abcde")
            {
                var past = await Audit(scene).ReadDocumentAsync($"app-{letter}", number);
                Assert.True(past.IsRecorded);
                Assert.Equal(apps.GetValueOrDefault($"app-{letter}"), past.Json);
            }
        }
    }

    [Fact]
    public async Task A_small_change_of_a_large_document_takes_little_room()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var app = Scene.App("a");
        var random = new Random(1);
        app.Spec!.Releases = [.. Enumerable.Range(1, 500).Select(i => new ReleaseSpec { Version = $"{i}.0", Packages = [new PackageSpec { Name = "p", Size = 1, Sha256 = Convert.ToHexStringLower(Bytes(random)) }], Codebases = ["https://dl.example.test/"] })];
        await scene.WriteAsync(app);

        for (var i = 0; i < 40; i++)
        {
            app.Spec.Name = $"name {i}";
            await scene.WriteAsync(app);
        }

        var forms = await (await scene.RawAsync()).SortedSetRangeByRankAsync(CatalogKeys.Forms("a"));
        Assert.Equal(41, forms.Length);
        Assert.Equal(2, forms.Count(form => ((byte[])form!).Length > 10_000));
        Assert.Equal(39, forms.Count(form => ((byte[])form!).Length < 100));
        await (await Replay.OfAsync(Audit(scene))).MustBeAsync(scene.Store);
    }

    [Fact]
    public async Task An_entry_about_500_apps_stays_small()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var apps = Enumerable.Range(0, CatalogChange.MaxApps).Select(i => Named($"app-{i:000}", new string('x', 1000))).ToArray();

        await scene.WriteAsync(apps);
        await scene.DeleteAsync([.. apps.Select(app => app.App!)]);

        Assert.All(await RawAsync(scene), line => Assert.InRange(line.Length, 1, 150_000));
        var entries = await Audit(scene).ReadAsync(long.MaxValue, 2);
        Assert.All(entries, entry => Assert.Equal(CatalogChange.MaxApps, entry.Apps.Count));
        Assert.Equal(AuditEntry.MostDifferences, entries[0].Apps.Sum(app => app.Differences.Count));
    }

    [Fact]
    public async Task Entries_are_found_by_revision_by_time_and_by_app()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var tokens = new TokenStore(scene.Connection);
        for (var i = 1; i <= 30; i++)
        {
            var head = (await scene.Store.ReadHeadAsync()).Version;
            await scene.Store.WriteAsync(new CatalogChange { Expected = head, Written = [Named($"app-{i % 3}", $"{i}")] }, new AuditRecord(AuditVerb.Apply, Ann, Noon.AddHours(i)));
            if (i % 4 == 0) await tokens.CreateAsync(new StoredToken($"t{i}", "viewer", "Vic", "hash", Noon), new AuditRecord(AuditVerb.CreateToken, Ann, Noon.AddHours(i).AddMinutes(1)));
        }

        var audit = Audit(scene);
        for (var revision = 0; revision <= 30; revision++) Assert.Equal((revision, revision > 0 && revision % 4 == 0 ? "token create" : revision == 0 ? "initialize" : "apply"), ((int)(await audit.FindAsync(revision))!.Revision, (await audit.FindAsync(revision))!.Verb));
        Assert.Null(await audit.FindAsync(31));
        for (var i = 1; i <= 30; i++) Assert.Equal(i, (await audit.FindAsync(Noon.AddHours(i).AddSeconds(1)))!.Revision);
        Assert.Equal(0, (await audit.FindAsync(Noon))!.Revision);
        Assert.Null(await audit.FindAsync(DateTimeOffset.UnixEpoch.AddSeconds(-1)));

        var first = await audit.ReadOfAppAsync("APP-1", long.MaxValue, 4);
        var second = await audit.ReadOfAppAsync("app-1", first[^1].Number, 100);
        Assert.Equal([28, 25, 22, 19, 16, 13, 10, 7, 4, 1], first.Concat(second).Select(entry => entry.Revision));
        Assert.Equal("19", DocumentJson.ReadApp((await audit.ReadDocumentAsync("app-1", (await audit.FindAsync(21))!.Number)).Json, out _)!.Spec!.Name);
    }

    [Fact]
    public async Task What_is_older_than_the_horizon_is_forgotten_and_nothing_that_a_later_moment_needs()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var audit = Audit(scene);
        await scene.WriteAsync(Named("stays", "as it was"), Named("goes", "soon"));
        await scene.DeleteAsync("goes");
        await scene.BrakeAsync(new Brakes { PauseAll = new Mark { By = "Ann" } });
        for (var i = 1; i <= 250; i++)
        {
            var head = (await scene.Store.ReadHeadAsync()).Version;
            await scene.Store.WriteAsync(new CatalogChange { Expected = head, Written = [Named("moves", $"{i}")] }, new AuditRecord(AuditVerb.Apply, Ann, Noon.AddHours(i)));
        }

        Assert.Equal(204, await audit.TrimAsync(Noon.AddHours(201)));
        Assert.Equal(0, await audit.TrimAsync(Noon.AddHours(201)));

        var kept = await audit.ReadForwardAsync(0, long.MaxValue).ToListAsync();
        Assert.Equal(Enumerable.Range(205, 50), kept.Select(entry => (int)entry.Number));
        Assert.InRange(await (await scene.RawAsync()).SortedSetLengthAsync(CatalogKeys.Forms("moves")), 50, 50 + AuditedChange.FormsBetweenWholeOnes);
        Assert.Equal(["moves", "stays"], await audit.ReadAuditedAppsAsync().ToListAsync());
        foreach (var entry in kept) Assert.Equal($"{entry.Number - 4}", NameOf(await audit.ReadDocumentAsync("moves", entry.Number)));
        Assert.Equal("200", NameOf(await audit.ReadDocumentAsync("moves", 204)));
        Assert.Equal("as it was", NameOf(await audit.ReadDocumentAsync("stays", 205)));
        Assert.Equal(new PastDocument(true, null), await audit.ReadDocumentAsync("goes", 205));
        Assert.NotNull((await audit.ReadBrakesAsync(205))!.PauseAll);
        Assert.False((await audit.ReadDocumentAsync("moves", 203)).IsRecorded);
        Assert.False((await audit.ReadDocumentAsync("stays", 3)).IsRecorded);
        Assert.Null(await audit.ReadBrakesAsync(5));
        Assert.Null(await audit.FindAsync(150));

        Assert.Equal(49, await audit.TrimAsync(DateTimeOffset.MaxValue));
        Assert.Equal(254, (await audit.ReadLastAsync())!.Number);
        await scene.WriteAsync(Named("moves", "on"));
        Assert.Equal(255, (await audit.ReadLastAsync())!.Number);
        Assert.Equal("250", NameOf(await audit.ReadDocumentAsync("moves", 254)));
    }

    [Fact]
    public async Task A_store_that_lost_its_head_goes_on_counting()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var before = await scene.WriteAsync(Named("a", "1"));
        await scene.WriteAsync(Named("a", "2"));
        await (await scene.RawAsync()).KeyDeleteAsync(CatalogKeys.Head);
        Assert.True(await scene.Store.BrakeLostAsync(new Brakes { PauseAll = new Mark { By = "Ann" } }, new AuditRecord(AuditVerb.Pause, Ann, Noon)));

        var begun = await scene.Store.InitializeAsync();
        await scene.WriteAsync(Named("a", "3"));

        Assert.NotEqual(before.Epoch, begun.Epoch);
        var entries = await Audit(scene).ReadForwardAsync(0, long.MaxValue).ToListAsync();
        Assert.Equal(["initialize 0", "apply 1", "apply 2", "pause 2", "initialize 3", "apply 4"], entries.Select(entry => $"{entry.Verb} {entry.Revision}"));
        Assert.Equal((before.Epoch, begun.Epoch), (entries[3].Epoch, entries[4].Epoch));
        for (var revision = 1; revision <= 4; revision++) Assert.Equal($"{(revision == 3 ? 2 : revision == 4 ? 3 : revision)}", NameOf(await Audit(scene).ReadDocumentAsync("a", (await Audit(scene).FindAsync(revision))!.Number)));
        Assert.NotNull((await scene.Store.ReadHeadAsync()).Brakes.PauseAll);
        Assert.False(await scene.Store.BrakeLostAsync(Brakes.None, new AuditRecord(AuditVerb.Resume, Ann, Noon)));
        Assert.NotNull((await scene.Store.ReadHeadAsync()).Brakes.PauseAll);
    }

    [Fact]
    public async Task What_was_written_by_something_else_is_not_told_as_if_it_were_known()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Named("a", new string('x', 100)));
        await (await scene.RawAsync()).StringSetAsync(CatalogKeys.App("a"), DocumentJson.Write(Named("a", new string('y', 100))));
        await (await scene.RawAsync()).StringSetAsync(CatalogKeys.App("b"), DocumentJson.Write(Named("b", "?")));
        await scene.WriteAsync(Named("a", new string('y', 99) + "z"), Named("b", "1"));

        var audit = Audit(scene);
        Assert.True((await audit.ReadDocumentAsync("a", 2)).IsRecorded);
        Assert.False((await audit.ReadDocumentAsync("a", 3)).IsRecorded);
        Assert.False((await audit.ReadDocumentAsync("b", 2)).IsRecorded);
        Assert.Equal("1", NameOf(await audit.ReadDocumentAsync("b", 3)));
    }

    [Fact]
    public async Task A_key_of_a_wrong_type_fails_a_change_before_it_has_written_anything()
    {
        foreach (var key in new[] { CatalogKeys.Audit, CatalogKeys.AuditNumber, CatalogKeys.AuditedApps, CatalogKeys.BrakesForms, CatalogKeys.Forms("b") })
        {
            await using var scene = await Scene.InitializedAsync(Server());
            var raw = await scene.RawAsync();
            var head = (await scene.Store.ReadHeadAsync()).Version;
            await raw.KeyDeleteAsync(key);
            await raw.ListLeftPushAsync(key, "x");

            await Assert.ThrowsAsync<StoreUnavailableException>(() => scene.WriteAsync(Scene.App("a"), Scene.App("b")));

            Assert.Null(await scene.Store.ReadAppAsync("a"));
            Assert.Equal(head, (await scene.Store.ReadHeadAsync()).Version);
            await raw.KeyDeleteAsync(key);
            await scene.WriteAsync(Scene.App("a"), Scene.App("b"));
        }
    }

    [Fact]
    public async Task Two_writers_at_once_are_both_told()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await using var other = scene.NewConnection();

        await Task.WhenAll(WriteManyAsync(scene.Store, "a"), WriteManyAsync(new CatalogStore(other), "b"));

        var replay = await Replay.OfAsync(Audit(scene));
        Assert.Equal(101, replay.Entries.Count);
        await replay.MustBeAsync(scene.Store);

        static async Task WriteManyAsync(CatalogStore store, string name)
        {
            for (var i = 0; i < 50;)
            {
                if ((await store.WriteAsync(new CatalogChange { Expected = (await store.ReadHeadAsync()).Version, Written = [Named(name, $"{i}"), Named("both", $"{name} {i}")] })).IsCommitted) i++;
            }
        }
    }

    /// <summary>A server that was not started yet; skips the test where there is none.</summary>
    protected abstract StoreFixture Server();

    private protected static AuditStore Audit(Scene scene) => new(scene.Connection);

    private static AppDocument Named(string id, string name)
    {
        var app = Scene.App(id);
        app.Spec!.Name = name;
        return app;
    }

    private static string? NameOf(PastDocument past) => past.Json is null ? null : DocumentJson.ReadApp(past.Json, out _)!.Spec!.Name;

    private static string Digest(AppDocument document) => DocumentDigest.Of(DocumentJson.Write(document));

    private static async Task<string[]> RawAsync(Scene scene) => Array.ConvertAll(await (await scene.RawAsync()).SortedSetRangeByRankAsync(CatalogKeys.Audit), line => line.ToString());

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return bytes;
    }
}

public sealed class AuditOnGarnet : AuditContract
{
    protected override StoreFixture Server() => new GarnetInProcess();
}

public sealed class AuditOnRedis : AuditContract
{
    [Fact]
    public async Task The_account_of_a_server_follows_the_catalogue_and_reads_neither_audit_nor_tokens()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Scene.App("a"));
        await new TokenStore(scene.Connection).CreateAsync(new StoredToken("t", "admin", "Ada", "hash", DateTimeOffset.UnixEpoch));
        await (await scene.RawAsync()).ExecuteAsync("ACL", "SETUSER", "omaha-server", "on", ">PASSWORD", "resetkeys", "~{omaha}:*", "resetchannels", "&omaha:changes", "-@all", "+@read", "+ping", "+echo", "+subscribe");

        const string account = ",user=omaha-server,password=PASSWORD";
        var replica = await scene.FollowerAsync(settings: account);
        await replica.UntilAsync(await scene.WriteAsync(Scene.App("b")));
        Assert.True(replica.Status.HearsHints);

        await using var server = new StoreConnection(new RedisOptions { Configuration = scene.Server.Configuration + account });
        await RefusedAsync(() => new AuditStore(server).ReadLastAsync());
        await RefusedAsync(() => new AuditStore(server).ReadDocumentAsync("a", 2));
        await RefusedAsync(() => new TokenStore(server).ListAsync());
        await RefusedAsync(() => new TokenStore(server).FindAsync("t"));
        await RefusedAsync(() => new CatalogStore(server).InitializeAsync());
        var database = await server.DatabaseAsync();
        var hidden = (string[])(await (await scene.RawAsync()).ScriptEvaluateAsync("return redis.call('KEYS', 'control:*')"))!;
        Assert.True(hidden.Length >= 5);
        await Assert.ThrowsAsync<RedisServerException>(() => database.ExecuteAsync("SORT_RO", "{omaha}:apps", "BY", "nosort", "ALPHA", "GET", "control:{omaha}:tokens->t"));
        foreach (var key in hidden)
        {
            foreach (var command in new[] { "GET", "HGETALL", "HVALS", "DUMP", "TYPE", "EXISTS", "STRLEN" }) Assert.Contains("NOPERM", (await Assert.ThrowsAsync<RedisServerException>(() => database.ExecuteAsync(command, key))).Message, StringComparison.Ordinal);
            Assert.Contains("NOPERM", (await Assert.ThrowsAsync<RedisServerException>(() => database.ExecuteAsync("ZRANGE", key, "0", "-1"))).Message, StringComparison.Ordinal);
        }

        static async Task RefusedAsync(Func<Task> read) => Assert.Contains("NOPERM", (await Assert.ThrowsAsync<StoreUnavailableException>(read)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_account_of_a_control_plane_does_all_that_it_has_to()
    {
        await using var scene = await Scene.NewAsync(Server());
        await (await scene.RawAsync()).ExecuteAsync("ACL", "SETUSER", "omaha-control", "on", ">PASSWORD", "resetkeys", "~{omaha}:*", "~control:{omaha}:*", "resetchannels", "&omaha:changes", "-@all", "+@read", "+@write", "+@scripting", "+ping", "+echo", "+publish", "+info");
        await using var connection = new StoreConnection(new RedisOptions { Configuration = scene.Server.Configuration + ",user=omaha-control,password=PASSWORD,asyncTimeout=30000" });
        var (catalog, audit) = (new CatalogStore(connection), new AuditStore(connection));

        var version = await catalog.InitializeAsync();
        await catalog.WriteAsync(new CatalogChange { Expected = version, Written = [Scene.App("a")], Brakes = new Brakes { PauseAll = new Mark { By = "Ann" } } });
        await new TokenStore(connection).CreateAsync(new StoredToken("t", "admin", "Ada", "hash", DateTimeOffset.UnixEpoch));
        await catalog.AcceptAsync();
        using var file = new MemoryStream();
        Assert.True(await new StoreBackup(connection, TimeProvider.System).TryWriteAsync(file));
        Assert.NotNull(await new StoreRestore(connection).RunAsync(await BackupFile.OpenAsync(file), "t", new AuditRecord(AuditVerb.Restore, Ann, Noon)));
        Assert.Equal(4, await audit.TrimAsync(DateTimeOffset.MaxValue));

        await using var other = new StoreConnection(new RedisOptions { Configuration = scene.Server.Configuration + ",user=omaha-control,password=PASSWORD" });
        await Assert.ThrowsAsync<RedisServerException>(async () => await (await other.DatabaseAsync()).StringSetAsync("of-others", "1"));
    }

    protected override StoreFixture Server()
    {
        Assert.SkipWhen(RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");
        return new RedisServerProcess();
    }
}
