using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Everything a server needs to answer, at one moment: immutable, taken once for each request, so that a reply is wholly old or wholly new.</summary>
public sealed class CatalogSnapshot
{
    private readonly ShardedTable _apps;
    private readonly ShardedTable _aliases;

    private CatalogSnapshot(ShardedTable apps, ShardedTable aliases, StoreVersion version, Brakes brakes, bool isFromDisk)
    {
        _apps = apps;
        _aliases = aliases;
        Version = version;
        Brakes = brakes;
        IsFromDisk = isFromDisk;
        LeastPollInterval = brakes.PollInterval?.Seconds ?? 0;
        Pauses = brakes.PausedTimes();
    }

    /// <summary>No app at all.</summary>
    public static CatalogSnapshot Empty { get; } = new(ShardedTable.Empty, ShardedTable.Empty, StoreVersion.None, Brakes.None, isFromDisk: false);

    /// <summary>The state of the store that this shows.</summary>
    public StoreVersion Version { get; }

    public Brakes Brakes { get; }

    /// <summary>Nothing was loaded yet, which is not the same as a catalogue without apps.</summary>
    public bool IsNone => Version.IsNone && _apps.Count == 0;

    /// <summary>It was kept from an earlier run, and the store has not confirmed it since: what was being rolled out may have been stopped, so no release of a rollout is offered.</summary>
    public bool IsFromDisk { get; }

    /// <summary>Seconds that every machine is told to wait at least, 0 for no brake.</summary>
    internal int LeastPollInterval { get; }

    /// <summary>When everything is, and was, paused: ramps stand still.</summary>
    internal FrozenTimes Pauses { get; }

    public int AppCount => _apps.Count;

    public IEnumerable<CatalogApp> Apps => _apps.Apps;

    /// <summary>The app with a normalised id (<see cref="AppIds"/>), or null. An app's own id wins over another's alias.</summary>
    public CatalogApp? Find(ReadOnlySpan<byte> key)
    {
        var app = _apps.Find(key);
        return app is null && _aliases.Count > 0 ? _aliases.Find(key) : app;
    }

    public Editor Edit() => new(this);

    /// <summary>Collects changes against a snapshot and builds the next one. For one thread.</summary>
    public sealed class Editor
    {
        private readonly ShardedTable.Editor _apps;
        private readonly ShardedTable.Editor _aliases;

        internal Editor(CatalogSnapshot snapshot)
        {
            _apps = snapshot._apps.Edit();
            _aliases = snapshot._aliases.Edit();
            Version = snapshot.Version;
            Brakes = snapshot.Brakes;
            IsFromDisk = snapshot.IsFromDisk;
        }

        public StoreVersion Version { get; set; }

        public Brakes Brakes { get; set; }

        /// <inheritdoc cref="CatalogSnapshot.IsFromDisk"/>
        public bool IsFromDisk { get; set; }

        /// <summary>The app stored under an id, in any spelling.</summary>
        public CatalogApp? Find(string id) => _apps.Find(System.Text.Encoding.UTF8.GetBytes(AppIds.Normalize(id)));

        /// <summary>Adds an app or replaces its last form.</summary>
        public void Put(CatalogApp app)
        {
            RemoveAliases(app.Key);
            _apps.Put(app.Key, app);
            foreach (var alias in app.AliasKeys)
            {
                // An alias that two apps claim stays with the first; the control plane refuses such a file.
                if (_aliases.Find(alias) is null) _aliases.Put(alias, app);
            }
        }

        public void Remove(string id)
        {
            var key = System.Text.Encoding.UTF8.GetBytes(AppIds.Normalize(id));
            RemoveAliases(key);
            _apps.Remove(key);
        }

        public CatalogSnapshot Build() => new(_apps.Build(), _aliases.Build(), Version, Brakes, IsFromDisk);

        private void RemoveAliases(byte[] key)
        {
            if (_apps.Find(key) is not { } last) return;
            foreach (var alias in last.AliasKeys)
            {
                if (_aliases.Find(alias) == last) _aliases.Remove(alias);
            }
        }
    }
}
