using Omaha.Catalog;

namespace Omaha.Redis.Tests;

/// <summary>The catalogue as the audit tells it, from its first entry to its last.</summary>
internal sealed record Replay(IReadOnlyDictionary<string, byte[]> Apps, Brakes Brakes, IReadOnlyList<AuditEntry> Entries)
{
    /// <summary>Reads every entry and carries it out, and checks on the way that none is missing.</summary>
    public static async Task<Replay> OfAsync(AuditStore audit)
    {
        var apps = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var brakes = Brakes.None;
        var entries = await audit.ReadForwardAsync(0, long.MaxValue).ToListAsync();
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            Assert.Equal(i + 1, entry.Number);

            // Brakes of a store without a head are no change of the catalogue.
            var isChange = entry.Apps.Count > 0 || entry.Verb == AuditVerb.Apply.Name || (entry.Brakes is not null && entry.Revision > entries[i - 1].Revision);
            if (i > 0) Assert.Equal(entries[i - 1].Revision + (isChange ? 1 : 0), entry.Revision);
            foreach (var app in entry.Apps)
            {
                var document = await audit.ReadDocumentAsync(app.App, entry.Number);
                Assert.True(document.IsRecorded);
                Assert.Equal(app.After, document.Json is null ? null : DocumentDigest.Of(document.Json));
                Assert.Equal(app.Before, apps.TryGetValue(app.App, out var before) ? DocumentDigest.Of(before) : null);
                if (document.Json is null) apps.Remove(app.App);
                else apps[app.App] = document.Json;
            }

            if (entry.Brakes is not { } set) continue;
            brakes = set;
            Assert.Equal(DocumentJson.Write(set), DocumentJson.Write((await audit.ReadBrakesAsync(entry.Number))!));
        }

        return new Replay(apps, brakes, entries);
    }

    /// <summary>Asserts that the store holds what the audit tells, byte by byte.</summary>
    public async Task MustBeAsync(CatalogStore store)
    {
        var head = await store.ReadHeadAsync();
        var stored = await store.ReadAllAppsAsync().ToListAsync();
        Assert.Equal(Apps.Keys, stored.Select(app => app.Id));
        Assert.All(stored, app => Assert.Equal(Apps[app.Id], app.Json));
        Assert.Equal(DocumentJson.Write(Brakes), DocumentJson.Write(head.Brakes));
        if (Entries.Count > 0) Assert.Equal(head.Version.Revision, Entries[^1].Revision);
    }
}
