using System.Collections.Immutable;
using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>A consistent state of the store as a server can use it: the snapshot, and which apps are not what the store says.</summary>
/// <param name="Snapshot">What is served.</param>
/// <param name="Faulty">By normalised id, the faults of apps that are served in their last good form, or not at all when none is known.</param>
/// <param name="Unsupported">By normalised id, what apps require that this build lacks; they are answered with noupdate.</param>
internal sealed record LoadedCatalog(CatalogSnapshot Snapshot, ImmutableSortedDictionary<string, string> Faulty, ImmutableSortedDictionary<string, string> Unsupported)
{
    private static readonly ImmutableSortedDictionary<string, string> NoApps = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Nothing was loaded yet.</summary>
    public static LoadedCatalog None { get; } = new(CatalogSnapshot.Empty, NoApps, NoApps);

    public StoreVersion Version => Snapshot.Version;

    /// <summary>The same with other brakes; itself when nothing differs.</summary>
    public LoadedCatalog With(Brakes brakes, bool isFromDisk)
    {
        if (Same(brakes, Snapshot.Brakes) && isFromDisk == Snapshot.IsFromDisk) return this;
        var edit = Snapshot.Edit();
        edit.Brakes = brakes;
        edit.IsFromDisk = isFromDisk;
        return this with { Snapshot = edit.Build() };
    }

    /// <summary>Begins the next state with all apps of this one.</summary>
    public Editor Update() => new(this, lastGood: this);

    /// <summary>Begins the next state with no app; faulty ones are still taken over from this one.</summary>
    public Editor Reload() => new(None, lastGood: this);

    /// <summary>Whether two brakes brake alike.</summary>
    public static bool Same(Brakes one, Brakes other) => one == other || DocumentJson.Write(one).AsSpan().SequenceEqual(DocumentJson.Write(other));

    /// <summary>Collects apps as they are read. For one thread.</summary>
    public sealed class Editor(LoadedCatalog start, LoadedCatalog lastGood)
    {
        private readonly CatalogSnapshot.Editor _next = start.Snapshot.Edit();
        private readonly CatalogSnapshot.Editor _last = lastGood.Snapshot.Edit();
        private readonly ImmutableSortedDictionary<string, string>.Builder _faulty = start.Faulty.ToBuilder();
        private readonly ImmutableSortedDictionary<string, string>.Builder _unsupported = start.Unsupported.ToBuilder();

        /// <summary>Takes an app as the store holds it now; a faulty one stays as it was last good.</summary>
        public void Take(StoredApp stored)
        {
            _faulty.Remove(stored.Id);
            _unsupported.Remove(stored.Id);
            var last = CatalogKeys.IsNormalized(stored.Id) ? _next.Find(stored.Id) ?? _last.Find(stored.Id) : null;
            if (AppReader.Read(stored, last, out var reason) is { } app)
            {
                _next.Put(app);
                if (reason is not null) _unsupported.Add(stored.Id, reason);
                return;
            }

            _faulty.Add(stored.Id, reason!);
            if (last is null && CatalogKeys.IsNormalized(stored.Id)) last = CatalogApp.NotServed(stored.Id, AppStanding.Unreadable);
            if (last is not null) _next.Put(last);
        }

        public void Remove(string normalizedId)
        {
            _faulty.Remove(normalizedId);
            _unsupported.Remove(normalizedId);
            if (CatalogKeys.IsNormalized(normalizedId)) _next.Remove(normalizedId);
        }

        public LoadedCatalog Build(StoreVersion version, Brakes brakes)
        {
            _next.Version = version;
            _next.Brakes = brakes;
            _next.IsFromDisk = false;
            return new LoadedCatalog(_next.Build(), _faulty.ToImmutable(), _unsupported.ToImmutable());
        }
    }
}
