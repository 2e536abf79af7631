namespace Omaha.Catalog;

/// <summary>What is said about a change by whoever makes it; what it changed is found when it is written.</summary>
/// <param name="Verb">What is done.</param>
/// <param name="By">By whom.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why, in one line; null when nobody said.</param>
public sealed record AuditRecord(AuditVerb Verb, AuditActor By, DateTimeOffset At, string? Reason = null)
{
    /// <summary>What the verb was done to, where that is no app, such as a token; null otherwise.</summary>
    public string? Subject { get; init; }
}
