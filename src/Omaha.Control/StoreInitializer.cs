using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>Begins an epoch in a store that has none, once after the start, as soon as the store can be reached.</summary>
/// <remarks>Only once: a store that loses its epoch later was emptied, and to begin anew is then for an operator to decide.</remarks>
internal sealed partial class StoreInitializer(CatalogStore store, TimeProvider time, ILogger<StoreInitializer> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 1; !stoppingToken.IsCancellationRequested; attempt++)
        {
            try
            {
                var version = await store.InitializeAsync(new AuditRecord(AuditVerb.Initialize, AuditActor.ControlPlane, time.GetUtcNow()));
                if (version.IsNone) LogBrokenOff();
                else LogReady(version.Epoch, version.Revision);
                return;
            }
            catch (Exception error) when (stoppingToken.IsCancellationRequested && error is OperationCanceledException or ObjectDisposedException)
            {
                // The connection was closed under a command that was on its way.
                return;
            }
            catch (StoreUnavailableException away)
            {
                if (attempt == 1) LogWaiting(away.Message);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The store is at revision {Revision} of epoch {Epoch}.")]
    private partial void LogReady(string epoch, long revision);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "The store has no epoch, and a restore of it is under way or was broken off; omahactl restore must be run to its end.")]
    private partial void LogBrokenOff();

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Reason} Waiting for it.")]
    private partial void LogWaiting(string reason);
}
