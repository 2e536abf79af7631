using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Omaha.Catalog;

/// <summary>Times in which nothing goes on, as sorted intervals in UTC ticks that do not touch, with the sum of all before each.</summary>
internal sealed class FrozenTimes
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm"];

    private readonly long[] _from;
    private readonly long[] _to;
    private readonly long[] _before;

    private readonly (long From, long To, string? Reason)[] _reasons;

    private FrozenTimes(List<(long From, long To, string? Reason)> intervals)
    {
        intervals.Sort(static (one, other) => (one.From, one.To).CompareTo((other.From, other.To)));
        _reasons = [.. intervals];
        var merged = new List<(long From, long To)>();
        foreach (var (from, to, _) in intervals)
        {
            if (to <= from) continue;
            if (merged.Count > 0 && from <= merged[^1].To) merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, to));
            else merged.Add((from, to));
        }

        _from = [.. merged.Select(static interval => interval.From)];
        _to = [.. merged.Select(static interval => interval.To)];
        _before = new long[merged.Count];
        for (var i = 1; i < _before.Length; i++) _before[i] = _before[i - 1] + _to[i - 1] - _from[i - 1];
    }

    public static FrozenTimes None { get; } = new([]);

    public bool IsEmpty => _from.Length == 0;

    /// <summary>Whether all of it is over.</summary>
    private bool EndsBefore(long at) => IsEmpty || _to[^1] <= at;

    /// <summary>The freezes of documents without faults.</summary>
    public static FrozenTimes From(params ReadOnlySpan<List<FreezeSpec>?> freezes)
    {
        var intervals = new List<(long From, long To, string? Reason)>();
        foreach (var list in freezes)
        {
            foreach (var freeze in list ?? []) intervals.Add(TryRead(freeze, out var from, out var to) ? (from, to, freeze.Reason) : throw new ArgumentException($"The freeze from \"{freeze.From}\" to \"{freeze.To}\" cannot be read."));
        }

        return intervals.Count == 0 ? None : new FrozenTimes(intervals);
    }

    /// <summary>Intervals in any order; empty ones and overlaps are evened out.</summary>
    public static FrozenTimes From(IEnumerable<(long From, long To)> intervals) => new([.. intervals.Select(static interval => (interval.From, interval.To, (string?)null))]);

    /// <summary>The moments, in UTC ticks, at which a freeze begins and ends; false when one of them cannot be read, or its zone is not known.</summary>
    public static bool TryRead(FreezeSpec freeze, out long from, out long to)
    {
        from = to = 0;
        if (ZoneClock.Find(freeze.Zone) is not { } clock || !TryParse(freeze.From, out var first, out _) || !TryParse(freeze.To, out var last, out var isDay)) return false;
        from = clock.ToUtc(first, last: false);
        to = clock.ToUtc(isDay ? last.AddDays(1) : last, last: true);
        return true;
    }

    /// <summary>Reads a day, or a minute of a day.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DateTime moment, out bool isDay)
    {
        isDay = text?.Length == 10;
        return DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out moment) && moment.Year is >= 2000 and < 2100;
    }

    /// <summary>Whether a moment lies in one of the times.</summary>
    public bool Holds(long at)
    {
        var i = LastFrom(at);
        return i >= 0 && at < _to[i];
    }

    /// <summary>Why a moment is frozen; null when it is not, or nobody said.</summary>
    public string? ReasonAt(long at) => Array.Find(_reasons, interval => interval.From <= at && at < interval.To).Reason;

    /// <summary>The end of the time that a moment lies in; the moment itself when it lies in none.</summary>
    public long EndOf(long at)
    {
        var i = LastFrom(at);
        return i >= 0 && at < _to[i] ? _to[i] : at;
    }

    /// <summary>The first time that begins after a moment; null when there is none.</summary>
    public long? NextAfter(long at)
    {
        var i = LastFrom(at) + 1;
        return i < _from.Length ? _from[i] : null;
    }

    /// <summary>How much of the time from one moment to another is frozen, in ticks.</summary>
    public long Within(long from, long to) => to <= from || EndsBefore(from) ? 0 : Until(to) - Until(from);

    /// <summary>How much of it is frozen by these times or by others, each moment counted once.</summary>
    public long Within(long from, long to, FrozenTimes others)
    {
        if (others.EndsBefore(from)) return Within(from, to);
        if (EndsBefore(from)) return others.Within(from, to);

        var sum = 0L;
        for (var at = from; at < to;)
        {
            var end = Math.Max(EndOf(at), others.EndOf(at));
            if (end > at)
            {
                sum += Math.Min(end, to) - at;
                at = end;
                continue;
            }

            at = Math.Min(NextAfter(at) ?? long.MaxValue, others.NextAfter(at) ?? long.MaxValue);
        }

        return sum;
    }

    private long Until(long at)
    {
        var i = LastFrom(at);
        return i < 0 ? 0 : _before[i] + Math.Min(at, _to[i]) - _from[i];
    }

    private int LastFrom(long at)
    {
        var found = Array.BinarySearch(_from, at);
        return found >= 0 ? found : ~found - 1;
    }
}
