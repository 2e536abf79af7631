using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Omaha.Catalog;

namespace Omaha.Server;

/// <summary>
/// The catalogue as it is served here: the replica's, braked where this server's own configuration says so. That works without the store
/// and without the control plane, by editing a file.
/// </summary>
public sealed class LocalBrakes : ISnapshotSource, IDisposable
{
    /// <summary>The setting.</summary>
    public const string Key = "Brakes:PauseAll";

    private readonly ISnapshotSource _catalog;
    private readonly IConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IDisposable _changes;
    private volatile Brakes? _brakes;
    private volatile Braked? _braked;

    public LocalBrakes(ISnapshotSource catalog, IConfiguration configuration, TimeProvider time, ILogger<LocalBrakes> log)
    {
        (_catalog, _configuration, _time, _log) = (catalog, configuration, time, log);
        Read();
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Read);
    }

    public CatalogSnapshot Current
    {
        get
        {
            var snapshot = _catalog.Current;
            if (_brakes is not { } brakes) return snapshot;
            if (_braked is { } known && known.Of == snapshot && known.By == brakes) return known.Snapshot;

            var edit = snapshot.Edit();
            edit.Brakes = Brakes.Union(snapshot.Brakes, brakes);
            var braked = new Braked(snapshot, brakes, edit.Build());
            _braked = braked;
            return braked.Snapshot;
        }
    }

    public DateTimeOffset RampLimit => _catalog.RampLimit;

    public void Dispose() => _changes.Dispose();

    private void Read()
    {
        var value = _configuration[Key];
        var isPaused = value is not null && (!bool.TryParse(value, out var flag) || flag);
        if (isPaused && !bool.TryParse(value, out _)) _log.LocalBrakeIsUnreadable();
        if (isPaused == _brakes is not null) return;

        if (isPaused) _log.PausedHere();
        else _log.ResumedHere();
        _brakes = isPaused ? new Brakes { PauseAll = new Mark { At = _time.GetUtcNow(), By = "this server's configuration", Reason = $"{Key} is set" } } : null;
    }

    private sealed record Braked(CatalogSnapshot Of, Brakes By, CatalogSnapshot Snapshot);
}
