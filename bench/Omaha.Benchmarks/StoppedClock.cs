namespace Omaha.Benchmarks;

/// <summary>One moment: the day's start is rendered anew each second, which is no cost of a request.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 3, 4, 20, 0, 0, TimeSpan.Zero);
}
