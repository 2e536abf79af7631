using Omaha.Catalog;

namespace Omaha.Conformance;

/// <summary>
/// Apps that need what documents cannot say yet. The tests that ask for them are skipped and name the feature; once it is there, its lines go
/// in here and the tests are switched on as they stand.
/// </summary>
internal static class Later
{
    /// <summary>An app whose channel has a delta payload beside the full one.</summary>
    public static string WithDeltaId { get; } = AppDraft.IdFor("delta");

    /// <summary>2.0.0 as a full payload, and as a delta from 1.0.0 whose fingerprint is 1.d1.</summary>
    public static AppDocument WithDelta() =>
        new AppDraft(WithDeltaId).Release("stable", "2.0.0", change: static release => release.Packages![0].Delta = true).Seal();
}
