namespace Omaha.Catalog;

/// <summary>When a change is made and by whom, as histories and brakes record it.</summary>
public readonly record struct Stamp(DateTimeOffset At, string By);
