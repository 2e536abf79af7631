using System.Collections.Concurrent;

namespace Omaha.Catalog;

/// <summary>How far the clock of a time zone is ahead of UTC, from one change of it to the next: a table, made once for each zone of the process.</summary>
/// <remarks>
/// The system's tables answer the same, but not without allocating, and not in a few nanoseconds. Before <see cref="First"/> and after
/// <see cref="Last"/> the nearest known offset stands. Zones that the system learns anew (tzdata) need a restart.
/// </remarks>
internal sealed class ZoneClock
{
    private static readonly DateTimeOffset First = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Last = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ConcurrentDictionary<string, ZoneClock> Known = new(StringComparer.Ordinal);

    private readonly TimeZoneInfo _zone;
    private readonly long[] _from;
    private readonly byte[] _offset;

    private ZoneClock(TimeZoneInfo zone)
    {
        _zone = zone;
        var from = new List<long>();
        var offset = new List<byte>();
        var offsets = new List<TimeSpan>();
        Add(long.MinValue, OffsetAt(First));

        // No zone changes its clock twice within a day.
        for (var day = First; day < Last; day += TimeSpan.FromDays(1))
        {
            if (OffsetAt(day) != OffsetAt(day.AddDays(1))) AddChange(day, day.AddDays(1));
        }

        (_from, _offset, Offsets) = ([.. from], [.. offset], [.. offsets]);

        // To the second: within the day whose two ends differ.
        void AddChange(DateTimeOffset before, DateTimeOffset after)
        {
            var old = OffsetAt(before);
            while ((after - before).TotalSeconds > 1)
            {
                var middle = before.AddSeconds((int)(after - before).TotalSeconds / 2);
                if (OffsetAt(middle) == old) before = middle;
                else after = middle;
            }

            Add(after.UtcTicks, OffsetAt(after));
        }

        void Add(long at, TimeSpan value)
        {
            if (!offsets.Contains(value)) offsets.Add(value);
            from.Add(at);
            offset.Add((byte)offsets.IndexOf(value));
        }
    }

    /// <summary>Every offset that the zone has at some time.</summary>
    public TimeSpan[] Offsets { get; }

    /// <summary>The moments, in UTC ticks, from which on another offset holds.</summary>
    public ReadOnlySpan<long> Changes => _from.AsSpan(1);

    /// <summary>The clock of an IANA zone, or null when the system knows none of this name.</summary>
    public static ZoneClock? Find(string? id)
    {
        id ??= "UTC";
        if (Known.TryGetValue(id, out var known)) return known;
        if (!IsZoneName(id) || !TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)) return null;
        return Known.GetOrAdd(id, new ZoneClock(zone));
    }

    /// <summary>Which of <see cref="Offsets"/> holds at a moment.</summary>
    public int OffsetIndexAt(long utcTicks)
    {
        int low = 0, high = _from.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (_from[middle] <= utcTicks) low = middle;
            else high = middle - 1;
        }

        return _offset[low];
    }

    /// <summary>The moment at which the clock shows a time: the first or the last of two, and for a time that it skips the moment of the change.</summary>
    public long ToUtc(DateTime shown, bool last)
    {
        var unspecified = DateTime.SpecifyKind(shown, DateTimeKind.Unspecified);
        if (_zone.IsInvalidTime(unspecified))
        {
            // Reading it with the offset before the change overshoots by as much as was skipped.
            var after = new DateTimeOffset(unspecified, _zone.GetUtcOffset(unspecified.AddDays(-1))).UtcTicks;
            foreach (var change in Changes)
            {
                if (change <= after && after - change < TimeSpan.TicksPerDay) return change;
            }

            return after;
        }

        var offset = _zone.IsAmbiguousTime(unspecified)
            ? (last ? _zone.GetAmbiguousTimeOffsets(unspecified).Min() : _zone.GetAmbiguousTimeOffsets(unspecified).Max())
            : _zone.GetUtcOffset(unspecified);
        return new DateTimeOffset(unspecified, offset).UtcTicks;
    }

    private TimeSpan OffsetAt(DateTimeOffset moment) => _zone.GetUtcOffset(moment);

    /// <summary>Names are looked up as files, so nothing else is passed on.</summary>
    private static bool IsZoneName(string id) =>
        id.Length is > 0 and <= 64 && char.IsAsciiLetter(id[0]) && !id.Contains("..", StringComparison.Ordinal)
        && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
}
