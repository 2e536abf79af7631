namespace Omaha.Server;

/// <summary>
/// Which checks are held because the server is overloaded: those are answered with no update and a later time to ask again. An error would
/// make things worse: update_engine posts an event for each, and asks again as before.
/// </summary>
/// <remarks>
/// What is held is a share of all requests, chosen anew for each, so that no machine is left out for long and the load settles where the
/// server is just not overloaded. The share grows by a tenth with each window of measurement (<see cref="LoadMeasure.Window"/>) that is
/// overloaded, once there were four in a row; it falls by a fifth with each that is calm, once there were two. Between overloaded and calm (half the lag, nine
/// tenths of the CPU share) it stays as it is. So a spike holds nobody, the share does not flap, and all is normal within four
/// seconds after an overload ends.
/// </remarks>
public sealed class LoadHold(OverloadOptions options, ILogger<LoadHold> log)
{
    private const int WindowsToRise = 4;
    private const int WindowsToFall = 2;
    private const int Rise = 10;
    private const int Fall = 20;

    private volatile int _share;
    private int _overloaded;
    private int _calm;

    /// <summary>Share of the requests that is held, in per cent.</summary>
    public int Share => _share;

    /// <summary>Time from when a request could be read until it was handled, in the last window.</summary>
    public TimeSpan Lag { get; private set; }

    /// <summary>CPU time used in the last window, as a share of what may be used.</summary>
    public double Cpu { get; private set; }

    /// <summary>Whether the request at hand is held. Costs a look at a number while nothing is, and no memory ever.</summary>
    /// <returns>Seconds until its machine asks again; 0 when it is not held.</returns>
    public int Draw()
    {
        var share = _share;
        if (share == 0 || Random.Shared.Next(100) >= share) return 0;
        return (options.PollInterval / 2) + Random.Shared.Next((options.PollInterval / 2) + 1);
    }

    /// <summary>Takes what was measured in a window. One caller.</summary>
    /// <param name="lag">Time from when a request could be read until it was handled.</param>
    /// <param name="cpu">CPU time used, as a share of what may be used, 0 to 1.</param>
    public void Observe(TimeSpan lag, double cpu)
    {
        (Lag, Cpu) = (lag, cpu);
        if (!options.Hold) return;

        var isOverloaded = lag > options.Lag || (options.Cpu < 100 && cpu * 100 > options.Cpu);
        var isCalm = lag <= options.Lag / 2 && (options.Cpu == 100 || cpu * 100 <= options.Cpu * 0.9);
        _overloaded = isOverloaded ? _overloaded + 1 : 0;
        _calm = isCalm ? _calm + 1 : 0;

        var share = _share;
        var next = _overloaded >= WindowsToRise ? Math.Min(100, share + Rise) : _calm >= WindowsToFall ? Math.Max(0, share - Fall) : share;
        _share = next;
        if (share == 0 && next > 0) log.ChecksAreHeld((int)lag.TotalMilliseconds, (int)(cpu * 100));
        else if (share > 0 && next == 0) log.ChecksAreNoLongerHeld();
    }
}
