using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Testing;

/// <summary>Changes of the store by a test that does not care who is said to have made them.</summary>
public static class UnauditedCalls
{
    public static AuditActor Tester { get; } = new("tester", AuditActor.StoreAccess);

    public static Task<WriteResult> WriteAsync(this CatalogStore store, CatalogChange change) => store.WriteAsync(change, Record(AuditVerb.Apply));

    public static Task<StoreVersion> InitializeAsync(this CatalogStore store) => store.InitializeAsync(Record(AuditVerb.Initialize));

    public static Task<string> AcceptAsync(this CatalogStore store) => store.AcceptAsync(Record(AuditVerb.AcceptStore));

    public static async Task<bool> CreateAsync(this TokenStore tokens, StoredToken token) => await tokens.CreateAsync(token, Record(AuditVerb.CreateToken)) == TokenCreation.Done;

    public static Task<bool> DeleteAsync(this TokenStore tokens, string id) => tokens.DeleteAsync(id, Record(AuditVerb.RevokeToken));

    private static AuditRecord Record(AuditVerb verb) => new(verb, Tester, DateTimeOffset.UnixEpoch);
}
