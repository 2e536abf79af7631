using Omaha.Catalog;

namespace Omaha.Control;

/// <summary>What a change is, for those who look later.</summary>
/// <param name="Verb">What is done; it may need a reason.</param>
/// <param name="App">The app it is about; null when it is about several, or all.</param>
/// <param name="Details">One line in words: what it is done to, and what becomes of it.</param>
/// <param name="Reason">Why, as the operator gave it; null when none was given.</param>
internal sealed record ChangeNote(AuditVerb Verb, string? App, string Details, string? Reason = null)
{
    /// <summary>What the audit records of a change that a call makes.</summary>
    public AuditRecord By(ApiCall call, DateTimeOffset at) => new(Verb, call.Actor, at, string.IsNullOrWhiteSpace(Reason) ? null : Reason) { Details = Details };
}
