namespace Omaha.Catalog;

/// <summary>Plans to expose a release on a channel step by step. On a channel that takes releases from another it is a promotion, with all that one asks for.</summary>
public static class StartRollout
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="version">Version or digest of the release.</param>
    /// <param name="target">One target; null for every target that has the version.</param>
    /// <param name="terms">How it is exposed, and on what terms it is promoted where it is; its channels and version are not looked at.</param>
    /// <param name="stamp">When and by whom.</param>
    public static Outcome<ChannelPlan> Plan(AppDocument document, string channel, string version, string? target, Promotion terms, Stamp stamp)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } faults) return Outcome.Refused<ChannelPlan>(faults);
        if (ChannelNames.CheckChannel(document, channel, "channel") is { } unknown) return Outcome.Unknown<ChannelPlan>(unknown);
        var spec = document.Spec!.Channels![channel];
        if (terms.Order is { Policy: null, Expedite: null } && spec.Rollout is null)
        {
            return Outcome.Refused<ChannelPlan>(new Fault("policy", $"is missing, and channel {channel} declares no rollout policy; say how exposure grows: ramp, steps or now (--ramp 24h, --steps 1%:1h,10%:4h,100% or --now)"));
        }

        return spec.PromotesFrom is { } from
            ? PromoteRelease.Plan(document, terms with { From = from, To = channel, Version = version, Target = target }, stamp)
            : SetRelease.Plan(document, channel, version, target, stamp, terms.OverrideRevert, terms.Order);
    }
}
