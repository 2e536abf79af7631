namespace Omaha.Catalog;

/// <summary>What is said about a change by whoever makes it; what it changed is found when it is written.</summary>
/// <param name="Verb">What is done.</param>
/// <param name="By">By whom.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why, in one line; null when nobody said.</param>
public sealed record AuditRecord(AuditVerb Verb, AuditActor By, DateTimeOffset At, string? Reason = null)
{
    /// <summary>In one line, what it is done to and what becomes of it; null where the verb says all.</summary>
    public string? Details { get; init; }
}
