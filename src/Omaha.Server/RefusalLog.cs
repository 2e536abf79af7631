namespace Omaha.Server;

/// <summary>Says once a minute, in one line, what was refused. A line for each bad request would let anyone fill the disk, and its body write into the log.</summary>
internal sealed class RefusalLog(ServerMetrics metrics, TimeProvider time, ILogger<RefusalLog> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly long[] _last = new long[ServerMetrics.Refusals.Length];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Write();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private void Write()
    {
        var counts = new List<string>();
        foreach (var refusal in ServerMetrics.Refusals)
        {
            var now = metrics.RefusalsBy(refusal);
            if (now > _last[(int)refusal]) counts.Add($"{refusal} {now - _last[(int)refusal]}");
            _last[(int)refusal] = now;
        }

        if (counts.Count > 0) log.RequestsWereRefused(string.Join(", ", counts));
    }
}
