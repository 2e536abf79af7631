namespace Omaha.Server;

/// <summary>A few counters that many threads raise at once: each core has a row of its own, so that cores do not fight for a cache line. Raising one costs some nanoseconds and no memory.</summary>
internal sealed class StripedCounters
{
    private const int CellsPerLine = 128 / sizeof(long);

    private static readonly int Rows = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);

    private readonly int _stride;
    private readonly long[] _cells;

    public StripedCounters(int count)
    {
        _stride = (count + CellsPerLine) / CellsPerLine * CellsPerLine;
        _cells = new long[Rows * _stride];
    }

    public void Increment(int counter) => Interlocked.Increment(ref Cell(counter));

    public void Add(int counter, long amount) => Interlocked.Add(ref Cell(counter), amount);

    public long Sum(int counter)
    {
        long sum = 0;
        for (var row = 0; row < Rows; row++) sum += Volatile.Read(ref _cells[(row * _stride) + counter]);
        return sum;
    }

    private ref long Cell(int counter) => ref _cells[((Thread.GetCurrentProcessorId() & (Rows - 1)) * _stride) + counter];
}
