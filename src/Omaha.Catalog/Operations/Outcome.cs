namespace Omaha.Catalog;

/// <summary>What an operation on documents comes to: a plan that can be carried out, or the faults for which it is refused.</summary>
/// <param name="Plan">Null when refused.</param>
/// <param name="Faults">Empty when there is a plan.</param>
/// <param name="IsUnknown">True: something that the caller named does not exist; the fault lists what does.</param>
public sealed record Outcome<TPlan>(TPlan? Plan, IReadOnlyList<Fault> Faults, bool IsUnknown) where TPlan : class
{
    /// <summary>The same refusal of another plan.</summary>
    internal Outcome<TOther> Refusal<TOther>() where TOther : class => new(null, Faults, IsUnknown);
}

internal static class Outcome
{
    public static Outcome<TPlan> Of<TPlan>(TPlan plan) where TPlan : class => new(plan, [], IsUnknown: false);

    public static Outcome<TPlan> Refused<TPlan>(params IReadOnlyList<Fault> faults) where TPlan : class => new(null, faults, IsUnknown: false);

    public static Outcome<TPlan> Unknown<TPlan>(Fault fault) where TPlan : class => new(null, [fault], IsUnknown: true);
}
