using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>Keeps the last good catalogue on disk, so that a server that starts while the store is away has something to answer from.</summary>
/// <remarks>
/// <para>
/// The replica says what it adopted; this asks the store for the documents that changed and writes the file anew: those documents, all others
/// from the last file, and the version that was adopted. Nothing waits for it, and it holds no document in memory but faulty ones: the replica
/// goes on whatever the disk does.
/// </para>
/// <para>
/// A document may be newer than the version that the file gives, never older: who starts from the file reads again what changed since. And
/// what was read belongs to the history of that version, else nothing is written.
/// </para>
/// </remarks>
public sealed class DiskSnapshot : BackgroundService
{
    /// <summary>Writing takes at most one part in this many of the time, so that a large catalogue that changes all the time does not keep the disk busy.</summary>
    private const int Share = 20;

    private readonly DiskSnapshotOptions _options;
    private readonly CatalogStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Lock _gate = new();
    private ChangedApps? _unwritten; // null: everything
    private SnapshotEnd? _adopted;
    private (Brakes Brakes, string? Acceptance)? _head;

    private volatile DiskSnapshotStatus _status;

    // Both belong to the loop, and to the reading before it begins.
    private SnapshotEnd? _onDisk;
    private bool _isForeign;

    public DiskSnapshot(DiskSnapshotOptions options, CatalogStore store, TimeProvider time, ILogger<DiskSnapshot> log)
    {
        (_options, _store, _time, _log) = (options, store, time, log);
        _status = new DiskSnapshotStatus(options.Path);
    }

    /// <summary>How the file stands.</summary>
    public DiskSnapshotStatus Status => _status;

