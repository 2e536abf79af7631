namespace Omaha.Catalog;

/// <summary>When a change is made and by whom, as histories and brakes record it.</summary>
public readonly record struct Stamp(DateTimeOffset At, string By)
{
    private readonly Brakes? _brakes;

    /// <summary>The brakes over all apps as they stand then: clocks of rollouts stand still while everything is paused.</summary>
    public Brakes Brakes
    {
        get => _brakes ?? Brakes.None;
        init => _brakes = value;
    }

    internal Mark Mark(string? reason) => new() { At = At, By = By, Reason = string.IsNullOrWhiteSpace(reason) ? null : reason };
}
