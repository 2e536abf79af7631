namespace Omaha.Benchmarks.Gate;

/// <summary>How much one operation costs in terms of another, both measured in the same run.</summary>
/// <param name="Name">What the ratio is called in the baseline.</param>
/// <param name="Operation">The operation above the line.</param>
/// <param name="Base">The operation below it.</param>
internal sealed record Comparison(string Name, Operation Operation, Operation Base)
{
    private const int Rounds = 151;

    /// <summary>Measures in alternating rounds.</summary>
    /// <remarks>
    /// A round takes a batch of either, the second time in the other order, and counts as one ratio, so that whatever slows the machine for
    /// longer than a millisecond slows both alike. The median of the rounds does not mind those in which it slowed one.
    /// </remarks>
    public Ratio Measure()
    {
        Operation.Calibrate();
        Base.Calibrate();
        var ratios = new double[Rounds];
        var times = new (double Operation, double Base)[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            double first, second;
            if (round % 2 == 0) (first, second) = (Operation.Batch(), Base.Batch());
            else (second, first) = (Base.Batch(), Operation.Batch());
            times[round] = (first, second);
            ratios[round] = first / second;
        }

        Array.Sort(ratios);
        return new Ratio(ratios[Rounds / 2], ratios[Rounds / 10], ratios[Rounds - 1 - (Rounds / 10)], Median(times, static time => time.Operation), Median(times, static time => time.Base));
    }

    private static double Median((double Operation, double Base)[] times, Func<(double Operation, double Base), double> take) => times.Select(take).Order().ElementAt(Rounds / 2);
}

/// <summary>What a comparison found.</summary>
/// <param name="Median">The ratio.</param>
/// <param name="Low">A tenth of the rounds were below.</param>
/// <param name="High">A tenth of the rounds were above.</param>
/// <param name="Nanoseconds">Median of the operation, of this machine at this moment.</param>
/// <param name="BaseNanoseconds">Median of the operation below the line.</param>
internal sealed record Ratio(double Median, double Low, double High, double Nanoseconds, double BaseNanoseconds);
