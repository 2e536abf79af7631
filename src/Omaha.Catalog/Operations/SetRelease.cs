namespace Omaha.Catalog;

/// <summary>Plans to point a first channel, one that nothing is promoted to, to a release of the spec.</summary>
public static class SetRelease
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="channel">The channel that moves; it must have no <c>promotesFrom</c>.</param>
    /// <param name="version">Version or digest of the release.</param>
    /// <param name="target">One target; null for every target that has the version.</param>
    /// <param name="stamp">Goes into the history.</param>
    /// <param name="overrideRevert">Why a release that was reverted on the channel comes back; null: it does not.</param>
    /// <param name="order">How it is exposed; null for the channel's own policy.</param>
    public static Outcome<ChannelPlan> Plan(AppDocument document, string channel, string version, string? target, Stamp stamp, string? overrideRevert = null, RolloutOrder? order = null)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } faults) return Outcome.Refused<ChannelPlan>(faults);
        if (Reason.CheckGiven((overrideRevert, "overrideRevert")) is { Count: > 0 } reasons) return Outcome.Refused<ChannelPlan>(reasons);
        if (ChannelNames.CheckChannel(document, channel, "channel") is { } unknown) return Outcome.Unknown<ChannelPlan>(unknown);
        if (document.Spec!.Channels![channel].PromotesFrom is { } source)
        {
            return Outcome.Refused<ChannelPlan>(new Fault("channel", $"channel {channel} of {document.App} takes releases from {source} only; use omahactl channel promote {document.App} {source} {channel}"));
        }

        var found = ReleaseChoice.Find(document, version, target);
        if (found.Plan is not { } chosen) return found.Refusal<ChannelPlan>();
        return MoveChannel.Plan(
            document,
            channel,
            [.. chosen.Select(release => (release.Target, new CompleteRelease { Version = release.Spec.Version, Digest = release.Digest, At = stamp.At, By = stamp.By }))],
            order ?? RolloutOrder.Default,
            overrideRevert,
            stamp);
    }
}
