using Omaha.Catalog;
using Omaha.Control;
using Omaha.Hosting;
using Omaha.Redis;

namespace Omaha.Standalone;

/// <summary>What a new store is given: an epoch, the sample catalogue, and for the embedded one an admin's token in the data folder.</summary>
internal static class FirstRun
{
    private static readonly AuditActor Actor = new("first start", AuditActor.StoreAccess);

    /// <summary>Prepares the embedded store; what is there already is left alone.</summary>
    public static async Task PrepareAsync(StoreConnection connection, EmbeddedStore store, DataFolder folder)
    {
        // The epoch and the sample are two steps; should the process end between them, an empty catalogue at revision 0 is taken for a new one.
        var catalog = new CatalogStore(connection);
        if ((await catalog.ReadHeadAsync()).Version.Revision == 0) await WriteSampleAsync(catalog);
        if (File.Exists(folder.TokenPath)) return;

        // Durable first: a token on disk that the store does not know would never be replaced.
        var created = await AccessToken.CreateAsync(new TokenStore(connection), TokenGrant.Of(Role.Admin, "operator-token"), Actor, DateTimeOffset.UtcNow)
            ?? throw new SettingsException($"No token can be made for {folder.TokenPath}, which is missing: there are {TokenStore.MaxTokens} tokens already. Revoke some with omahactl token revoke.");
        await store.CommitAsync();
        folder.WriteToken(created.Text);
    }

    /// <summary>Puts the sample into a store of one's own.</summary>
    /// <exception cref="SettingsException">The store is in use.</exception>
    public static async Task LoadSampleAsync(StoreConnection connection)
    {
        var catalog = new CatalogStore(connection);
        if (await catalog.HasAnyKeyAsync()) throw new SettingsException("--load-sample is refused: the Redis of Redis:Configuration holds {omaha} keys already. Use an empty one, or start without --load-sample.");
        await WriteSampleAsync(catalog);
    }

    private static async Task WriteSampleAsync(CatalogStore catalog)
    {
        var now = DateTimeOffset.UtcNow;
        var version = await catalog.InitializeAsync(new AuditRecord(AuditVerb.Initialize, Actor, now));

        // A restore was broken off, and only a restore brings the store back.
        if (version.IsNone) return;
        var written = await catalog.WriteAsync(
            new CatalogChange { Expected = version, Written = [SampleCatalog.Create(now)] },
            new AuditRecord(AuditVerb.Apply, Actor, now) { Details = "the sample catalogue, with channels that have a past" });
        if (!written.IsCommitted) throw new SettingsException($"The sample catalogue was not loaded: something else wrote to the store at the same time and left it at {written.Version}.");
    }
}
