using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>Keeps a copy of the catalogue in memory as fresh as the store. Requests are answered from the copy alone, so the store may come and go.</summary>
/// <remarks>
/// <code>
///   disk ───────> held, and served if the first look finds no other
///   hint ──────┐
///   reconnect ─┼─> wake (at most one pending) ─> Refresh ─> head unchanged ───────────────────> Following
///   poll ──────┘                                    │       our change is in its log ─> increment ─^
///                                                   │       fail-over, or accepted ──> full load ──^
///                                                   │       another history ─────────────────────> Diverged, until accepted
///                                                   │       no head ─────────────────────────────> Lost
///                                                   └────── no answer ───────────────────────────> Unreachable
/// </code>
/// <para>
/// Versions are compared by equality, never by order: fail-overs and restored backups go backwards. Brakes are read with every head and hold
/// at once, whatever becomes of the rest; those of the last good catalogue are lifted only together with the catalogue that follows it.
/// </para>
/// </remarks>
public sealed class CatalogReplica : BackgroundService, ISnapshotSource
{
    /// <summary>How often brakes are looked at while everything is read, which may take minutes.</summary>
    private static readonly TimeSpan BrakeInterval = TimeSpan.FromMilliseconds(400);

    /// <summary>Longest time between two looks at a store that was not yet heard to tell of changes when it was looked at.</summary>
    private static readonly TimeSpan UntoldPollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the first look at the store may take before what is on disk is served: it may have been stopped meanwhile, so the store is asked first.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(400);

    /// <summary>A store that went back by more changes than this is not a fail-over, which loses the last few, but an old copy.</summary>
    internal const int FailOverDepth = 10;

    private readonly StoreConnection _connection;
    private readonly CatalogStore _store;
    private readonly DiskSnapshot? _disk;
    private readonly TimeSpan _pollInterval;
    private readonly TimeSpan _freezeAfter;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private volatile CatalogSnapshot _current = CatalogSnapshot.Empty;
    private volatile ReplicaStatus _status = new() { Message = "The store was not asked yet." };
    private volatile Confirmation? _confirmation;
    private long _rampLimit;
    private volatile TaskCompletionSource _refreshed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // All below belongs to the loop.
    private LoadedCatalog _held = LoadedCatalog.None;
    private SnapshotEnd? _kept;
    private Alarm? _alarm;
    private StoreHead? _head;
    private long _fullLoads;
    private long _increments;

    /// <param name="connection">The connection whose return is a reason to look.</param>
    /// <param name="store">The store to follow.</param>
    /// <param name="options">How.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="log">Where changes of state are told.</param>
    /// <param name="disk">Where the last good catalogue is kept; null where it is not.</param>
    public CatalogReplica(StoreConnection connection, CatalogStore store, ReplicaOptions options, TimeProvider time, ILogger<CatalogReplica> log, DiskSnapshot? disk = null)
    {
        if (options.PollInterval < TimeSpan.FromMilliseconds(50) || options.PollInterval > TimeSpan.FromMinutes(1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.PollInterval, "PollInterval must be from 50 ms to 1 minute.");
        }

        if (options.FreezeAfter < TimeSpan.FromSeconds(1) || options.FreezeAfter > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.FreezeAfter, "FreezeAfter must be from 1 second to 1 day.");
        }

