namespace Omaha.Protocol;

/// <summary>The date that replies carry, by which clients count days: days since 2007-01-01 and seconds since midnight, both in one time zone.</summary>
/// <remarks>
/// The seconds are real ones. A day on which the clocks change has 23 or 25 hours, and where they are put forward at midnight the day begins
/// at one o'clock.
/// </remarks>
public readonly record struct Daystart(int ElapsedDays, int ElapsedSeconds)
{
    private static readonly DateOnly Epoch = new(2007, 1, 1);

    /// <summary>The date at a moment in a time zone.</summary>
    public static Daystart At(DateTimeOffset utcNow, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);

        var local = TimeZoneInfo.ConvertTime(utcNow, zone).DateTime;
        var days = DateOnly.FromDateTime(local).DayNumber - Epoch.DayNumber;
        var seconds = (utcNow - BeginningOf(local.Date, zone)).Ticks / TimeSpan.TicksPerSecond;
        return new Daystart(days, (int)seconds);
    }

    private static DateTimeOffset BeginningOf(DateTime midnight, TimeZoneInfo zone)
    {
        // Changes of the clock lie on whole minutes, and the gap they leave is an hour or so.
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(1);

        // A midnight that comes twice counts from the first, which is the one with the larger offset.
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset);
    }
}
