using Omaha.Catalog;
using Omaha.Control;
using Omaha.Hosting;
using Omaha.Redis;

namespace Omaha.Standalone;

/// <summary>What a new store is given: an epoch, the sample catalogue, and an operator's token in the data folder.</summary>
internal static class FirstRun
{
    /// <summary>Prepares the store; what is there already is left alone.</summary>
    /// <param name="connection">The store.</param>
    /// <param name="folder">The data folder of the embedded store; null for a store of one's own.</param>
    /// <param name="loadSample">Whether a store of one's own is to get the sample.</param>
    /// <exception cref="SettingsException">The sample is wanted in a store that is in use.</exception>
    public static async Task PrepareAsync(StoreConnection connection, DataFolder? folder, bool loadSample)
    {
        var store = new CatalogStore(connection);
        if (folder is not null)
        {
            if ((await store.ReadHeadAsync()).Version.Revision == 0) await LoadSampleAsync(store);
            if (!File.Exists(folder.TokenPath)) folder.WriteToken(await AccessToken.CreateAsync(new TokenStore(connection), Role.Operator, "operator-token", DateTimeOffset.UtcNow));
        }
        else if (loadSample)
        {
            if (await store.HasAnyKeyAsync()) throw new SettingsException("--load-sample is refused: the Redis of Redis:Configuration holds {omaha} keys already. Use an empty one, or start without --load-sample.");
            await LoadSampleAsync(store);
        }
    }

    /// <summary>The epoch and the sample are two steps; should the process end between them, an empty catalogue at revision 0 is taken for a new one.</summary>
    private static async Task LoadSampleAsync(CatalogStore store)
    {
        var version = await store.InitializeAsync();
        var sample = SampleCatalog.Create(DateTimeOffset.UtcNow);
        var written = await store.WriteAsync(new CatalogChange { Expected = version, Written = [sample] });
        if (!written.IsCommitted) throw new SettingsException($"The sample catalogue was not loaded: something else wrote to the store at the same time and left it at {written.Version}.");
    }
}