        (_connection, _store, _disk, _pollInterval, _freezeAfter, _time, _log) = (connection, store, disk, options.PollInterval, options.FreezeAfter, time, log);
    }

    /// <summary>The catalogue to answer from. Reading it costs a field; take it once for each request.</summary>
    public CatalogSnapshot Current => _current;

    /// <summary>Moves on with every look at the store that confirms what is served, and stands still while none does.</summary>
    public DateTimeOffset RampLimit => new(Volatile.Read(ref _rampLimit), TimeSpan.Zero);

    /// <summary>How long ago the store last agreed with what is served; null when it never did. Setting the clock does not change it.</summary>
    public TimeSpan? Age => _confirmation is { } confirmation ? confirmation.AgeThen + _time.GetElapsedTime(confirmation.Timestamp) : null;

    /// <summary>How the replica stands, as of the last refresh.</summary>
    public ReplicaStatus Status => _status;

    /// <summary>Completes when the next refresh ends. To wait for a condition: take this, look, and wait if it does not hold yet.</summary>
    public Task NextRefresh => _refreshed.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _connection.Restored += Wake;
        _connection.Listen(CatalogKeys.Hint, Wake);
        try
        {
            await TakeFromDiskAsync();
            await using var freeze = _time.CreateTimer(static replica => ((CatalogReplica)replica!).StopRamps(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            await using var poll = _time.CreateTimer(static replica => ((CatalogReplica)replica!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            while (true)
            {
                var isTold = _connection.IsListening(CatalogKeys.Hint);
                await RefreshAsync(stoppingToken);
                if (_status.State == ReplicaState.Following) freeze.Change(_freezeAfter, Timeout.InfiniteTimeSpan);
                poll.Change((isTold || _pollInterval < UntoldPollInterval ? _pollInterval : UntoldPollInterval) * (0.8 + (0.4 * Random.Shared.NextDouble())), Timeout.InfiniteTimeSpan);
                await _wakes.Reader.ReadAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the snapshot keeps answering until it has.
        }
        finally
        {
            _connection.Restored -= Wake;
        }
    }

    private void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>The limit that was set with the last confirmation is of no use when the clock was set back since.</summary>
    private void StopRamps() => Volatile.Write(ref _rampLimit, Math.Min(Volatile.Read(ref _rampLimit), _time.GetUtcNow().UtcTicks));

    /// <summary>Holds what is on disk, without serving it yet.</summary>
    private async Task TakeFromDiskAsync()
    {
        if (_disk is null || await Task.Run(_disk.Read) is not var (catalog, end)) return;
        (_held, _kept) = (catalog, end);
        var age = _time.GetUtcNow() - end.Confirmed;
        _confirmation = new Confirmation(_time.GetTimestamp(), age > TimeSpan.Zero ? age : TimeSpan.Zero);
        _status = _status with { Confirmed = end.Confirmed };
    }

    /// <summary>Looks at the store once. Whatever goes wrong, the next poll tries again.</summary>
    private async Task RefreshAsync(CancellationToken stop)
    {
        using var patience = _current.Version.IsNone && !_held.Version.IsNone ? new CancellationTokenSource(FirstLook, _time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            await FollowAsync(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            Report(ReplicaState.Unreachable, "The store has not answered yet. Answering from the catalogue on disk.");
        }
        catch (StoreUnavailableException error)
        {
            Report(ReplicaState.Unreachable, $"{error.Message} Answering from the last good catalogue, if there is one.");
        }
        catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            if (_status.State != ReplicaState.Unreachable) _log.RefreshFailed(error);
            Report(ReplicaState.Unreachable, "The store was read, and this server could not follow it. The log tells why.");
        }
        finally
        {
            var refreshed = _refreshed;
            _refreshed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            refreshed.TrySetResult();
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        var head = await ReadHeadAsync(stop);
        if (head.Version.IsNone)
        {
            _alarm = null;
            Report(ReplicaState.Lost, _held.Version.IsNone
                ? "The store has no catalogue: it was never initialised, or was emptied. The control plane initialises it."
                : $"The store has lost its catalogue; this server holds {Say(_held.Version)} and answers from it. Restore the store from a backup; or make a token, apply the catalogue, and set and promote its channels anew. Then run `omahactl store accept`.");
            return;
        }

        if (head.Version == _held.Version)
        {
            Adopt(_held.With(head.Brakes, isFromDisk: false), ChangedApps.None);
        }
        else if (await _store.ReadChangesAsync(_held.Version, head.Version, stop) is { } changes)
        {
            await CatchUpAsync(_held.Update(), head, changes, isFromHeld: true, stop);
            _increments++;
        }
        else if (MustWait(head))
        {
            Report(ReplicaState.Diverged, $"The store is at {Say(head.Version)}, this server holds {Say(_held.Version)}: answering from the last good catalogue. Check the store, then run `omahactl store accept`.");
            return;
        }
        else
        {
            await LoadAsync(head, stop);
            _fullLoads++;
        }

        Report(ReplicaState.Following, $"The store is followed, at {Say(_held.Version)}.");
    }

    /// <summary>Reads the head and honours its brakes before anything else is tried.</summary>
    private async Task<StoreHead> ReadHeadAsync(CancellationToken stop)
    {
        var head = await _store.ReadHeadAsync(stop);
        if (head.Fault is { } fault && fault != _head?.Fault) _log.StoreIsFaulty(Log.Plain(fault.ToString()));
        _head = head;

        if (head.Version != _held.Version) Serve(_held.With(Brakes.Union(_held.Snapshot.Brakes, head.Brakes), _held.Snapshot.IsFromDisk).Snapshot);
        return head;
    }

    /// <summary>
    /// Whether only an operator can tell what is true: the store begins another history, or is an old copy of ours. A fail-over, which loses the
    /// last few changes or replaces them, is followed, unless there is an alarm already.
    /// </summary>
    private bool MustWait(StoreHead head)
    {
        if (_held.Version.IsNone) return false;

        var isFailOver = head.Version.Epoch == _held.Version.Epoch && _held.Version.Revision - head.Version.Revision <= FailOverDepth;
        if (isFailOver && _alarm is null) return false;

        // An acceptance counts when it was given to this store during this alarm; one that came with a backup does not.
        if (_alarm?.Epoch != head.Version.Epoch) _alarm = new Alarm(head.Version.Epoch, WasAcceptedMeanwhile(head) ? null : head.Acceptance);
        return head.Acceptance is null || head.Acceptance == _alarm.Acceptance;
    }

    /// <summary>Whether the store was accepted between the state on disk and this start, when this server could not see it.</summary>
    private bool WasAcceptedMeanwhile(StoreHead head) =>
        _kept is not null && Acceptance.GivenAt(head.Acceptance) is { } given && given > _kept.Confirmed && given > (Acceptance.GivenAt(_kept.Acceptance) ?? DateTimeOffset.MinValue);

    /// <summary>Reads everything. Pages are read one after the other, so what changed meanwhile is read again until the head stands still.</summary>
    private async Task LoadAsync(StoreHead before, CancellationToken stop)
    {
        var next = _held.Reload();
        var looked = _time.GetTimestamp();
        await foreach (var app in _store.ReadAllAppsAsync(_held.Version.IsNone ? ReadingPace.Starting : ReadingPace.Sharing, stop))
        {
            next.Take(app);
            if (_time.GetElapsedTime(looked) < BrakeInterval) continue;
            await ReadHeadAsync(stop);
            looked = _time.GetTimestamp();
        }

        var head = await ReadHeadAsync(stop);
        await CatchUpAsync(next, head, await ChangesAsync(before.Version, head.Version, stop), isFromHeld: false, stop);
    }

    /// <summary>Reads what changed, until what was read is one state of the store: nothing of it changed again while it was read.</summary>
    /// <remarks>Only a writer that changes the same app at every round trip can keep this going; a bulk of changes to many apps is followed on the way.</remarks>
    private async Task CatchUpAsync(LoadedCatalog.Editor next, StoreHead head, ChangedApps changes, bool isFromHeld, CancellationToken stop)
    {
        var sinceHeld = changes;
        while (true)
        {
            foreach (var id in changes.Deleted) next.Remove(id);
            await foreach (var app in _store.ReadAppsAsync(changes.Written, stop)) next.Take(app);

            var at = head.Version;
            head = await ReadHeadAsync(stop);
            if (head.Version == at)
            {
                Adopt(next.Build(at, head.Brakes), isFromHeld ? sinceHeld : null);
                return;
            }

            // Others changed: this state is whole, and worth serving before the next one is read. Its brakes are lifted with the last.
            var later = await ChangesAsync(at, head.Version, stop);
            var isWhole = !later.Written.Overlaps(changes.Written) && !later.Deleted.Overlaps(changes.Written);
            if (isWhole) Adopt(next.Build(at, Brakes.Union(_held.Snapshot.Brakes, head.Brakes)), isFromHeld ? sinceHeld : null);
            (sinceHeld, isFromHeld) = isWhole ? (later, true) : (sinceHeld.And(later), isFromHeld);
            changes = later;
        }
    }

    private async Task<ChangedApps> ChangesAsync(StoreVersion since, StoreVersion until, CancellationToken stop) =>
        await _store.ReadChangesAsync(since, until, stop)
        ?? throw new StoreUnavailableException("The history of the store forked, or ran away, while it was read; it is read again.");

    /// <param name="loaded">What is held and served from now on.</param>
    /// <param name="changes">What differs from what was held; null when everything may.</param>
    private void Adopt(LoadedCatalog loaded, ChangedApps? changes)
    {
        var last = _held;
        _held = loaded;
        Serve(loaded.Snapshot);
        _kept = null;
        _alarm = null;
        if (loaded.Version != last.Version) _disk?.Adopt(new SnapshotEnd(loaded.Version, loaded.Snapshot.Brakes, _head!.Acceptance, _time.GetUtcNow()), changes);

        if (loaded.Faulty != last.Faulty && !loaded.Faulty.SequenceEqual(last.Faulty))
        {
            if (loaded.Faulty.IsEmpty) _log.NoAppIsFaulty();
            else _log.AppsAreFaulty(loaded.Faulty.Count, Log.Plain(loaded.Faulty.First().Key), Log.Plain(loaded.Faulty.First().Value));
        }

        if (loaded.Unsupported != last.Unsupported && !loaded.Unsupported.IsEmpty && !loaded.Unsupported.SequenceEqual(last.Unsupported))
        {
            _log.AppsAreUnsupported(loaded.Unsupported.Count, Log.Plain(loaded.Unsupported.First().Key), Log.Plain(loaded.Unsupported.First().Value));
        }
    }

    private void Serve(CatalogSnapshot snapshot)
    {
        _current = snapshot;
        if (_head is { } head) _disk?.Heed(snapshot.Brakes, head.Acceptance);
    }

    private void Report(ReplicaState state, string message)
    {
        // The store was asked, and did not tell of another catalogue than the one on disk.
        if (_current.Version.IsNone && !_held.Version.IsNone) Serve(_held.Snapshot);

        var last = _status;
        var now = _time.GetUtcNow();
        if (state == ReplicaState.Following)
        {
            _confirmation = new Confirmation(_time.GetTimestamp(), TimeSpan.Zero);
            Volatile.Write(ref _rampLimit, (now + _freezeAfter).UtcTicks);
        }

        _status = new ReplicaStatus
        {
            State = state,
            Version = _held.Version,
            StoreVersion = _head?.Version ?? StoreVersion.None,
            IsFromDisk = _held.Snapshot.IsFromDisk,
            Confirmed = state == ReplicaState.Following ? now : last.Confirmed,
            Connected = _connection.IsConnected,
            HearsHints = _connection.IsListening(CatalogKeys.Hint),
            Message = message,
            StoreFault = _head?.Fault,
            Apps = _held.Snapshot.AppCount,
            FaultyApps = _held.Faulty.Count,
            Faulty = Listed(_held.Faulty),
            UnsupportedApps = _held.Unsupported.Count,
            Unsupported = Listed(_held.Unsupported),
            FullLoads = _fullLoads,
            Increments = _increments,
        };
        if (state == last.State) return;

        var plain = Log.Plain(message);
        if (state == ReplicaState.Following) _log.StateIsGood(state, plain);
        else _log.StateIsBad(state, plain);
    }

    private static ContainedApp[] Listed(IReadOnlyDictionary<string, string> apps) =>
        [.. apps.Take(ReplicaStatus.MaxListed).Select(static app => new ContainedApp(app.Key, app.Value))];

    private static string Say(StoreVersion version) => $"epoch {version.Epoch} revision {version.Revision}";

    /// <param name="Timestamp">When the store agreed with what is served, or what is on disk was read.</param>
    /// <param name="AgeThen">How long the agreement lay back then.</param>
    private sealed record Confirmation(long Timestamp, TimeSpan AgeThen);

    /// <summary>The store that the alarm is about, and the acceptance that it had when the alarm began.</summary>
    private sealed record Alarm(string Epoch, string? Acceptance);
}
