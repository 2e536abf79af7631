using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Omaha.Catalog;
using Omaha.Testing;

namespace Omaha.Redis.Tests;

/// <summary>What a server that starts while the store is away has from an earlier run.</summary>
public sealed class DiskSnapshotTests
{
    private static readonly Brakes Braked = new() { PauseAll = new Mark { By = "someone", Reason = "because" } };

    [Fact]
    public async Task A_server_started_while_the_store_is_away_answers_from_disk()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await scene.WriteAsync(Scene.App("{A}"), Scene.App("b", marked: true));
        await KeepAsync(scene, await scene.BrakeAsync(Braked));
        await scene.Server.KillAsync();

        var (replica, disk) = await scene.KeeperAsync();

        await replica.UntilAsync(ReplicaState.Unreachable);
        Assert.True(replica.Status.HasCatalog);
        Assert.True(replica.Status.IsFromDisk);
        Assert.True(replica.Current.IsFromDisk);
        Assert.Equal(disk.Status.Version, replica.Status.Version);
        Assert.NotNull(replica.Age);
        Assert.Equal(AppStanding.Served, replica.StandingOf("a"));
        Assert.True(replica.IsMarked("b"));
        Assert.Equal("someone", replica.Current.Brakes.PauseAll?.By);
    }

    [Fact]
    public async Task What_changed_meanwhile_is_all_that_is_read_once_the_store_is_there()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await KeepAsync(scene, await scene.WriteAsync(Scene.App("a"), Scene.App("b"), Scene.App("c")));
        var version = await scene.WriteAsync(Scene.App("a", marked: true));
        version = await scene.DeleteAsync("b");

        var (replica, disk) = await scene.KeeperAsync();
        await replica.UntilAsync(version);

        Assert.False(replica.Status.IsFromDisk);
        Assert.False(replica.Current.IsFromDisk);
        Assert.True(replica.IsMarked("a"));
        Assert.Null(replica.Find("b"));
        Assert.Equal((0, 1), (replica.Status.FullLoads, replica.Status.Increments));
        await IsKeptAsync(disk, version);
    }

    [Fact]
    public async Task What_was_deleted_or_changed_does_not_come_back_from_disk()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await scene.WriteAsync(Scene.App("a"), Scene.App("b"), Scene.App("c"));
        var (_, disk) = await scene.KeeperAsync();
        await IsKeptAsync(disk, (await scene.Store.ReadHeadAsync()).Version);
        await IsKeptAsync(disk, await scene.DeleteAsync("a", "b"));
        await IsKeptAsync(disk, await scene.WriteAsync(Scene.App("b", marked: true), Scene.App("d")));
        await scene.StopReplicasAsync();
        await scene.Server.KillAsync();

        var (replica, _) = await scene.KeeperAsync();

        await replica.UntilAsync(ReplicaState.Unreachable);
        Assert.Equal(["b", "c", "d"], replica.Current.Apps.Select(app => app.Id).Order(StringComparer.Ordinal));
        Assert.True(replica.IsMarked("b"));
    }

    [Fact]
    public async Task Faulty_and_unsupported_apps_are_on_disk_what_they_were()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        var unsupported = Scene.App("later");
        unsupported.Requires = ["time-travel"];
        await scene.WriteAsync(Scene.App("was-good", marked: true), Scene.FaultyApp("never-good"), unsupported);
        var (first, disk) = await scene.KeeperAsync();
        await IsKeptAsync(disk, (await scene.Store.ReadHeadAsync()).Version);
        await IsKeptAsync(disk, await scene.WriteAsync(Scene.FaultyApp("was-good")));
        await IsKeptAsync(disk, await scene.WriteAsync(Scene.App("other")));
        var before = first.Status;
        await scene.StopReplicasAsync();
        await scene.Server.KillAsync();

        var (replica, _) = await scene.KeeperAsync();

        await replica.UntilAsync(ReplicaState.Unreachable);
        Assert.True(replica.IsMarked("was-good"));
        Assert.Equal(AppStanding.Unreadable, replica.StandingOf("never-good"));
        Assert.Equal(AppStanding.Unsupported, replica.StandingOf("later"));
        Assert.Equal(before.Faulty, replica.Status.Faulty);
        Assert.Equal(before.Unsupported, replica.Status.Unsupported);
    }

    [Fact]
    public async Task The_last_good_form_of_a_faulty_app_outlives_a_full_load()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await scene.WriteAsync(Scene.App("a", marked: true), Scene.App("b"));
        var (first, disk) = await scene.KeeperAsync();
        await IsKeptAsync(disk, (await scene.Store.ReadHeadAsync()).Version);
        var version = await scene.WriteAsync(Scene.FaultyApp("a"));
        await first.UntilAsync(version);
        var raw = await scene.RawAsync();
        await raw.StringSetAsync(CatalogKeys.Head, (version with { ChangeId = "forked" }).ToString());
        await IsKeptAsync(disk, version with { ChangeId = "forked" });
        await scene.StopReplicasAsync();
        await scene.Server.KillAsync();

        var (replica, _) = await scene.KeeperAsync();

        await replica.UntilAsync(ReplicaState.Unreachable);
        Assert.True(replica.IsMarked("a"));
        Assert.Equal(["a"], replica.Status.Faulty.Select(app => app.Id));
    }

    [Fact]
    public async Task Brakes_of_a_store_that_is_not_followed_are_kept()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        var held = await KeepAsync(scene, await scene.WriteAsync(Scene.App("a")));
        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await scene.Store.InitializeAsync();
        await scene.BrakeAsync(Braked);
        var (first, disk) = await scene.KeeperAsync();
        await first.UntilAsync(ReplicaState.Diverged);
        await Eventually.IsTrueAsync(() => disk.Status.Writings > 0);
        Assert.Equal(held, disk.Status.Version);
        await scene.StopReplicasAsync();
        await scene.Server.KillAsync();

        var (replica, _) = await scene.KeeperAsync();

        await replica.UntilAsync(ReplicaState.Unreachable);
        Assert.Equal("someone", replica.Current.Brakes.PauseAll?.By);
        Assert.NotNull(replica.Find("a"));
    }

    [Fact]
    public async Task A_store_with_another_history_than_the_disk_is_an_alarm_until_it_is_accepted()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        var held = await KeepAsync(scene, await scene.WriteAsync(Scene.App("a")));
        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await scene.Store.InitializeAsync();
        var version = await scene.WriteAsync(Scene.App("b"));

        var (replica, disk) = await scene.KeeperAsync();
        await replica.UntilAsync(ReplicaState.Diverged);
        Assert.Equal(held, replica.Current.Version);
        Assert.True(replica.Current.IsFromDisk);
        Assert.Equal(held, disk.Status.Version);

        await scene.Store.AcceptAsync();
        await replica.UntilAsync(version);
        await IsKeptAsync(disk, version);
    }

    [Fact]
    public async Task A_store_that_was_accepted_while_the_server_was_away_is_followed()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await KeepAsync(scene, await scene.WriteAsync(Scene.App("a")));
        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await scene.Store.InitializeAsync();
        var version = await scene.WriteAsync(Scene.App("b"));
        await AcceptAsync(scene, DateTimeOffset.UtcNow.AddMinutes(1));

        var (replica, _) = await scene.KeeperAsync();

        await replica.UntilAsync(version);
        Assert.Null(replica.Find("a"));
    }

    [Fact]
    public async Task An_acceptance_that_is_older_than_the_disk_came_with_a_backup_and_does_not_count()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await AcceptAsync(scene, DateTimeOffset.UtcNow.AddMinutes(-2));
        await KeepAsync(scene, await scene.WriteAsync(Scene.App("a")));
        await scene.Server.RestartEmptyAsync();
        await scene.ConnectAsync();
        await scene.Store.InitializeAsync();
        await scene.WriteAsync(Scene.App("b"));
        await AcceptAsync(scene, DateTimeOffset.UtcNow.AddMinutes(-3));

        var (replica, _) = await scene.KeeperAsync();

        await replica.UntilAsync(ReplicaState.Diverged);
        await replica.OnceMoreAsync();
        Assert.Equal(ReplicaState.Diverged, replica.Status.State);
        Assert.NotNull(replica.Find("a"));
    }

    [Fact]
    public async Task A_file_that_is_damaged_is_refused_and_replaced()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        var version = await KeepAsync(scene, await scene.WriteAsync(Scene.App("a")));
        var bytes = await File.ReadAllBytesAsync(scene.SnapshotPath);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(scene.SnapshotPath, bytes);
        await scene.Server.KillAsync();

        var log = new LogLines();
        var (replica, disk) = await scene.KeeperAsync(diskLog: log);
        await replica.UntilAsync(ReplicaState.Unreachable);
        Assert.False(replica.Status.HasCatalog);
        Assert.Contains("damaged", disk.Status.Fault);
        Assert.Contains(scene.SnapshotPath, Assert.Single(log.All));

        await scene.Server.StartAsync();
        await replica.UntilAsync(version);
        await IsKeptAsync(disk, version);
        Assert.Null(disk.Status.Fault);
        Assert.Equal(2, log.All.Length);
    }

    [Fact]
    public async Task A_file_of_somebody_else_is_refused_and_left_alone()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        Directory.CreateDirectory(Path.GetDirectoryName(scene.SnapshotPath)!);
        await File.WriteAllTextAsync(scene.SnapshotPath, "root:x:0:0:root:/root:/bin/bash\n");
        await scene.WriteAsync(Scene.App("a"));

        var (replica, disk) = await scene.KeeperAsync();
        await replica.UntilAsync(ReplicaState.Following);
        await replica.UntilAsync(await scene.WriteAsync(Scene.App("b")));

        Assert.Contains("is no snapshot of Omaha", disk.Status.Fault);
        Assert.Equal("root:x:0:0:root:/root:/bin/bash\n", await File.ReadAllTextAsync(scene.SnapshotPath));
        Assert.Equal(0, disk.Status.Writings);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_shown_and_written_once_it_can_be()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        var folder = Path.GetDirectoryName(scene.SnapshotPath)!;
        await File.WriteAllTextAsync(folder, "a file where the folder should be");
        var log = new LogLines();

        var (replica, disk) = await scene.KeeperAsync(diskLog: log);
        var version = await scene.WriteAsync(Scene.App("a"));
        await replica.UntilAsync(version);
        await Eventually.IsTrueAsync(() => disk.Status.Failures > 2);
        Assert.Contains("cannot be written", disk.Status.Fault);
        Assert.Single(log.All);

        File.Delete(folder);
        await IsKeptAsync(disk, version);
        Assert.Null(disk.Status.Fault);
        Assert.Equal(2, log.All.Length);
    }

    [Fact]
    public async Task A_new_version_is_never_shown_beside_the_fault_that_it_ended()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        var folder = Path.GetDirectoryName(scene.SnapshotPath)!;
        await File.WriteAllTextAsync(folder, "a file where the folder should be");
        DiskSnapshot? disk = null;
        var shown = new ConcurrentQueue<DiskSnapshotStatus>();
        var log = new EachLine(() => { if (Volatile.Read(ref disk) is { } started) shown.Enqueue(started.Status); });

        (_, disk) = await scene.KeeperAsync(diskLog: log);
        var version = await scene.WriteAsync(Scene.App("a"));
        await Eventually.IsTrueAsync(() => disk.Status.Failures > 2);
        File.Delete(folder);
        await IsKeptAsync(disk, version);

        // The line that tells of the end of the fault comes between the two.
        await Eventually.IsTrueAsync(() => !shown.IsEmpty);
        Assert.DoesNotContain(shown, status => status.Fault is not null && !status.Version.IsNone);
    }

    [Fact]
    public async Task A_file_that_vanishes_is_written_anew()
    {
        await using var scene = await Scene.InitializedAsync(new GarnetInProcess());
        await scene.WriteAsync(Scene.App("a"), Scene.App("b"));
        var (_, disk) = await scene.KeeperAsync();
        await IsKeptAsync(disk, (await scene.Store.ReadHeadAsync()).Version);

        File.Delete(scene.SnapshotPath);
        await IsKeptAsync(disk, await scene.WriteAsync(Scene.App("c")));
        await scene.StopReplicasAsync();
        await scene.Server.KillAsync();

        var (replica, _) = await scene.KeeperAsync();
        await replica.UntilAsync(ReplicaState.Unreachable);
        Assert.Equal(3, replica.Current.AppCount);
    }

    /// <summary>Does something at each line of a log, while it is written.</summary>
    private sealed class EachLine(Action act) : ILogger<DiskSnapshot>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => act();
    }

    private static Task<string> AcceptAsync(Scene scene, DateTimeOffset at) => scene.Store.AcceptAsync(new AuditRecord(AuditVerb.AcceptStore, UnauditedCalls.Tester, at));

    /// <summary>Has a server keep the store's state, and ends it.</summary>
    private static async Task<StoreVersion> KeepAsync(Scene scene, StoreVersion version)
    {
        var (_, disk) = await scene.KeeperAsync();
        await IsKeptAsync(disk, version);
        await scene.StopReplicasAsync();
        return version;
    }

    private static Task IsKeptAsync(DiskSnapshot disk, StoreVersion version) =>
        Eventually.IsTrueAsync(() => disk.Status.Version == version, () => $"{disk.Status} instead of {version}");
}
