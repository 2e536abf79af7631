using System.Text;
using Omaha.Catalog;
using Omaha.Testing;

namespace Omaha.Redis.Tests;

internal static class Snapshots
{
    public static CatalogApp? Find(this CatalogReplica replica, string id) => replica.Current.Find(Encoding.UTF8.GetBytes(id));

    public static AppStanding? StandingOf(this CatalogReplica replica, string id) => replica.Find(id)?.Standing;

    /// <summary>The one thing about an app that tests turn on and off and that can be seen from outside.</summary>
    public static bool? IsMarked(this CatalogReplica replica, string id) => replica.Find(id)?.CountedByName;

    /// <summary>Returns when the replica follows the store and is at a version.</summary>
    public static Task UntilAsync(this CatalogReplica replica, StoreVersion version) =>
        replica.UntilAsync(it => it.Status.State == ReplicaState.Following && it.Status.Version == version);
}
