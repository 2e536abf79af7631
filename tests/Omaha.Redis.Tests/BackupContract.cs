using System.Text;
using CsCheck;
using Omaha.Catalog;
using Omaha.Testing;
using StackExchange.Redis;

namespace Omaha.Redis.Tests;

/// <summary>Backing up and restoring, on every server that can be the store.</summary>
public abstract class BackupContract
{
    private static readonly AuditRecord Restoring = new(AuditVerb.Restore, new AuditActor("Ada", "admin", "t-ada"), DateTimeOffset.UnixEpoch);
    private static readonly StoredToken Ada = new("t-ada", "admin", "Ada", "hash of Ada", DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_backup_restored_into_an_emptied_store_is_the_same_again()
    {
        await using var scene = await FilledAsync();
        var (file, lines) = await BackUpAsync(scene);

        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await scene.Store.InitializeAsync();
        await new TokenStore(scene.Connection).CreateAsync(Ada);
        var (plan, version) = (await new StoreRestore(scene.Connection).RunAsync(file, Ada.Id, Restoring))!.Value;

        Assert.True(plan.IsEmpty);
        Assert.Equal((1201, 0, 2), (plan.Apps.Count + plan.FurtherApps, plan.UnchangedApps, plan.LaterEntries));
        var (_, again) = await BackUpAsync(scene);
        var added = again.Except(lines).Select(line => BackupLine.Read(Encoding.UTF8.GetBytes(line))!).ToList();
        Assert.Equal([lines[0], lines[^1]], lines.Except(again));
        Assert.Equal(["omaha-backup", "form", "brakesForm", "audit", "audit", "audit", "token", "end"], added.Select(line => line.Kind));
        Assert.Equal("odd", added[1].Id);
        Assert.Equal(["initialize", "token create", "restore"], added.Where(line => line.Kind == "audit").Select(line => AuditLine.Parse(line.Value)!.Verb));
        Assert.Equal((file.Version.Revision + 1, 0), (version.Revision, version == file.Version ? 1 : 0));
        Assert.Equal(version, (await scene.Store.ReadHeadAsync()).Version);
        await scene.WriteAsync(Scene.App("goes-on"));
    }

    [Fact]
    public async Task A_restore_over_a_store_that_went_on_takes_its_catalogue_back_and_keeps_all_that_is_on_record()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await new TokenStore(scene.Connection).CreateAsync(Ada);
        await scene.WriteAsync(Named("stays", "1"), Named("changes", "1"), Named("goes", "1"));
        var (file, _) = await BackUpAsync(scene);
        await scene.WriteAsync(Named("changes", "2"), Named("comes", "2"));
        await scene.DeleteAsync("goes");
        await scene.WriteAsync(Named("changes", "3"));

        var plan = await new StoreRestore(scene.Connection).PlanAsync(file, Ada.Id);
        Assert.False(plan.IsEmpty);
        Assert.Equal(["changes Changed", "comes Deleted", "goes Created"], plan.Apps.Select(app => $"{app.App} {app.Change}").Order());
        Assert.Equal(["name: \"3\" -> \"1\""], plan.Apps.Single(app => app.App == "changes").Differences);
        Assert.Equal((1, 3), (plan.UnchangedApps, plan.LaterEntries));
        Assert.NotNull(await scene.Store.ReadAppAsync("comes"));

        var (_, version) = (await new StoreRestore(scene.Connection).RunAsync(file, Ada.Id, Restoring))!.Value;

        Assert.Equal(5, version.Revision);
        var replay = await Replay.OfAsync(new AuditStore(scene.Connection));
        await replay.MustBeAsync(scene.Store);
        Assert.Equal(["initialize", "token create", "apply", "apply", "apply", "apply", "restore"], replay.Entries.Select(entry => entry.Verb));
        Assert.Equal(["1", "1", "1"], await NamesAsync(scene, "stays", "changes", "goes"));
        Assert.Null(await scene.Store.ReadAppAsync("comes"));
        Assert.Equal(DocumentJson.Write(Named("comes", "2")), await scene.Store.ReadPreviousAsync("comes"));
        await scene.WriteAsync(Named("changes", "4"), Named("comes", "4"));
        await (await Replay.OfAsync(new AuditStore(scene.Connection))).MustBeAsync(scene.Store);
    }

