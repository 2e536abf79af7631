namespace Omaha.Catalog;

/// <summary>Brakes over all apps. They have a small key of their own in the store, read first and honoured even when nothing else can be read.</summary>
public sealed class Brakes : DocumentNode
{
    /// <summary>Set: nothing is offered to anyone.</summary>
    public Mark? PauseAll { get; set; }

    /// <summary>No brake at all.</summary>
    public static Brakes None { get; } = new();

    /// <summary>What holds when either of two may be the truth: braked where any of them brakes.</summary>
    public static Brakes Union(Brakes one, Brakes other) => one.PauseAll is null ? other : one;
}
