namespace Omaha.Protocol;

/// <summary>The date that replies carry, by which clients count days: days since 2007-01-01 and seconds since midnight, both in one time zone.</summary>
/// <remarks>
/// The seconds are real ones: a day on which the clocks change has 23 or 25 hours. It begins with the first moment of its date, also where
/// the clocks are put forward at midnight, so that there is none, or back to midnight, so that there are two.
/// </remarks>
public readonly record struct Daystart(int ElapsedDays, int ElapsedSeconds)
{
    private static readonly DateOnly Epoch = new(2007, 1, 1);

    /// <summary>The date at a moment in a time zone. Costs some microseconds: once in a second is enough.</summary>
    public static Daystart At(DateTimeOffset utcNow, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);

        var now = utcNow.ToUnixTimeSeconds();
        var today = DateAt(now, zone);

        // Searched for and not computed from the offset at midnight, which time zones give no single answer for. No day has 36 hours.
        var before = now - (36 * 60 * 60);
        var within = now;
        while (within - before > 1)
        {
            var middle = before + ((within - before) / 2);
            if (DateAt(middle, zone) < today) before = middle;
            else within = middle;
        }

        return new Daystart(today.DayNumber - Epoch.DayNumber, (int)(now - within));
    }

    private static DateOnly DateAt(long second, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(second), zone).DateTime);
}
