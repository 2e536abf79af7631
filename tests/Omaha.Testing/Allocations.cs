namespace Omaha.Testing;

/// <summary>Counts what a call allocates on this thread.</summary>
public static class Allocations
{
    private const int Rounds = 20;
    private const int CallsPerRound = 100;
    private const int Warmup = 2000;

    /// <summary>
    /// Bytes per call in the best of several rounds. What every call allocates shows in every round; what the runtime allocates now and then
    /// (compiling hot code anew, refilling a trimmed pool) does not.
    /// </summary>
    public static double PerCall(Action call)
    {
        for (var i = 0; i < Warmup; i++) call();
        var least = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < CallsPerRound; i++) call();
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)CallsPerRound);
        }

        return least;
    }
}
