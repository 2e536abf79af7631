namespace Omaha.Load;

/// <summary>One request that is to be sent.</summary>
/// <param name="Number">Counts from 0; below 0: there are no more.</param>
/// <param name="Due">When it was meant to be sent, by <see cref="Clock"/>.</param>
internal readonly record struct Arrival(long Number, long Due)
{
    public static readonly Arrival None = new(-1, 0);

    public bool IsNone => Number < 0;
}
