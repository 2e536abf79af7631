using Omaha.Redis;

namespace Omaha.Control;

/// <summary>Forgets what the audit kept for long enough, once an hour. Several control planes may do so at once.</summary>
internal sealed partial class AuditTrimmer(AuditStore audit, AuditTrimmer.Settings settings, TimeProvider time, ILogger<AuditTrimmer> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do await TrimAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task TrimAsync(CancellationToken cancel)
    {
        try
        {
            var horizon = time.GetUtcNow() - settings.Retention;
            if (await audit.TrimAsync(horizon, cancel) is > 0 and var forgotten) LogForgotten(forgotten, horizon);
        }
        catch (Exception error) when (error is StoreUnavailableException || (error is ObjectDisposedException && cancel.IsCancellationRequested))
        {
            // Nothing depends on it, and others say that the store is away.
        }
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "{Count} entries of the audit from before {Horizon:u} were forgotten.")]
    private partial void LogForgotten(int count, DateTimeOffset horizon);

    /// <param name="Retention">How long an entry is kept.</param>
    internal sealed record Settings(TimeSpan Retention);
}
