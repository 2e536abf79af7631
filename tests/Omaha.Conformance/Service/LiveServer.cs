using Omaha.Catalog;
using Omaha.Conformance;
using Omaha.Redis;
using Omaha.Testing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(LiveServer))]

// The tests share one server and one store, and some count what they caused: one after the other they stay exact.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Omaha.Conformance;

/// <summary>The server that all tests ask, with a real store behind it that holds <see cref="Catalogue"/>.</summary>
public sealed class LiveServer : OmahaServer, IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();
    private StoreConnection? _connection;

    public async ValueTask InitializeAsync()
    {
        await _store.StartAsync();
        _connection = new StoreConnection(new RedisOptions { Configuration = _store.Configuration }.Patient());
        await Store.InitializeAsync();
        await CommitAsync(new CatalogChange { Expected = (await Store.ReadHeadAsync()).Version, Written = Catalogue.All() });
        await StartAsync(_store.Configuration);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_connection is not null) await _connection.DisposeAsync();
        await _store.DisposeAsync();
    }

    private CatalogStore Store => new(_connection!);

    /// <summary>Writes apps and returns when the server serves them.</summary>
    internal async Task WriteAsync(params AppDocument[] documents)
    {
        foreach (var document in documents) Assert.Empty(AppValidator.Check(document));
        await ServeAsync(head => new CatalogChange { Expected = head, Written = documents });
    }

    /// <summary>Sets the brakes over all apps and returns when the server honours them.</summary>
    internal Task BrakeAsync(Brakes brakes) => ServeAsync(head => new CatalogChange { Expected = head, Brakes = brakes });

    /// <summary>Another server on the same store, with settings of its own.</summary>
    public async Task<OmahaServer> StartAnotherAsync(params (string Key, string Value)[] settings)
    {
        var another = new OmahaServer();
        await another.StartAsync(_store.Configuration, settings);
        return another;
    }

    private async Task ServeAsync(Func<StoreVersion, CatalogChange> change)
    {
        var version = await CommitAsync(change((await Store.ReadHeadAsync()).Version));
        await Replica.UntilAsync(replica => replica.Current.Version == version);
    }

    private async Task<StoreVersion> CommitAsync(CatalogChange change)
    {
        var result = await Store.WriteAsync(change);
        Assert.True(result.IsCommitted);
        return result.Version;
    }
}
