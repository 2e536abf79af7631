using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Omaha.Catalog;
using Omaha.Testing;

namespace Omaha.Redis.Tests;

/// <summary>A replica of a store of any shape, and a writer with a connection of its own.</summary>
internal sealed class Follower : IAsyncDisposable
{
    private readonly StoreConnection _reading;
    private readonly StoreConnection _writing;

    private Follower(StoreConnection reading, StoreConnection writing, CatalogReplica replica)
    {
        (_reading, _writing, Replica) = (reading, writing, replica);
        Store = new CatalogStore(writing);
    }

    public CatalogReplica Replica { get; }

    /// <summary>The writer's.</summary>
    public CatalogStore Store { get; }

    public static Task<Follower> StartAsync(string configuration) => StartAsync(new RedisOptions { Configuration = configuration }, new RedisOptions { Configuration = configuration });

    public static async Task<Follower> StartAsync(RedisOptions reader, RedisOptions writer, ILogger<CatalogReplica>? log = null)
    {
        var reading = new StoreConnection(reader);
        var replica = new CatalogReplica(reading, new CatalogStore(reading), new ReplicaOptions(), TimeProvider.System, log ?? NullLogger<CatalogReplica>.Instance);
        await replica.StartAsync(CancellationToken.None);
        return new Follower(reading, new StoreConnection(writer), replica);
    }

    /// <summary>Writes an app into a store, initialised or not, and tries again as long as that cannot be done.</summary>
    public async Task<StoreVersion> WriteAsync(string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                var expected = (await Store.ReadHeadAsync()).Version;
                if (expected.IsNone) expected = await Store.InitializeAsync();
                var result = await Store.WriteAsync(new CatalogChange { Expected = expected, Written = [Scene.App(id)] });
                if (result.IsCommitted) return result.Version;
            }
            catch (StoreUnavailableException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Replica.StopAsync(CancellationToken.None);
        Replica.Dispose();
        await _reading.DisposeAsync();
        await _writing.DisposeAsync();
    }
}
