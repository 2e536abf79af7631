namespace Omaha.Redis;

/// <summary>How long a reader of everything rests between pages, so that the store's other clients are hardly held up, and many readers that begin together do not stay in step.</summary>
/// <remarks>A rest is as many times the time that the page took: the busier the store, the longer.</remarks>
/// <param name="share">How many times.</param>
/// <param name="jitter">Upper limit of what is added at random.</param>
/// <param name="start">Upper limit of a rest after the first page, if there are more. What fits into one page is read at once.</param>
public sealed class ReadingPace(double share, TimeSpan jitter, TimeSpan start)
{
    /// <summary>For people who wait: no rest at all.</summary>
    public static ReadingPace AtOnce { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>For a server that has something to answer from and needs to know better.</summary>
    public static ReadingPace Sharing { get; } = new(1, TimeSpan.FromMilliseconds(10), TimeSpan.Zero);

    /// <summary>For a server that has only started, as others may have at the same moment.</summary>
    public static ReadingPace Starting { get; } = new(1, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1));

    /// <summary>For what nobody waits for.</summary>
    public static ReadingPace Background { get; } = new(9, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));

    /// <summary>Rests after a page.</summary>
    /// <param name="took">How long reading it took.</param>
    /// <param name="isFirst">Whether it was the first of several.</param>
    /// <param name="cancel">Ends the rest.</param>
    internal Task RestAsync(TimeSpan took, bool isFirst, CancellationToken cancel)
    {
        var rest = (took * share) + (jitter * Random.Shared.NextDouble()) + (isFirst ? start * Random.Shared.NextDouble() : TimeSpan.Zero);
        return rest > TimeSpan.Zero ? Task.Delay(rest, cancel) : Task.CompletedTask;
    }
}
