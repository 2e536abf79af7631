using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Omaha.Catalog;
using Omaha.Testing;
using StackExchange.Redis;

namespace Omaha.Redis.Tests;

/// <summary>A running store, a writer's connection to it, and the replicas of one test.</summary>
internal sealed class Scene : IAsyncDisposable
{
    /// <summary>Tests share their machine: a slow answer is no failure.</summary>
    private const string Patient = ",asyncTimeout=30000";

    private readonly List<Follower> _followers = [];
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "omaha-snapshots-" + Guid.NewGuid().ToString("n"));

    private Scene(StoreFixture server) => Server = server;

    public StoreFixture Server { get; }

    public StoreConnection Connection { get; private set; } = null!;

    public CatalogStore Store { get; private set; } = null!;

    /// <summary>A file for a snapshot. Neither it nor its folder is there at first.</summary>
    public string SnapshotPath => Path.Combine(_folder, "catalogue.snapshot");

    /// <summary>A started store, without an epoch.</summary>
    public static async Task<Scene> NewAsync(StoreFixture server)
    {
        var scene = new Scene(server);
        try
        {
            await server.StartAsync();
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        await scene.ConnectAsync();
        return scene;
    }

    /// <summary>A started store with an epoch and no app.</summary>
    public static async Task<Scene> InitializedAsync(StoreFixture server)
    {
        var scene = await NewAsync(server);
        await scene.Store.InitializeAsync();
        return scene;
    }

    public static AppDocument App(string id, bool marked = false) =>
        new() { App = id, Spec = new AppSpec { Metrics = marked, Channels = new() { ["stable"] = new ChannelSpec() } } };

    /// <summary>A document that can be read and has a fault.</summary>
    public static AppDocument FaultyApp(string id) => new() { App = id };

    /// <summary>Gives the writer a new connection: the last one needs a moment to notice that the store is back.</summary>
    public async Task ConnectAsync()
    {
        if (Connection is not null) await Connection.DisposeAsync();
        Connection = NewConnection();
        Store = new CatalogStore(Connection);
    }

    public StoreConnection NewConnection() => new(new RedisOptions { Configuration = Server.Configuration + Patient });

    public Task<IDatabase> RawAsync() => Connection.DatabaseAsync();

    /// <summary>Writes apps as nobody else writes.</summary>
    public Task<StoreVersion> WriteAsync(params AppDocument[] apps) => CommitAsync(head => new CatalogChange { Expected = head, Written = apps });

    public Task<StoreVersion> DeleteAsync(params string[] ids) => CommitAsync(head => new CatalogChange { Expected = head, Deleted = ids });

    public Task<StoreVersion> BrakeAsync(Brakes brakes) => CommitAsync(head => new CatalogChange { Expected = head, Brakes = brakes });

    /// <summary>Tries a change that may be refused.</summary>
    public async Task TryAsync(AppDocument[] written, string[] deleted) =>
        await Store.WriteAsync(new CatalogChange { Expected = (await Store.ReadHeadAsync()).Version, Written = written, Deleted = deleted });

    /// <summary>A replica that was started.</summary>
    public Task<CatalogReplica> ReplicaAsync(TimeSpan? poll = null, string settings = "", ILogger<CatalogReplica>? log = null) =>
        ReplicaOfAsync(Server.Configuration + Patient + settings, poll, log);

    /// <summary>A replica that follows the store.</summary>
    public async Task<CatalogReplica> FollowerAsync(TimeSpan? poll = null, string settings = "")
    {
        var replica = await ReplicaAsync(poll, settings);
        await replica.UntilAsync(ReplicaState.Following);
        return replica;
    }

    /// <summary>A replica that was started and keeps its snapshot in <see cref="SnapshotPath"/>.</summary>
    public async Task<(CatalogReplica Replica, DiskSnapshot Disk)> KeeperAsync(ILogger<CatalogReplica>? log = null, ILogger<DiskSnapshot>? diskLog = null)
    {
        var connection = new StoreConnection(new RedisOptions { Configuration = Server.Configuration + Patient });
        var store = new CatalogStore(connection);
        var options = new DiskSnapshotOptions { Path = SnapshotPath, Interval = TimeSpan.FromMilliseconds(10), RetryAfter = TimeSpan.FromMilliseconds(50) };
        var disk = new DiskSnapshot(options, store, TimeProvider.System, diskLog ?? NullLogger<DiskSnapshot>.Instance);
        await disk.StartAsync(CancellationToken.None);
        var replica = await StartAsync(connection, store, disk, null, log);
        return (replica, disk);
    }

    /// <summary>Stops all replicas, as at the end of their processes.</summary>
    public async Task StopReplicasAsync()
    {
        foreach (var follower in _followers) await follower.DisposeAsync();
        _followers.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopReplicasAsync();
        await Connection.DisposeAsync();
        await Server.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private Task<CatalogReplica> ReplicaOfAsync(string configuration, TimeSpan? poll, ILogger<CatalogReplica>? log)
    {
        var connection = new StoreConnection(new RedisOptions { Configuration = configuration });
        return StartAsync(connection, new CatalogStore(connection), null, poll, log);
    }

    private async Task<CatalogReplica> StartAsync(StoreConnection connection, CatalogStore store, DiskSnapshot? disk, TimeSpan? poll, ILogger<CatalogReplica>? log)
    {
        var options = new ReplicaOptions { PollInterval = poll ?? TimeSpan.FromMilliseconds(50) };
        var replica = new CatalogReplica(connection, store, options, TimeProvider.System, log ?? NullLogger<CatalogReplica>.Instance, disk);
        _followers.Add(new Follower(replica, connection, disk));
        await replica.StartAsync(CancellationToken.None);
        return replica;
    }

    private async Task<StoreVersion> CommitAsync(Func<StoreVersion, CatalogChange> change)
    {
        var result = await Store.WriteAsync(change((await Store.ReadHeadAsync()).Version));
        Assert.True(result.IsCommitted);
        return result.Version;
    }

    private sealed record Follower(CatalogReplica Replica, StoreConnection Connection, DiskSnapshot? Disk) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Replica.StopAsync(CancellationToken.None);
            if (Disk is not null) await Disk.StopAsync(CancellationToken.None);
            Replica.Dispose();
            Disk?.Dispose();
            await Connection.DisposeAsync();
        }
    }
}

/// <summary>Remembers what was logged.</summary>
internal sealed class LogLines : ILogger<CatalogReplica>, ILogger<DiskSnapshot>
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string[] All => [.. _lines];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(formatter(state, exception));
}
