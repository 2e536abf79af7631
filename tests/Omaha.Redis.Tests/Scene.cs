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

    private readonly List<(CatalogReplica Replica, StoreConnection Connection)> _replicas = [];

    private Scene(StoreFixture server) => Server = server;

    public StoreFixture Server { get; }

    public StoreConnection Connection { get; private set; } = null!;

    public CatalogStore Store { get; private set; } = null!;

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

    public async ValueTask DisposeAsync()
    {
        foreach (var (replica, connection) in _replicas)
        {
            await replica.StopAsync(CancellationToken.None);
            replica.Dispose();
            await connection.DisposeAsync();
        }

        await Connection.DisposeAsync();
        await Server.DisposeAsync();
    }

    private async Task<CatalogReplica> ReplicaOfAsync(string configuration, TimeSpan? poll, ILogger<CatalogReplica>? log)
    {
        var connection = new StoreConnection(new RedisOptions { Configuration = configuration });
        var options = new ReplicaOptions { PollInterval = poll ?? TimeSpan.FromMilliseconds(50) };
        var replica = new CatalogReplica(connection, new CatalogStore(connection), options, TimeProvider.System, log ?? NullLogger<CatalogReplica>.Instance);
        _replicas.Add((replica, connection));
        await replica.StartAsync(CancellationToken.None);
        return replica;
    }

    private async Task<StoreVersion> CommitAsync(Func<StoreVersion, CatalogChange> change)
    {
        var result = await Store.WriteAsync(change((await Store.ReadHeadAsync()).Version));
        Assert.True(result.IsCommitted);
        return result.Version;
    }
}

/// <summary>Remembers what was logged.</summary>
internal sealed class LogLines : ILogger<CatalogReplica>
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string[] All => [.. _lines];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(formatter(state, exception));
}