    /// <summary>Reads the file; called once, before anything is adopted.</summary>
    /// <returns>The catalogue, marked as one from disk, and what the file shows; null when there is no file, or one that cannot be used, which is logged.</returns>
    internal (LoadedCatalog Catalog, SnapshotEnd End)? Read()
    {
        try
        {
            using var reader = SnapshotReader.Open(_options.Path);
            if (reader is null) return null;

            var apps = LoadedCatalog.None.Update();
            SnapshotEnd? end;
            while (reader.Next(out end) is { } record) apps.Take(record.App);

            var loaded = apps.Build(end!.Version, end.Brakes).With(end.Brakes, isFromDisk: true);
            _onDisk = end;
            _unwritten = ChangedApps.None;
            _status = _status with { Version = end.Version, Confirmed = end.Confirmed, Bytes = new FileInfo(_options.Path).Length };
            _log.SnapshotIsRead(_options.Path, loaded.Snapshot.AppCount, end.Version.Epoch, end.Version.Revision, end.Confirmed);
            return (loaded, end);
        }
        catch (SnapshotRefusedException refused)
        {
            _isForeign = refused.IsForeign;
            Fail($"The file {refused.Message}. {(_isForeign ? "It is left alone, and no snapshot is kept: remove it, or name another file." : "The server starts without it, and replaces it once it follows the store.")}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail($"The file cannot be read, and the server starts without it: {error.Message}");
        }

        return null;
    }

    /// <summary>The replica serves another state of the store.</summary>
    /// <param name="end">What it serves now.</param>
    /// <param name="changes">What changed since the last call; null when everything may have.</param>
    internal void Adopt(SnapshotEnd end, ChangedApps? changes)
    {
        lock (_gate)
        {
            _unwritten = Join(_unwritten, changes);
            _adopted = end;
        }

        Heed(end.Brakes, end.Acceptance);
    }

    /// <summary>Other brakes hold, or the store was accepted: that needs no document, and holds whatever state the store is in.</summary>
    internal void Heed(Brakes brakes, string? acceptance)
    {
        lock (_gate) _head = (brakes, acceptance);
        Wake();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rest = TimeSpan.Zero;
        var rested = _time.GetTimestamp();
        await using var alarm = _time.CreateTimer(static snapshot => ((DiskSnapshot)snapshot!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (await _wakes.Reader.ReadAsync(stoppingToken) && !_isForeign)
            {
                // Neither does a brake wait for its turn, nor for a store that is away.
                if (HeadToWrite() is { } head) await TryAsync(() => CopyAsync(head));

                var left = rest - _time.GetElapsedTime(rested);
                if (left > TimeSpan.Zero)
                {
                    alarm.Change(left, Timeout.InfiniteTimeSpan);
                    continue;
                }

                if (!TryTake(out var end, out var changes)) continue;
                var began = _time.GetTimestamp();
                var isDone = await TryAsync(() => WriteAsync(end, changes, stoppingToken));
                if (!isDone) GiveBack(changes);
                rested = _time.GetTimestamp();
                rest = TimeSpan.FromTicks(Math.Max((isDone ? _options.Interval : _options.RetryAfter).Ticks, _time.GetElapsedTime(began, rested).Ticks * Share));
                Wake();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not written yet is read from the store at the next start.
        }
    }

    private void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>What the file is to end with when its apps stay as they are; null when it ends so already, or there is none.</summary>
    private SnapshotEnd? HeadToWrite()
    {
        lock (_gate)
        {
            if (_onDisk is null || _head is not var (brakes, acceptance)) return null;
            return acceptance == _onDisk.Acceptance && LoadedCatalog.Same(brakes, _onDisk.Brakes) ? null : _onDisk with { Brakes = brakes, Acceptance = acceptance };
        }
    }

    /// <summary>Takes what is to be written; <paramref name="changes"/> is null when everything is.</summary>
    private bool TryTake([NotNullWhen(true)] out SnapshotEnd? end, out ChangedApps? changes)
    {
        lock (_gate)
        {
            changes = _onDisk is null ? null : _unwritten;
            end = null;
            if (_adopted is null || _adopted.Version == _onDisk?.Version) return false;

            end = _adopted with { Brakes = _head!.Value.Brakes, Acceptance = _head.Value.Acceptance };
            _unwritten = ChangedApps.None;
            return true;
        }
    }

    private void GiveBack(ChangedApps? changes)
    {
        lock (_gate) _unwritten = Join(changes, _unwritten);
    }

    private static ChangedApps? Join(ChangedApps? changes, ChangedApps? later) => changes is null || later is null ? null : changes.And(later);

    /// <summary>Whether a writing was done. A store that does not answer is the replica's to report.</summary>
    private async Task<bool> TryAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
        catch (SnapshotRefusedException refused)
        {
            _onDisk = null;
            Fail($"The file {refused.Message}. Something else changed it; it is written anew from the store.");
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail($"The file cannot be written, so a server that starts while the store is away does not have what changed since: {error.Message}");
            return false;
        }
    }

    /// <summary>Writes the file with the same apps and another end.</summary>
    private Task CopyAsync(SnapshotEnd end)
    {
        using var writer = new SnapshotWriter(_options.Path);
        Copy(writer, static _ => true);
        Finish(writer, end);
        return Task.CompletedTask;
    }

    private async Task WriteAsync(SnapshotEnd end, ChangedApps? changes, CancellationToken stop)
    {
        using var writer = new SnapshotWriter(_options.Path);

        // 1. The documents of what changed, good ones first.
        HashSet<string> good = new(StringComparer.Ordinal);
        Dictionary<string, SnapshotRecord> faulty = new(StringComparer.Ordinal);
        await foreach (var app in changes is null ? _store.ReadAllAppsAsync(ReadingPace.Background, stop) : _store.ReadAppsAsync(changes.Written, stop))
        {
            if (AppReader.Read(app, last: null, out _) is null) faulty[app.Id] = new SnapshotRecord(app.Json is null ? SnapshotRecordKind.Missing : SnapshotRecordKind.Faulty, app.Id, app.Json);
            else if (changes is null || good.Add(app.Id)) writer.Put(new SnapshotRecord(SnapshotRecordKind.Good, app.Id, app.Json));
        }

        // 2. All others as they were; of faulty ones the last good form.
        if (changes is null && faulty.Count > 0) Copy(writer, record => record.Kind == SnapshotRecordKind.Good && faulty.ContainsKey(record.Id));
        if (changes is not null) Copy(writer, record => !changes.Deleted.Contains(record.Id) && !good.Contains(record.Id) && (record.Kind == SnapshotRecordKind.Good || !faulty.ContainsKey(record.Id)));

        // 3. Faulty ones as they are.
        foreach (var record in faulty.Values) writer.Put(record);

        var head = await _store.ReadHeadAsync(stop);
        if (await _store.ReadChangesAsync(end.Version, head.Version, stop) is null) throw new StoreUnavailableException("The history of the store forked while it was read.");
        Finish(writer, end);
    }

    /// <summary>Takes records over from the last file. There may be none when everything was read.</summary>
    private void Copy(SnapshotWriter writer, Func<SnapshotRecord, bool> isWanted)
    {
        if (_onDisk is null) return;
        using var reader = SnapshotReader.Open(_options.Path) ?? throw new SnapshotRefusedException("is gone");
        while (reader.Next(out _) is { } record)
        {
            if (isWanted(record)) writer.Put(record);
        }
    }

    private void Finish(SnapshotWriter writer, SnapshotEnd end)
    {
        var bytes = writer.Finish(end);
        _onDisk = end;
        if (_status.Fault is not null) _log.SnapshotIsWritten(_options.Path);

        // At once: the new version beside the old fault would be no state that the file was ever in.
        _status = _status with { Version = end.Version, Confirmed = end.Confirmed, Bytes = bytes, Fault = null, Writings = _status.Writings + 1 };
    }

    private void Fail(string fault)
    {
        if (_status.Fault != fault) _log.SnapshotHasFault(_options.Path, Log.Plain(fault));
        _status = _status with { Fault = fault, Failures = _status.Failures + 1 };
    }
}
