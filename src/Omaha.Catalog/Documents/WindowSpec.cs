namespace Omaha.Catalog;

/// <summary>Hours of the week in which offers are allowed, as the clock on the wall shows them: an hour that a zone skips in spring is skipped, one that it repeats in autumn counts both times.</summary>
public sealed class WindowSpec : DocumentNode
{
    /// <summary><c>mon</c>, <c>tue</c>, <c>wed</c>, <c>thu</c>, <c>fri</c>, <c>sat</c>, <c>sun</c>: the days on which the window opens. Default: every day.</summary>
    public List<string>? Days { get; set; }

    /// <summary>When it opens, <c>HH:MM</c>. Default: <c>00:00</c>.</summary>
    public string? From { get; set; }

    /// <summary>When it closes, <c>HH:MM</c> up to <c>24:00</c>; at or before <see cref="From"/> it is meant for the next day. Default: <c>24:00</c>.</summary>
    public string? To { get; set; }

    /// <summary>IANA time zone, e.g. <c>Europe/Berlin</c>. Default: <c>UTC</c>.</summary>
    public string? Zone { get; set; }
}