    [Fact]
    public async Task What_was_done_to_another_store_stays_on_record_after_what_the_backup_tells()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Named("of-backup", "1"));
        var (file, _) = await BackUpAsync(scene);
        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await scene.Store.InitializeAsync();
        await scene.WriteAsync(Named("of-other", "1"), Named("of-backup", "other"));
        await scene.WriteAsync(Named("of-other", "2"));
        await scene.WriteAsync(Named("of-other", "3"));

        var (_, version) = (await new StoreRestore(scene.Connection).RunAsync(file, "", Restoring))!.Value;

        Assert.Equal(4, version.Revision);
        var entries = await new AuditStore(scene.Connection).ReadForwardAsync(0, long.MaxValue).ToListAsync();
        Assert.Equal(["1 0 initialize", "2 1 apply", "3 1 initialize", "4 1 apply", "5 1 apply", "6 1 apply", "7 4 restore"], entries.Select(entry => $"{entry.Number} {entry.Revision} {entry.Verb}"));
        Assert.Equal(["1"], await NamesAsync(scene, "of-backup"));
        Assert.Null(await scene.Store.ReadAppAsync("of-other"));
        Assert.Equal(["of-backup"], await new AuditStore(scene.Connection).ReadAuditedAppsAsync().ToListAsync());
        Assert.Equal(DocumentJson.Write(Named("of-backup", "1")), (await new AuditStore(scene.Connection).ReadDocumentAsync("of-backup", 7)).Json);
    }

    [Fact]
    public async Task A_restore_lifts_no_pause_and_brings_one_back()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var (free, _) = await BackUpAsync(scene);
        await scene.BrakeAsync(new Brakes { PauseAll = new Mark { By = "Ann" } });
        var (paused, _) = await BackUpAsync(scene);

        await new StoreRestore(scene.Connection).RunAsync(free, "", Restoring);
        Assert.Equal("Ann", (await scene.Store.ReadHeadAsync()).Brakes.PauseAll?.By);

        await scene.BrakeAsync(Brakes.None);
        await new StoreRestore(scene.Connection).RunAsync(paused, "", Restoring);
        Assert.Equal("Ann", (await scene.Store.ReadHeadAsync()).Brakes.PauseAll?.By);
        await (await Replay.OfAsync(new AuditStore(scene.Connection))).MustBeAsync(scene.Store);
    }

    [Fact]
    public async Task Tokens_are_those_of_the_backup_and_the_callers()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var tokens = new TokenStore(scene.Connection);
        var (kept, revoked, later) = (Ada with { Id = "kept" }, Ada with { Id = "revoked" }, Ada with { Id = "later" });
        await tokens.CreateAsync(kept);
        await tokens.CreateAsync(revoked);
        var (file, _) = await BackUpAsync(scene);
        await tokens.DeleteAsync("revoked");
        await tokens.CreateAsync(later);
        await tokens.CreateAsync(Ada);

        var plan = await new StoreRestore(scene.Connection).PlanAsync(file, Ada.Id);
        await new StoreRestore(scene.Connection).RunAsync(file, Ada.Id, Restoring);

        Assert.Equal([later], plan.EndingTokens);
        Assert.Equal([revoked], plan.ReturningTokens);
        Assert.Equal(["kept", "revoked", "t-ada"], (await tokens.ListAsync()).Select(token => token.Id));
    }

    [Fact]
    public async Task While_a_restore_is_under_way_brakes_work_and_nothing_else_gives_the_store_a_head()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        var head = await scene.WriteAsync(Named("a", "1"));
        var (file, _) = await BackUpAsync(scene);
        Assert.Equal(1, (int)await scene.Connection.RunAsync(RestoreScripts.Begin, [CatalogKeys.Restoring, CatalogKeys.Head, CatalogKeys.AuditNumber], ["broken-off", head.ToString(), 2]));

        Assert.True((await scene.Store.InitializeAsync()).IsNone);
        Assert.False((await scene.Store.WriteAsync(new CatalogChange { Expected = head, Written = [Named("a", "2")] })).IsCommitted);
        Assert.True(await scene.Store.BrakeLostAsync(new Brakes { PauseAll = new Mark { By = "Ann" } }, new AuditRecord(AuditVerb.Pause, Restoring.By, DateTimeOffset.UnixEpoch)));
        Assert.Equal(0, await new AuditStore(scene.Connection).TrimAsync(DateTimeOffset.MaxValue));
        await Assert.ThrowsAsync<RestoreBrokenOffException>(async () =>
        {
            var overtaken = new RestoreBatch(scene.Connection, "another");
            await overtaken.DeleteAsync(CatalogKeys.App("a"));
            await overtaken.FlushAsync();
        });

        await new StoreRestore(scene.Connection).RunAsync(file, "", Restoring);
        Assert.Equal("Ann", (await scene.Store.ReadHeadAsync()).Brakes.PauseAll?.By);
        Assert.Equal(["1"], await NamesAsync(scene, "a"));
        await (await Replay.OfAsync(new AuditStore(scene.Connection))).MustBeAsync(scene.Store);
    }

    [Fact]
    public async Task A_server_without_a_catalogue_takes_what_was_restored_and_one_with_a_catalogue_waits()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Named("a", "1"));
        var (file, _) = await BackUpAsync(scene);
        var held = await scene.WriteAsync(Named("b", "1"));
        var follower = await scene.FollowerAsync();

        var (_, version) = (await new StoreRestore(scene.Connection).RunAsync(file, "", Restoring))!.Value;

        await follower.UntilAsync(it => it.Status.State == ReplicaState.Diverged && it.Status.StoreVersion == version);
        Assert.Equal(held, follower.Current.Version);
        var newcomer = await scene.FollowerAsync();
        Assert.Equal(version, newcomer.Current.Version);
        await scene.Store.AcceptAsync();
        await follower.UntilAsync(version);
        Assert.Null(follower.Find("b"));
    }

    [Fact]
    public async Task A_backup_is_one_state_or_none()
    {
        await using var scene = await FilledAsync();
        await using var other = scene.NewConnection();
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(new CatalogStore(other), stop.Token);

        var whole = 0;
        for (var i = 0; i < 5; i++)
        {
            using var file = new MemoryStream();
            if (await new StoreBackup(scene.Connection, TimeProvider.System).TryWriteAsync(file)) whole++;
        }

        await stop.CancelAsync();
        Assert.True(await writing > 0);
        Assert.Equal(0, whole);
        await BackUpAsync(scene);

        static async Task<int> WriteAsync(CatalogStore store, CancellationToken stop)
        {
            var i = 0;
            for (; !stop.IsCancellationRequested; i++) await store.WriteAsync(new CatalogChange { Expected = (await store.ReadHeadAsync(CancellationToken.None)).Version, Written = [Named("busy", $"{i}")] });
            return i;
        }
    }

    /// <summary>A server that was not started yet; skips the test where there is none.</summary>
    protected abstract StoreFixture Server();

    private protected static async Task<(BackupFile File, List<string> Lines)> BackUpAsync(Scene scene)
    {
        var file = new MemoryStream();
        Assert.True(await new StoreBackup(scene.Connection, TimeProvider.System).TryWriteAsync(file));
        return (await BackupFile.OpenAsync(file), [.. Encoding.UTF8.GetString(file.ToArray()).TrimEnd().Split('\n')]);
    }

    private protected static AppDocument Named(string id, string name)
    {
        var app = Scene.App(id);
        app.Spec!.Name = name;
        return app;
    }

    /// <summary>More apps than one page or one change holds, with a past, brakes, tokens, and a document that is no text.</summary>
    private async Task<Scene> FilledAsync()
    {
        var scene = await Scene.InitializedAsync(Server());
        foreach (var ids in Enumerable.Range(0, 1200).Chunk(CatalogChange.MaxApps)) await scene.WriteAsync([.. ids.Select(i => Named($"app-{i:0000}", "1"))]);
        for (var i = 0; i < 40; i++) await scene.WriteAsync(Named("app-0007", $"name \"{i}\" åß"), Named("app-0008", "2"));
        await scene.DeleteAsync("app-0009");
        await scene.WriteAsync(Named("odd", "1"));
        await (await scene.RawAsync()).StringSetAsync(CatalogKeys.App("odd"), (RedisValue)new byte[] { 0xff, 0, 0x80 });
        await scene.BrakeAsync(new Brakes { PauseAll = new Mark { By = "Ann", Reason = "why \"not\"" } });
        await scene.BrakeAsync(Brakes.None);
        await new TokenStore(scene.Connection).CreateAsync(Ada with { Id = "t-other", Role = "promoter", Apps = ["app-0001"], Channels = ["stable"] });
        await scene.WriteAsync(Named("last", "1"));
        return scene;
    }

    private static async Task<string?[]> NamesAsync(Scene scene, params string[] ids) =>
        await scene.Store.ReadAppsAsync(ids).Select(static app => DocumentJson.ReadApp(app.Json, out _)?.Spec?.Name).ToArrayAsync();
}

