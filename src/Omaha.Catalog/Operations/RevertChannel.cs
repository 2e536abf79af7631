namespace Omaha.Catalog;

/// <summary>Plans to take back what a channel points to, at once: it points to what was complete before.</summary>
/// <remarks>
/// All entries of the release that is taken back are history; its latest one is marked, which keeps it out of version prefixes and from being
/// promoted onward, and an entry for what comes in its place is appended. What was itself reverted or is blocked comes back no more. A release
/// that is moved to the channel again later, which needs a reason, is complete again by its new entry. Where a release is being rolled out it is
/// that one which is taken back: its rollout ends, and what was complete stays. A rollout that is only planned has given nothing to anybody, so
/// it must be said, by the version, whether that is meant or what the channel points to.
/// </remarks>
public static class RevertChannel
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="channel">The channel that is reverted.</param>
    /// <param name="target">One target; null for every target that the channel has.</param>
    /// <param name="version">What is taken back, by version or digest: the channel must point to it, or roll it out. Null for whatever it does.</param>
    /// <param name="reason">Why; it stays on record.</param>
    /// <param name="stamp">When and by whom.</param>
    public static Outcome<ChannelPlan> Plan(AppDocument document, string channel, string? target, string? version, string? reason, Stamp stamp)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } unsound) return Outcome.Refused<ChannelPlan>(unsound);
        if (Reason.Require(reason, "reason") is { } noReason) return Outcome.Refused<ChannelPlan>(noReason);
        if (ChannelNames.CheckChannel(document, channel, "channel") is { } unknown) return Outcome.Unknown<ChannelPlan>(unknown);
        if (ChannelNames.CheckTarget(target, out var wanted) is { } noTarget) return Outcome.Refused<ChannelPlan>(noTarget);

        var known = DocumentJson.Copy(document);
        Rollouts.Complete(known, stamp);
        document = known;
        var histories = ChannelHistory.Of(document, channel).ToDictionary(static entry => entry.Target, static entry => entry.History);
        var targets = histories.Keys.Union(Rollouts.Of(document, channel).Select(static rollout => rollout.Target)).OrderBy(static target => target.ToString(), StringComparer.Ordinal).ToList();
        if (targets.Count == 0) return Outcome.Refused<ChannelPlan>(new Fault("channel", $"channel {channel} of {document.App} points to nothing, so there is nothing to revert"));
        var chosen = targets.Where(target => wanted is null || target == wanted).ToList();
        if (chosen.Count == 0) return Outcome.Unknown<ChannelPlan>(new Fault("target", $"channel {channel} of {document.App} points to nothing for {wanted}; it has {string.Join(", ", targets)}"));

        var next = DocumentJson.Copy(document);
        var (moves, faults) = (new List<ChannelMove>(), new List<Fault>());
        foreach (var of in chosen)
        {
            var history = histories.GetValueOrDefault(of) ?? [];
            var last = history.Count == 0 ? null : history[^1];
            var rollout = Rollouts.Find(document, channel, of);
            var isPlanned = rollout?.Start > stamp.At;
            if (rollout is { Release: { } exposed } && !(isPlanned && last is not null && version is not null && IsMeant(last, version)))
            {
                if (version is not null && !IsMeant(exposed, version)) faults.Add(new Fault("version", $"{exposed.Version} is being rolled out on {channel} for {of}, not {version}; take that back first, or leave the version out"));
                else if (isPlanned && last is not null && version is null) faults.Add(new Fault("version", $"a rollout of {exposed.Version} for {of} is planned on {channel} for {rollout.Start:u}; say which is meant: --version {exposed.Version} calls that off, --version {last.Version} takes back what the channel points to"));
                else
                {
                    moves.Add(last is null ? ChannelHistory.MoveToNothing(of, exposed) : ChannelHistory.Move(of, last, exposed));
                    Rollouts.End(next, channel, of, stamp.Mark(reason), isReverted: true);
                }
            }
            else if (last is null) continue;
            else if (version is not null && !IsMeant(last, version)) faults.Add(new Fault("version", $"channel {channel} points to {last.Version} for {of}, not to {version}; leave the version out to take back whatever it points to, or name a target"));
            else if (Before(document, channel, of, history) is not { } before) faults.Add(new Fault("channel", $"nothing that may be offered was complete on {channel} before {last.Version} for {of}; omahactl release block {document.App} {last.Version} --target {of} keeps that from being offered"));
            else
            {
                moves.Add(ChannelHistory.Move(of, before, last));
                var list = ChannelHistory.List(next, channel, of);
                list[^1].Reverted = new Mark { At = stamp.At, By = stamp.By, Reason = reason };
                list.Add(new CompleteRelease { Version = before.Version, Digest = before.Digest, At = stamp.At, By = stamp.By, From = before.From, Restored = true });
            }
        }

        return faults.Count > 0 ? Outcome.Refused<ChannelPlan>(faults) : ChannelHistory.Plan(document, next, channel, moves);
    }

    private static bool IsMeant(CompleteRelease last, string version) =>
        ReleaseDigest.IsWellFormed(version) ? last.Digest == version : ChannelHistory.Version(version) == ChannelHistory.Version(last.Version);

    /// <summary>The latest release before the last one that may still be offered here.</summary>
    private static CompleteRelease? Before(AppDocument document, string channel, Target target, IReadOnlyList<CompleteRelease> history) => history.LastOrDefault(complete =>
        complete.Digest != history[^1].Digest
        && ChannelHistory.Reverted(document, channel, target, complete.Digest!) is null
        && document.State?.Blocks?.ContainsKey(complete.Digest!) != true);
}
