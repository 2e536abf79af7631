using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>
/// Writes down when planned rollouts begin and when rollouts are complete. Servers know by the clock and wait for nobody; this makes it history,
/// so that the release can go on to the next channel. Several control planes may do so at once: the second one finds it done.
/// </summary>
/// <remarks>It keeps in mind when there is something to write down of each app, and looks anew at the apps that changed.</remarks>
internal sealed partial class RolloutRecorder(CatalogStore store, TimeProvider time, ILogger<RolloutRecorder> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>By normalised id, when the next rollout of an app begins or is complete; apps whose rollouts all stand still are in here too.</summary>
    private readonly Dictionary<string, DateTimeOffset?> _rollouts = new(StringComparer.Ordinal);

    private StoreVersion _seen = StoreVersion.None;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do await RecordAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task RecordAsync(CancellationToken cancel)
    {
        try
        {
            await LookAsync(cancel);
            var now = time.GetUtcNow();
            foreach (var id in _rollouts.Where(rollout => rollout.Value <= now).Select(static rollout => rollout.Key).ToList()) await TryWriteAsync(id, cancel);
        }
        catch (Exception error)
        {
            // Machines are served by the clock meanwhile, and others say that the store is away. Nothing here may end the control plane.
            if (error is not StoreUnavailableException && !cancel.IsCancellationRequested) LogNotLooked(error);
        }
    }

    /// <summary>Finds the apps that roll something out, and when there is something to write down of it.</summary>
    private async Task LookAsync(CancellationToken cancel)
    {
        var head = await store.ReadHeadAsync(cancel);
        if (head.Version == _seen) return;

        var changes = await store.ReadChangesAsync(_seen, head.Version, cancel);
        if (changes is null) _rollouts.Clear();
        foreach (var id in changes?.Deleted ?? new HashSet<string>()) _rollouts.Remove(id);

        // What is under way is looked at again too: the brakes may have changed, which clocks heed.
        var apps = changes is null ? store.ReadAllAppsAsync(cancel) : store.ReadAppsAsync(changes.Written.Union(_rollouts.Keys).ToList(), cancel);
        await foreach (var app in apps)
        {
            if (app.Json is { } json && DocumentJson.ReadApp(json, out _) is { } document && HasRollouts(document) && Plan(document, head) is { } plan) _rollouts[app.Id] = plan.Document is not null ? time.GetUtcNow() : plan.NextAt;
            else _rollouts.Remove(app.Id);
        }

        _seen = head.Version;
    }

    /// <summary>Whatever is wrong with one app, the others are recorded.</summary>
    private async Task TryWriteAsync(string id, CancellationToken cancel)
    {
        try
        {
            await WriteAsync(id, cancel);
        }
        catch (Exception error) when (error is not (StoreUnavailableException or OperationCanceledException or ObjectDisposedException))
        {
            _rollouts[id] = null;
            LogNotRecorded(error, id);
        }
    }

    private async Task WriteAsync(string id, CancellationToken cancel)
    {
        var head = await store.ReadHeadAsync(cancel);
        if (head.Version.IsNone || await store.ReadAppAsync(id, cancel) is not { } json || DocumentJson.ReadApp(json, out _) is not { } document || Plan(document, head) is not { } plan)
        {
            _rollouts.Remove(id);
            return;
        }

        _rollouts[id] = plan.NextAt;
        if (plan.Document is not { } next) return;
        var what = plan.Begun.Select(static rollout => Words(rollout, "begun")).Concat(plan.Completed.Select(static rollout => Words(rollout, "complete")));
        var details = $"{plan.App} {string.Join(", ", what)}";
        var verb = plan.Completed.Count == 0 ? AuditVerb.BeginRollout : AuditVerb.CompleteRollout;
        var result = await store.WriteAsync(new CatalogChange { Expected = head.Version, Written = [next] }, new AuditRecord(verb, AuditActor.ControlPlane, time.GetUtcNow()) { Details = details });
        if (result.IsCommitted) LogRecorded(details, result.Version.Revision);
        else _rollouts[id] = time.GetUtcNow();
    }

    private static string Words(RecordedRollout rollout, string what) => $"{rollout.Version} on {rollout.Channel} for {rollout.Target}, {what} at {rollout.At:u}";

    /// <summary>Null for a document that must be left alone.</summary>
    private RecordPlan? Plan(AppDocument document, StoreHead head) =>
        RecordRollouts.Plan(document, new Stamp(time.GetUtcNow(), AuditActor.ControlPlane.Name) { Brakes = head.Brakes }).Plan;

    private static bool HasRollouts(AppDocument document) => document.State?.Channels?.Values.Any(static channel => channel?.Rollouts is { Count: > 0 }) == true;

    [LoggerMessage(EventId = 40, Level = LogLevel.Information, Message = "Rollout: {Details}; the catalogue is at revision {Revision}.")]
    private partial void LogRecorded(string details, long revision);

    [LoggerMessage(EventId = 42, Level = LogLevel.Warning, Message = "Rollouts could not be looked at; they are again in a moment.")]
    private partial void LogNotLooked(Exception error);

    [LoggerMessage(EventId = 41, Level = LogLevel.Error, Message = "What became of a rollout of {App} cannot be recorded; machines are served all the same.")]
    private partial void LogNotRecorded(Exception error, string app);
}
