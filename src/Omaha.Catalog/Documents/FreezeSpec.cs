namespace Omaha.Catalog;

/// <summary>A time in which nothing is offered to anyone, whoever asks.</summary>
public sealed class FreezeSpec : DocumentNode
{
    /// <summary>First day, <c>2026-12-20</c>, or the minute it begins, <c>2026-12-20T18:00</c>, by the clock of the zone.</summary>
    public string? From { get; set; }

    /// <summary>Last day, which is frozen to its end, or the minute at which offers are allowed again.</summary>
    public string? To { get; set; }

    /// <summary>IANA time zone, e.g. <c>Europe/Berlin</c>. Default: <c>UTC</c>.</summary>
    public string? Zone { get; set; }

    /// <summary>Why; who asks what holds an update is told.</summary>
    public string? Reason { get; set; }
}
