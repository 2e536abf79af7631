using System.Globalization;

namespace Omaha.Load;

/// <summary>The median of some values and an interval that holds the true median with a confidence of 95 %.</summary>
/// <remarks>
/// The interval's ends are values themselves, so nothing is assumed about how they are distributed: as many are dropped at either end as the
/// binomial distribution allows. Below six values it allows none, and the interval is the whole range.
/// </remarks>
internal readonly record struct Spread(double Median, double Low, double High)
{
    /// <exception cref="InvalidOperationException">There are no values.</exception>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) throw new InvalidOperationException("There is no median of nothing.");

        var dropped = 0;
        // How likely it is that exactly so many values lie below the true median, and that it lies outside what is left of them.
        var exactly = Math.Pow(0.5, sorted.Length);
        var outside = 2 * exactly;
        while (true)
        {
            exactly *= (sorted.Length - dropped) / (dropped + 1.0);
            outside += 2 * exactly;
            if (outside > 0.05) break;
            dropped++;
        }

        var half = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return new Spread(median, sorted[dropped], sorted[^(dropped + 1)]);
    }

    /// <summary>As it stands in a table: the median, then the interval.</summary>
    public string Say(string format) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median.ToString(format, CultureInfo.InvariantCulture)} [{Low.ToString(format, CultureInfo.InvariantCulture)}–{High.ToString(format, CultureInfo.InvariantCulture)}]");
}
