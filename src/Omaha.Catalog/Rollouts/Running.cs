namespace Omaha.Catalog;

/// <summary>Time that passes only while nothing is frozen.</summary>
internal static class Running
{
    /// <summary>The moment at which a clock that starts at one moment has run for some ticks; the end of time when it never does.</summary>
    public static long After(long from, long ticks, FrozenTimes freezes, FrozenTimes pauses)
    {
        for (var at = from; ;)
        {
            if (at == long.MaxValue) return at;
            var end = Math.Max(freezes.EndOf(at), pauses.EndOf(at));
            if (end > at)
            {
                at = end;
                continue;
            }

            var next = Math.Min(freezes.NextAfter(at) ?? long.MaxValue, pauses.NextAfter(at) ?? long.MaxValue);
            if (next == long.MaxValue || next - at >= ticks) return at + ticks;
            ticks -= next - at;
            at = next;
        }
    }
}
