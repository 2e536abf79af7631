namespace Omaha.Server;

/// <summary>
/// How the server stops without losing a request: told to stop, it says on its health pages that it is not to be asked any more, and goes
/// on answering until load balancers have heard, each reply ending its connection.
/// </summary>
/// <remarks>
/// <code>
/// told to stop    /readyz and /healthz answer 503, each reply says Connection: close
/// Drain:Time - 1  (the last fifth when that is shorter) checks are answered 503 with Retry-After: whoever still comes, goes elsewhere
/// Drain:Time      the listener and idle connections are closed, what is under way is answered
/// Drain:Time + 3  what is still under way is cut off
/// </code>
/// A host that is stopped by its own program, without having been told by a signal, takes the same way. Ctrl-C does not wait: whoever presses it has no load balancer.
/// </remarks>
public sealed class Drain : IHostedLifecycleService, IDisposable
{
    /// <summary>How long requests that are under way when the time is over may take.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly TimeSpan _time;
    private readonly ConnectionGate _gate;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenRegistration _stopping;
    private volatile bool _isDraining;
    private volatile bool _isEnding;
    private ITimer? _cut;

    public Drain(ServerOptions options, ConnectionGate gate, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<Drain> log)
    {
        (_time, _gate, _clock, _log) = (options.DrainTime, gate, clock, log);
        _stopping = lifetime.ApplicationStopping.Register(() => _isDraining = true);
    }

    /// <summary>The server was told to stop.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>The time is nearly over: checks are refused.</summary>
    public bool IsEnding => _isEnding;

    /// <summary>Ends the waiting.</summary>
    public void Hurry() => _hurry.Cancel();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes before anything is stopped; and again for a host that is stopped twice.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_isEnding) return;
        _isDraining = true;
        var last = TimeSpan.FromTicks(Math.Min(TimeSpan.TicksPerSecond, _time.Ticks / 5));
        if (_time > TimeSpan.Zero) _log.Draining(_time.TotalSeconds);
        await WaitAsync(_time - last, cancellationToken);
        _isEnding = true;
        await WaitAsync(last, cancellationToken);
        _cut = _clock.CreateTimer(static gate => ((ConnectionGate)gate!).AbortAll(), _gate, Grace, Timeout.InfiniteTimeSpan);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _cut?.Dispose();
        _stopping.Dispose();
        _hurry.Dispose();
    }

    private async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        if (time <= TimeSpan.Zero) return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_hurry.Token, cancellationToken);
        await Task.Delay(time, _clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
