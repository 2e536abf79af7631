namespace Omaha.Control;

/// <summary>What a change is, for those who look later.</summary>
/// <param name="Verb">As omahactl spells it, e.g. <c>channel promote</c>.</param>
/// <param name="App">The app it is about; null when it is about several, or all.</param>
/// <param name="Details">One line in words: what it is done to, and what becomes of it.</param>
/// <param name="Reason">Why, as the operator gave it; null when none was given.</param>
internal sealed record ChangeNote(string Verb, string? App, string Details, string? Reason = null);
