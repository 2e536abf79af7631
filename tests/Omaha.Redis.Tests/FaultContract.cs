using Omaha.Catalog;
using Omaha.Testing;

namespace Omaha.Redis.Tests;

/// <summary>The line to the store is cut at each command of a change in turn, or the store is killed there: what is there afterwards is the old state or the new one, and the audit tells which.</summary>
public abstract class FaultContract
{
    private static readonly AuditActor Ann = new("Ann", "operator");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_is_made_wholly_or_not_at_all(bool afterwards)
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Named("a", "0"), Named("b", "0"), Named("c", "0"));
        await ForEachCutAsync(scene, afterwards, async (step, connection, settleAsync) =>
        {
            var store = new CatalogStore(connection);
            var before = (await scene.Store.ReadHeadAsync()).Version;
            var name = $"{step}";
            var result = await OutcomeAsync(async () => await store.WriteAsync(
                new CatalogChange { Expected = (await store.ReadHeadAsync()).Version, Written = [Named("a", name), Named("b", name), Named($"new-{step}", name)], Deleted = [$"new-{step - 1}"], Brakes = new Brakes { PauseAll = new Mark { By = name } } },
                new AuditRecord(AuditVerb.Apply, Ann, DateTimeOffset.UnixEpoch)));

            await settleAsync();
            var head = await scene.Store.ReadHeadAsync();
            var isMade = head.Version.Revision == before.Revision + 1;
            if (!isMade) Assert.Equal(before, head.Version);
            Assert.Equal(isMade, head.Brakes.PauseAll?.By == name);
            Assert.Equal(isMade, await scene.Store.ReadAppAsync($"new-{step}") is not null);
            Assert.Equal([isMade, isMade], (await NamesAsync(scene, "a", "b")).Select(found => found == name));
            await (await Replay.OfAsync(new AuditStore(scene.Connection))).MustBeAsync(scene.Store);

            // Who is told something is told the truth.
            if (result is true) Assert.True(isMade);
            if (result is false) Assert.False(isMade);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_is_made_and_recorded_or_neither(bool afterwards)
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await ForEachCutAsync(scene, afterwards, async (step, connection, settleAsync) =>
        {
            var number = (await new AuditStore(scene.Connection).ReadLastAsync())!.Number;
            var result = await OutcomeAsync(async () => await new TokenStore(connection).CreateAsync(new StoredToken($"t{step}", "viewer", "Vic", "hash", DateTimeOffset.UnixEpoch), new AuditRecord(AuditVerb.CreateToken, Ann, DateTimeOffset.UnixEpoch)));

            await settleAsync();
            var isMade = await new TokenStore(scene.Connection).FindAsync($"t{step}") is not null;
            Assert.Equal(number + (isMade ? 1 : 0), (await new AuditStore(scene.Connection).ReadLastAsync())!.Number);
            if (result is { } told) Assert.Equal(told, isMade);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restore_shows_servers_the_old_state_or_the_new_one(bool afterwards)
    {
        await using var scene = await Scene.InitializedAsync(Server());
        await scene.WriteAsync(Named("a", "old"), Named("b", "old"));
        await scene.WriteAsync(Named("c", "old"));
        using var file = new MemoryStream();
        Assert.True(await new StoreBackup(scene.Connection, TimeProvider.System).TryWriteAsync(file));
        var backup = await BackupFile.OpenAsync(file);
        var record = new AuditRecord(AuditVerb.Restore, Ann, DateTimeOffset.UnixEpoch);

        var replica = await scene.FollowerAsync();
        await ForEachCutAsync(scene, afterwards, async (step, connection, settleAsync) =>
        {
            var now = $"{step}";
            if ((await scene.Store.ReadHeadAsync()).Version.IsNone) Assert.NotNull(await new StoreRestore(scene.Connection).RunAsync(backup, "", record));
            var restored = (await scene.Store.ReadHeadAsync()).Version;
            await replica.UntilAsync(it => it.Status.StoreVersion == restored);
            await scene.Store.AcceptAsync();
            var version = await scene.WriteAsync(Named("a", now), Named("b", now));
            await replica.UntilAsync(version);

            var result = await OutcomeAsync(async () => await new StoreRestore(connection).RunAsync(backup, "", record));

            await settleAsync();
            var head = (await scene.Store.ReadHeadAsync()).Version;

            // Without a head it is lost to everybody, whatever it holds; nothing but a restore brings it back.
            if (head.IsNone)
            {
                Assert.True((await scene.Store.InitializeAsync()).IsNone);
                Assert.NotEqual(true, result);
            }
            else
            {
                Assert.Equal(result is false ? [now, now, "old"] : result is true ? ["old", "old", "old"] : head == version ? [now, now, "old"] : ["old", "old", "old"], await NamesAsync(scene, "a", "b", "c"));
                await (await Replay.OfAsync(new AuditStore(scene.Connection))).MustBeAsync(scene.Store);
            }

            // A server keeps what it has until somebody accepts the other history.
            await replica.UntilAsync(it => it.Status.State != ReplicaState.Unreachable);
            await replica.OnceMoreAsync();
            Assert.Equal(version, replica.Current.Version);
        });

        if ((await scene.Store.ReadHeadAsync()).Version.IsNone) await new StoreRestore(scene.Connection).RunAsync(backup, "", record);
        await (await Replay.OfAsync(new AuditStore(scene.Connection))).MustBeAsync(scene.Store);
        Assert.Equal(["old", "old", "old"], await NamesAsync(scene, "a", "b", "c"));
        var last = (await scene.Store.ReadHeadAsync()).Version;
        await replica.UntilAsync(it => it.Status.StoreVersion == last);
        await scene.Store.AcceptAsync();
        await replica.UntilAsync(last);
    }

    /// <summary>A server that was not started yet; skips the test where there is none.</summary>
    protected abstract StoreFixture Server();

    /// <summary>Whether the store is killed where the line is cut.</summary>
    protected abstract bool Kills { get; }

    /// <summary>Does something over and over, cut at its first command, at its second, and so on, until it ends without being cut.</summary>
    private async Task ForEachCutAsync(Scene scene, bool afterwards, Func<int, StoreConnection, Func<Task>, Task> attempt)
    {
        for (var step = 1; ; step++)
        {
            Assert.InRange(step, 1, 200);
            await using var proxy = new CuttingProxy(scene.Server.Port, Kills ? scene.Server.RestartAsync : null);
            await using var connection = new StoreConnection(new RedisOptions { Configuration = $"{proxy.Configuration},asyncTimeout=30000,connectTimeout=30000,connectRetry=0" });
            await new CatalogStore(connection).ReadHeadAsync();
            proxy.CutAt(step, afterwards);
            await attempt(step, connection, async () =>
            {
                if (proxy.IsCut) await proxy.Cut;
                await scene.ConnectAsync();
            });
            if (!proxy.IsCut) return;
        }
    }

    /// <summary>True: it says that it was done; false: that it was not; null: that it does not know.</summary>
    private static async Task<bool?> OutcomeAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (RestoreBrokenOffException)
        {
            return null;
        }
        catch (OutcomeUnknownException)
        {
            return null;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private static async Task<string?[]> NamesAsync(Scene scene, params string[] ids) =>
        await scene.Store.ReadAppsAsync(ids).Select(static app => DocumentJson.ReadApp(app.Json, out _)?.Spec?.Name).ToArrayAsync();

    private static AppDocument Named(string id, string name)
    {
        var app = Scene.App(id);
        app.Spec!.Name = name;
        return app;
    }
}

public sealed class CutLineToGarnet : FaultContract
{
    protected override bool Kills => false;

    protected override StoreFixture Server() => new GarnetInProcess();
}

public class CutLineToRedis : FaultContract
{
    protected override bool Kills => false;

    protected override StoreFixture Server()
    {
        Assert.SkipWhen(RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");
        return new RedisServerProcess();
    }
}

public sealed class KilledRedis : CutLineToRedis
{
    protected override bool Kills => true;
}