public sealed class BackupOnGarnet : BackupContract
{
    [Fact]
    public async Task What_is_no_sound_backup_is_refused_in_words()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Named("a", "1"));
        var (_, lines) = await BackUpAsync(scene);

        await RefusedAsync("", "the backup is empty");
        await RefusedAsync("hello\n", "the file is no backup of Omaha");
        await RefusedAsync("""{"apps": []}""", "the file is no backup of Omaha");
        await RefusedAsync(string.Join('\n', lines.SkipLast(1)) + "\n", $"cut short: its end is missing after line {lines.Count - 1}");
        await RefusedAsync(string.Join('\n', lines)[..^200], "damaged: line");
        await RefusedAsync(string.Join('\n', lines).Replace("\"name\\\":\\\"1", "\"name\\\":\\\"2", StringComparison.Ordinal), "damaged: its content has the SHA-256");
        await RefusedAsync(string.Join('\n', lines.Append(lines[^1])) + "\n", "goes on after its end");
        await RefusedAsync(string.Join('\n', lines).Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal), "has the format 2, and this version reads 1");
        await RefusedAsync(string.Join('\n', lines).Replace("\"kind\":\"app\"", "\"kind\":\"application\"", StringComparison.Ordinal), "is of the kind \"application\"");
        await RefusedAsync(string.Join('\n', lines).Replace("\"id\":\"a\"", "\"id\":\"{A}\"", StringComparison.Ordinal), "has \"{A}\" for an app id");

        static async Task RefusedAsync(string text, string words)
        {
            using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));
            Assert.Contains(words, (await Assert.ThrowsAsync<BackupException>(() => BackupFile.OpenAsync(file))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_backup_in_which_any_byte_changed_is_refused()
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Named("a", "1"));
        var (_, lines) = await BackUpAsync(scene);
        var bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

        // The last byte only ends the last line.
        await Gen.Select(Gen.Int[0, bytes.Length - 2], Gen.Byte[1, 255]).SampleAsync(
            async change =>
            {
                var damaged = bytes.ToArray();
                damaged[change.Item1] ^= change.Item2;
                using var file = new MemoryStream(damaged);
                await Assert.ThrowsAsync<BackupException>(() => BackupFile.OpenAsync(file));
            },
            iter: 2000);
    }

    protected override StoreFixture Server() => new GarnetInProcess();
}

public sealed class BackupOnRedis : BackupContract
{
    protected override StoreFixture Server()
    {
        Assert.SkipWhen(RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");
        return new RedisServerProcess();
    }
}
