namespace Omaha.Benchmarks.Gate;

/// <summary>Something that is measured by calling it again and again.</summary>
internal sealed class Operation(string name, Action call)
{
    private const int BatchNanoseconds = 300_000;

    private int _callsPerBatch = 1;

    public string Name => name;

    public void Call() => call();

    /// <summary>Calls it often enough for the runtime to compile it for good; to be done some times, with pauses in between.</summary>
    public void Rehearse()
    {
        var until = ThreadClock.Nanoseconds + 20_000_000;
        for (var calls = 0; calls < 60 || ThreadClock.Nanoseconds < until; calls++) call();
    }

    /// <summary>Finds how many calls make a batch.</summary>
    public void Calibrate()
    {
        _callsPerBatch = 1;
        while (Batch() * _callsPerBatch < BatchNanoseconds / 2) _callsPerBatch *= 2;
        _callsPerBatch = Math.Max(1, (int)(BatchNanoseconds / Batch()));
    }

    /// <summary>Nanoseconds of a call, over one batch.</summary>
    public double Batch()
    {
        var start = ThreadClock.Nanoseconds;
        for (var calls = _callsPerBatch; calls > 0; calls--) call();
        return Math.Max(1, ThreadClock.Nanoseconds - start) / (double)_callsPerBatch;
    }
}
