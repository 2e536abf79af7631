namespace Omaha.Catalog;

/// <summary>
/// When offers are allowed: for each zone, and each offset that its clock has, the open intervals of a week in UTC. A check is two binary
/// searches, and the table never runs out, however long a server lives without a change of the catalogue.
/// </summary>
internal sealed class OfferWindows
{
    private const int Week = 7 * Day;
    private const int Day = 24 * 3600;

    /// <summary>1 January 0001, tick 0, was a Monday.</summary>
    private static readonly string[] DayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    private readonly WeekOf[] _zones;

    private OfferWindows(WeekOf[] zones) => _zones = zones;

    /// <summary>The windows of documents without faults; null when nothing restricts the time.</summary>
    public static OfferWindows? From(List<WindowSpec>? windows)
    {
        if (windows is not { Count: > 0 }) return null;
        return new OfferWindows([.. windows.GroupBy(static window => window.Zone ?? "UTC").Select(static group =>
        {
            var clock = ZoneClock.Find(group.Key) ?? throw new ArgumentException($"\"{group.Key}\" is no time zone of this system.");
            return new WeekOf(clock, Array.ConvertAll(clock.Offsets, offset => Boundaries(group, offset)));
        })]);
    }

    /// <summary>Number of a day, Monday 0; -1 for a name that is none.</summary>
    public static int DayOf(string? name) => Array.IndexOf(DayNames, name);

    public static string DayList => string.Join(", ", DayNames);

    /// <summary>Seconds of the day for <c>HH:MM</c>, 00:00 to 24:00; null for a text that is none.</summary>
    public static int? TimeOf(string text)
    {
        if (text is not [>= '0' and <= '2', >= '0' and <= '9', ':', >= '0' and <= '5', >= '0' and <= '9']) return null;
        var minutes = (((text[0] - '0') * 10) + text[1] - '0') * 60 + ((text[3] - '0') * 10) + text[4] - '0';
        return minutes <= 24 * 60 ? minutes * 60 : null;
    }

    /// <summary>Whether offers are allowed at a moment.</summary>
    public bool IsOpen(long utcTicks)
    {
        var second = (int)((utcTicks / TimeSpan.TicksPerSecond) % Week);
        foreach (var zone in _zones)
        {
            // Boundaries open and close in turn: after an odd number of them it is open.
            var found = Array.BinarySearch(zone.Boundaries[zone.Clock.OffsetIndexAt(utcTicks)], second);
            if (((found < 0 ? ~found : found + 1) & 1) == 1) return true;
        }

        return false;
    }

    /// <summary>The first moment from <paramref name="utcTicks"/> on at which it is open, or, with <paramref name="open"/> false, closed; null when that never comes.</summary>
    public long? Next(long utcTicks, bool open)
    {
        if (IsOpen(utcTicks) == open) return utcTicks;

        // What a week does not bring comes, if ever, with the clock changes of a year.
        var until = utcTicks + (400 * TimeSpan.TicksPerDay);
        var week = utcTicks - (utcTicks % (Week * TimeSpan.TicksPerSecond));
        for (; week < until; week += Week * TimeSpan.TicksPerSecond)
        {
            var moments = new SortedSet<long>();
            foreach (var zone in _zones)
            {
                foreach (var boundary in zone.Boundaries.SelectMany(static boundaries => boundaries)) moments.Add(week + (boundary * TimeSpan.TicksPerSecond));
                foreach (var change in zone.Clock.Changes)
                {
                    if (change >= week && change < week + (Week * TimeSpan.TicksPerSecond)) moments.Add(change);
                }
            }

            foreach (var moment in moments)
            {
                if (moment > utcTicks && IsOpen(moment) == open) return moment;
            }
        }

        return null;
    }

    /// <summary>The seconds of a UTC week at which it opens and closes in turn, for a clock that is ahead by an offset.</summary>
    private static int[] Boundaries(IEnumerable<WindowSpec> windows, TimeSpan offset)
    {
        var open = new List<(int From, int To)>();
        foreach (var window in windows)
        {
            var from = TimeOf(window.From ?? "00:00")!.Value;
            var to = TimeOf(window.To ?? "24:00")!.Value;
            if (to <= from) to += Day;
            foreach (var day in window.Days is null ? Enumerable.Range(0, 7) : window.Days.Select(DayOf))
            {
                var start = ((day * Day) + from - (int)offset.TotalSeconds + (2 * Week)) % Week;
                var end = start + to - from;
                open.Add((start, Math.Min(end, Week)));
                if (end > Week) open.Add((0, end - Week));
            }
        }

        open.Sort();
        var boundaries = new List<int>();
        foreach (var (from, to) in open)
        {
            if (boundaries.Count > 0 && from <= boundaries[^1]) boundaries[^1] = Math.Max(boundaries[^1], to);
            else boundaries.AddRange([from, to]);
        }

        return [.. boundaries];
    }

    private readonly record struct WeekOf(ZoneClock Clock, int[][] Boundaries);
}
