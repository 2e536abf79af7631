using Omaha.Catalog;
using Omaha.Redis;
using Omaha.Testing;

namespace Omaha.Faults;

/// <summary>Every fault.</summary>
internal static class FaultCases
{
    private const string Lost = "1.5.0";
    private const string ClockLibrary = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("killed", "Redis is killed, and started again with its data")
        {
            IsQuick = true,
            Inject = static site => site.Single.Redis.KillAsync(),
            IsVisible = Each("Unreachable"),
            Heal = static site => RestartedAsync(site, static redis => redis.StartAsync()),
        },
        new("hung", "Redis is stopped (SIGSTOP), and goes on")
        {
            Inject = static site => Done(site.Single.Redis.Process.Suspend),
            IsVisible = Each("Unreachable"),
            Heal = static site => Done(site.Single.Redis.Process.Resume),
        },
        new("slow", "everything from and to Redis takes 300 ms longer")
        {
            Inject = static site => Done(() => site.Single.Let(LineFault.Slow)),
            IsVisible = static site => AllAsync(site, static async server => await server.MetricAsync("omaha_replica_age_seconds") > 0.7),
            Heal = static site => Done(() => site.Single.Let(LineFault.None)),
        },
        Line("refused", "connections to Redis are reset, and new ones refused", LineFault.Refused),
        Line("silent", "nothing gets through to Redis or back, and nobody says so", LineFault.Silent),
        Line("silent-to-servers", "Redis hears the servers, and they do not hear Redis", LineFault.SilentToClient),
        Line("silent-to-redis", "the servers hear Redis, and it does not hear them", LineFault.SilentToServer),
        new("resets", "connections to Redis are reset five times a second")
        {
            Inject = static async site =>
            {
                for (var i = 0; i < 15; i++)
                {
                    foreach (var line in site.Single.Lines) line.Reset();
                    await Task.Delay(200);
                }
            },
        },
        new("emptied", "Redis comes back without any data; the catalogue is applied anew and accepted")
        {
            Inject = static site => RestartedAsync(site, static redis => redis.RestartEmptyAsync()),
            IsVisible = Each("Lost"),
            Heal = static async site =>
            {
                await site.WriteAsync(static head => new CatalogChange { Expected = head, Written = [FaultCatalog.Offering(FaultRunner.First), .. FaultCatalog.Background()] });
                await site.Writer.AcceptAsync();
            },
        },
        Backup("old-backup", "Redis comes back as it was twelve changes ago, and is accepted", static async (site, backup) =>
        {
            for (var i = 0; i < 12; i++) await site.PublishAsync(FaultRunner.First);
            // Their answers stay the same, so only this tells that the servers hold what is lost now.
            await Until.TrueAsync(() => AllAsync(site, static async server => await server.MetricAsync("omaha_replica_revision") > 12), static () => "the changes did not arrive");
            await RestartedAsync(site, redis => redis.RestoreAsync(backup));
        }) with
        {
            IsVisible = Each("Diverged"),
            Heal = static site => site.Writer.AcceptAsync(),
        },
        Backup("lost-writes", "Redis comes back without its last change, as after a fail-over", static async (site, backup) =>
        {
            await site.PublishAsync(Lost);
            await site.UntilAllAnswerAsync(FaultCatalog.Offer(Lost));
            await RestartedAsync(site, redis => redis.RestoreAsync(backup));
        }) with
        {
            AlsoRight = [FaultCatalog.Offer(Lost)],
            IsVisible = static site => AllAsync(site, static async server => await server.MetricAsync("omaha_replica_loads_total{kind=\"full\"}") > 1),
        },
        new("wrong-password", "the account's password is changed, and the servers' file only later")
        {
            Inject = static async site =>
            {
                await site.Single.Redis.Process.CommandAsync("ACL", "SETUSER", RedisUsers.Server.User, "resetpass", ">second");
                await site.Single.Redis.Process.CommandAsync("CLIENT", "KILL", "USER", RedisUsers.Server.User);
            },
            IsVisible = Each("Unreachable"),
            Heal = static site => File.WriteAllTextAsync(site.PasswordFile, "second"),
        },
        new("new-password", "the account gets another password, the servers' file too, and the old one is taken back")
        {
            Inject = static async site =>
            {
                await site.Single.Redis.Process.CommandAsync("ACL", "SETUSER", RedisUsers.Server.User, ">second");
                await File.WriteAllTextAsync(site.PasswordFile, "second");
                await site.Single.Redis.Process.CommandAsync("ACL", "SETUSER", RedisUsers.Server.User, "<" + RedisUsers.Server.Password);
                await site.Single.Redis.Process.CommandAsync("CLIENT", "KILL", "USER", RedisUsers.Server.User);
            },
        },
        new("full", "Redis has no memory left, and must not evict")
        {
            Inject = static async site =>
            {
                await site.Single.Redis.Process.CommandAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
                await site.Single.Redis.Process.CommandAsync("CONFIG", "SET", "maxmemory", "100kb");
            },
            IsVisible = static async site =>
            {
                try
                {
                    await site.Writer.AcceptAsync();
                    return false;
                }
                catch (StoreUnavailableException refused)
                {
                    return refused.Message.Contains("OOM", StringComparison.Ordinal);
                }
            },
            Heal = static site => site.Single.Redis.Process.CommandAsync("CONFIG", "SET", "maxmemory", "0"),
        },
        new("corrupt-document", "the app's document is replaced by one with faults")
        {
            Inject = static site => site.WriteAsync(new AppDocument { App = FaultCatalog.App }),
            IsVisible = static site => AllAsync(site, static async server => await server.MetricAsync("omaha_apps_faulty") == 1),
        },
        new("unknown-feature", "the app's document requires what this version lacks")
        {
            AlsoRight = [FaultCatalog.NoUpdate],
            Inject = static async site =>
            {
                var document = FaultCatalog.Offering(FaultRunner.First);
                document.Requires = ["time-travel"];
                await site.WriteAsync(document);
            },
            IsVisible = static site => AllAsync(site, static async server => await server.MetricAsync("omaha_apps_unsupported") == 1),
        },
        new("clock-ahead", "the servers' clocks are set ahead by a year") { SkipReason = NoClock, Prepare = PrepareClockAsync, Inject = static site => SetClocksAsync(site, "+365d") },
        new("clock-back", "the servers' clocks are set back by a year") { SkipReason = NoClock, Prepare = PrepareClockAsync, Inject = static site => SetClocksAsync(site, "-365d") },
        new("brake-half-cut-off", "a brake is set while half of the servers cannot reach Redis")
        {
            IsQuick = true,
            Limit = OneSecond,
            ServerSettings = ["--Replica:FreezeAfter=1"],
            AlsoRight = [FaultCatalog.NoUpdate],
            Prepare = static server => File.WriteAllTextAsync(server.SettingsFile, "{}"),
            Inject = static async site =>
            {
                site.Single.Lines[1].Fault = LineFault.Silent;
                await Until.TrueAsync(() => site.Servers[1].IsAsync("Unreachable"), static () => "the server that is cut off does not say so");
            },
            IsVisible = static site => site.Servers[1].IsAsync("Unreachable"),
            Recover = static async site =>
            {
                await site.BrakeAsync(new Brakes { PauseAll = new Mark { By = "faults", Reason = "trying it" } });
                await Until.TrueAsync(() => site.Servers[0].AnswersAsync(FaultCatalog.NoUpdate), static () => "the server that reaches Redis does not obey");
            },
            Finish = LiftBrakeAsync,
        },
        FailOver("sentinel-killed", "the primary is killed, and Sentinels promote the replica", static () => new SentinelStore(), static primary => primary.KillAsync()) with { IsQuick = true },
        FailOver("sentinel-hung", "the primary is stopped (SIGSTOP), and Sentinels promote the replica", static () => new SentinelStore(), static primary => Done(primary.Suspend)),
        FailOver("cluster-killed", "the catalogue's node of a cluster is killed, and its replica takes over", static () => new ClusterStore(), static primary => primary.KillAsync()),
        FailOver("cluster-hung", "the catalogue's node of a cluster is stopped (SIGSTOP), and its replica takes over", static () => new ClusterStore(), static primary => Done(primary.Suspend)),
        new("started-while-away", "a server starts from its disk while Redis is away")
        {
            Inject = static site => site.Single.Redis.KillAsync(),
            IsVisible = Each("Unreachable"),
            Recover = StartAnotherAsync,
            Finish = static async site =>
            {
                await RestartedAsync(site, static redis => redis.StartAsync());
                await site.PublishAsync(FaultRunner.Next);
                await site.UntilAllAnswerAsync(FaultCatalog.Offer(FaultRunner.Next));
            },
        },
    ];

    private static string? NoClock => File.Exists(ClockLibrary) ? null : "libfaketime is not installed (Debian: apt-get install faketime)";

    private static FaultCase Line(string name, string what, LineFault fault) => new(name, what)
    {
        Inject = site => Done(() => site.Single.Let(fault)),
        IsVisible = Each("Unreachable"),
        Heal = static site => Done(() => site.Single.Let(LineFault.None)),
    };

    private static FaultCase Backup(string name, string what, Func<Site, string, Task> inject)
    {
        var backup = "";
        return new FaultCase(name, what)
        {
            Arrange = async site =>
            {
                backup = await site.Single.Redis.BackUpAsync();
                await site.ReconnectAsync();
                await site.UntilAllAsync(static server => server.IsAsync("Following"), static () => "not all servers follow Redis again");
            },
            Inject = site => inject(site, backup),
        };
    }

    private static FaultCase FailOver(string name, string what, Func<StoreShape> store, Func<RedisProcess, Task> lose)
    {
        RedisProcess? next = null;
        return new FaultCase(name, what)
        {
            NewStore = store,
            Limit = OneSecond,
            Inject = async site =>
            {
                (var primary, next) = site.Store is ClusterStore cluster ? await cluster.Cluster.OwnersAsync("{omaha}:head") : (((SentinelStore)site.Store).Set.First, ((SentinelStore)site.Store).Set.Second);
                await lose(primary);
            },
            IsVisible = static site => AllAsync(site, static async server => await server.MetricAsync("omaha_replica_age_seconds") > 1 || await server.IsAsync("Unreachable")),
            Heal = async site =>
            {
                // Whoever writes next writes to the new primary itself: what is measured is how long servers take to find it.
                await RedisSentinelSet.PrimaryAsync(next!);
                await site.ReconnectAsync(next!.Address);
            },
        };
    }

    /// <summary>Does something to Redis that ends the writer's connection.</summary>
    private static async Task RestartedAsync(Site site, Func<RedisServerProcess, Task> act)
    {
        await act(site.Single.Redis);
        await site.ReconnectAsync();
    }

    private static async Task LiftBrakeAsync(Site site)
    {
        // The server that is cut off goes on with what it has; its ramps stand still, and it can be braked by its own settings.
        var cutOff = site.Servers[1];
        if (!await cutOff.AnswersAsync(FaultCatalog.Offer(FaultRunner.First))) throw new InvalidOperationException("the server that is cut off does not answer as before");
        await Until.TrueAsync(async () => await cutOff.MetricAsync("omaha_ramps_frozen") == 1, static () => "the ramps of the server that is cut off go on");
        await File.WriteAllTextAsync(cutOff.SettingsFile, """{ "Brakes": { "PauseAll": true } }""");
        await Until.TrueAsync(() => cutOff.AnswersAsync(FaultCatalog.NoUpdate), static () => "the server that is cut off does not heed Brakes:PauseAll");

        await File.WriteAllTextAsync(cutOff.SettingsFile, "{}");
        site.Single.Let(LineFault.None);
        await site.UntilAllAnswerAsync(FaultCatalog.NoUpdate);
        await site.BrakeAsync(Brakes.None);
        await site.PublishAsync(FaultRunner.Next);
        await site.UntilAllAnswerAsync(FaultCatalog.Offer(FaultRunner.Next));
    }

    private static async Task StartAnotherAsync(Site site)
    {
        await using var server = site.NewServer("another", line: 0, $"--Redis:PasswordFile={site.PasswordFile}");
        File.Copy(site.Servers[0].SnapshotPath, server.SnapshotPath);
        server.Start();
        await server.UntilReadyAsync();
        if (!await server.AnswersAsync(FaultCatalog.Offer(FaultRunner.First)) || await server.MetricAsync("omaha_replica_from_disk") != 1) throw new InvalidOperationException("the server that started from its disk answers otherwise");
    }

    private static async Task PrepareClockAsync(ServerProcess server)
    {
        var file = ClockFile(server);
        await File.WriteAllTextAsync(file, "+0");
        foreach (var (name, value) in new[] { ("LD_PRELOAD", ClockLibrary), ("FAKETIME_TIMESTAMP_FILE", file), ("FAKETIME_NO_CACHE", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1") }) server.Environment[name] = value;
    }

    private static async Task SetClocksAsync(Site site, string offset)
    {
        foreach (var server in site.Servers) await File.WriteAllTextAsync(ClockFile(server), offset);
    }

    private static string ClockFile(ServerProcess server) => Path.Combine(server.Folder, "clock");

    private static Func<Site, Task<bool>> Each(string state) => site => AllAsync(site, server => server.IsAsync(state));

    private static async Task<bool> AllAsync(Site site, Func<ServerProcess, Task<bool>> condition)
    {
        foreach (var server in site.Servers)
        {
            if (!await condition(server)) return false;
        }

        return true;
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
