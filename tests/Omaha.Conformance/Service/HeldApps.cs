using System.Globalization;
using Omaha.Catalog;

namespace Omaha.Conformance;

/// <summary>Apps whose newer release not everybody gets at once.</summary>
internal static class HeldApps
{
    public static string RampedId { get; } = AppDraft.IdFor("ramped");

    public static string TimedId { get; } = AppDraft.IdFor("timed");

    /// <summary>Version 1.0.0 for everybody and 2.0.0 for a share of the machines, 0 to 1.</summary>
    public static AppDocument Ramped(double exposure, DateTimeOffset since)
    {
        var draft = new AppDraft(RampedId).Release("stable", "1.0.0").Declare("2.0.0");
        draft.State.Channels!["stable"].Rollouts = new()
        {
            ["any/any"] = new RolloutState
            {
                Release = new CompleteRelease { Version = "2.0.0", Digest = draft.DigestOf("2.0.0") },
                Start = since,
                Policy = exposure > 0
                    ? new RolloutPolicy { Steps = [new RolloutStep { Percent = exposure * 100 }] }
                    : new RolloutPolicy { Ramp = "3650d" },
            },
        };
        return draft.Seal();
    }

    /// <summary>2.0.0 on offer, but outside of its window now; frozen as well where that is asked for.</summary>
    public static AppDocument Timed(bool frozen, DateTimeOffset now) =>
        new AppDraft(TimedId).Release("stable", "2.0.0").With(spec =>
        {
            spec.Windows = [new WindowSpec { From = now.AddHours(-3).ToString("HH:00", CultureInfo.InvariantCulture), To = now.AddHours(-1).ToString("HH:00", CultureInfo.InvariantCulture) }];
            var today = now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            if (frozen) spec.Freezes = [new FreezeSpec { From = today, To = today, Reason = "tests" }];
        }).Seal();
}
