namespace Omaha.Catalog;

/// <summary>Plans to point a channel to a release for each of some targets, at once or step by step: refused when one of them must not be, since a half-made move would leave a channel that nobody meant.</summary>
internal static class MoveChannel
{
    /// <summary>A start that is this little in the past was meant to be now.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(1);

    /// <param name="document">The app as it is stored.</param>
    /// <param name="channel">The channel that moves.</param>
    /// <param name="entries">What the history of each target gets, at once or when the rollout is complete.</param>
    /// <param name="order">How the releases are exposed.</param>
    /// <param name="overrideRevert">Why a release that was reverted here is moved here again; null: it is not.</param>
    /// <param name="stamp">When and by whom.</param>
    public static Outcome<ChannelPlan> Plan(AppDocument document, string channel, IReadOnlyList<(Target Target, CompleteRelease Entry)> entries, RolloutOrder order, string? overrideRevert, Stamp stamp)
    {
        if (CheckOrder(order, stamp) is { Count: > 0 } wrong) return Outcome.Refused<ChannelPlan>(wrong);

        var next = DocumentJson.Copy(document);
        Rollouts.Complete(next, stamp);
        var histories = ChannelHistory.Of(next, channel).ToDictionary(static entry => entry.Target, static entry => entry.History);
        var (moves, faults) = (new List<ChannelMove>(), new List<Fault>());
        foreach (var (target, entry) in entries)
        {
            var last = histories.GetValueOrDefault(target)?[^1];
            var move = ChannelHistory.Move(target, entry, last);
            if (CheckBlock(document, target, entry) is { } blocked) faults.Add(blocked);
            if (move.Change == ChannelChange.Moved)
            {
                if (CheckRevert(next, channel, target, entry, overrideRevert) is { } reverted) faults.Add(reverted);
                else if (Expose(next, channel, target, entry, order, stamp, ref move) is { } busy) faults.Add(busy);
            }

            moves.Add(move);
        }

        return faults.Count > 0 ? Outcome.Refused<ChannelPlan>(faults) : ChannelHistory.Plan(document, next, channel, moves);
    }

    private static Fault? Expose(AppDocument next, string channel, Target target, CompleteRelease entry, RolloutOrder order, Stamp stamp, ref ChannelMove move)
    {
        var policy = order.Policy ?? next.Spec!.Channels![channel].Rollout ?? new RolloutPolicy { Now = true };
        var start = order.Start > stamp.At ? order.Start.Value : stamp.At;
        var isNow = start == stamp.At && (policy.Now || order.Expedite is not null);
        if (Rollouts.Find(next, channel, target) is { } busy)
        {
            var view = RolloutView.Of(next, channel, target, busy, stamp);
            var isSame = busy.Release!.Digest == entry.Digest;
            var isOrdered = order.Policy is not null || order.Expedite is not null;
            if (isSame && !isOrdered)
            {
                // Said again, a promotion changes nothing, least of all for more machines than before.
                move = move with { Change = ChannelChange.Unchanged, Rollout = view };
                return null;
            }

            if (isSame && !isNow) return new Fault("version", $"{entry.Version} for {target} is being rolled out on {channel} already (exposure {RolloutView.Percent(view.Exposure * 100)}); use rollout set, pause or halt to change that");
            if (isSame && (busy.Paused ?? busy.Halted) is not null) return new Fault("version", $"the rollout of {entry.Version} for {target} on {channel} is {view.Standing.ToString().ToLowerInvariant()}; resume it before everybody gets the release");

            if (!isSame && !order.Replace) return new Fault("channel", $"{busy.Release.Version} for {target} is being rolled out on {channel} ({view.Standing.ToString().ToLowerInvariant()}, exposure {RolloutView.Percent(view.Exposure * 100)}); wait for it, or end it in favour of {entry.Version} with --replace (replace)");
            if (isSame) Rollouts.Remove(next, channel, target);
            else Rollouts.End(next, channel, target, stamp.Mark($"{entry.Version} took its place"), isReverted: false);
        }

        entry.Expedite = order.Expedite is null ? null : stamp.Mark(order.Expedite);
        if (isNow)
        {
            ChannelHistory.List(next, channel, target).Add(entry);
            return null;
        }

        var state = new RolloutState { Release = entry, Policy = policy, Start = start };
        Rollouts.Begin(next, channel, target, state);
        move = move with { Rollout = RolloutView.Of(next, channel, target, state, stamp) };
        return null;
    }

    private static List<Fault> CheckOrder(RolloutOrder order, Stamp stamp)
    {
        List<Fault> faults = [.. order.Policy is { } policy ? PolicyCheck.Faults(policy) : []];
        if (order.Start is { } start && start < stamp.At - Lateness) faults.Add(new Fault("start", $"{start:u} is in the past; leave it out to start now"));
        if (order.Start is { } planned && Duration.CheckAhead(planned, stamp.At, "start") is { } far) faults.Add(far);
        if (order.Expedite is not null && Reason.Require(order.Expedite, "expedite") is { } noReason) faults.Add(noReason);
        return faults;
    }

    private static Fault? CheckBlock(AppDocument document, Target target, CompleteRelease entry) => document.State?.Blocks?.GetValueOrDefault(entry.Digest!) is { } mark
        ? new Fault("version", $"{entry.Version} for {target} is blocked ({Reason.Words(mark)}; digest {entry.Digest}); choose another release, or a target without a block")
        : null;

    private static Fault? CheckRevert(AppDocument next, string channel, Target target, CompleteRelease entry, string? overrideRevert)
    {
        if (ChannelHistory.Reverted(next, channel, target, entry.Digest!) is not { } mark) return null;
        entry.OverrideRevert = overrideRevert;
        return overrideRevert is not null ? null
            : new Fault("version", $"{entry.Version} for {target} was reverted on {channel} ({Reason.Words(mark)}); choose another release, or say with --override-revert REASON (overrideRevert) why it shall come back");
    }
}
