using Omaha.Catalog;

namespace Omaha.Conformance;

/// <summary>
/// Apps that need what documents cannot say yet. The tests that ask for them are skipped and name the feature; once it is there, its lines go
/// in here and the tests are switched on as they stand.
/// </summary>
internal static class Later
{
    /// <summary>Version 1.0.0 for everybody and 2.0.0 for a share of the machines.</summary>
    public static string RampedId { get; } = AppDraft.IdFor("ramped");

    /// <summary>An app that is offered at certain times only, or never while it is frozen.</summary>
    public static string TimedId { get; } = AppDraft.IdFor("timed");

    /// <summary>An app whose channel has a delta payload beside the full one.</summary>
    public static string WithDeltaId { get; } = AppDraft.IdFor("delta");

    public static AppDocument Ramped(double exposure)
    {
        _ = exposure;
        return new AppDraft(RampedId).Release("stable", "1.0.0").Release("stable", "2.0.0").Seal();
    }

    /// <summary>Outside of its window now; frozen as well where that is asked for.</summary>
    public static AppDocument Timed(bool frozen)
    {
        _ = frozen;
        return new AppDraft(TimedId).Release("stable", "2.0.0").Seal();
    }

    /// <summary>2.0.0 as a full payload, and as a delta from 1.0.0 whose fingerprint is 1.d1.</summary>
    public static AppDocument WithDelta() =>
        new AppDraft(WithDeltaId).Release("stable", "2.0.0", change: static release => release.Packages![0].Delta = true).Seal();
}
