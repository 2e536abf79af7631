using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>The release that was chosen, or why there is none.</summary>
/// <param name="Verdict"><see cref="Decision.Offered"/> with a release.</param>
/// <param name="Release">What was chosen.</param>
/// <param name="Target">The target that it was chosen from.</param>
/// <param name="IsExpedited">It ignores windows.</param>
internal readonly record struct Choice(Decision Verdict, OfferedRelease? Release = null, ChannelTarget? Target = null, bool IsExpedited = false);

/// <summary>Chooses among a channel's releases: the first that the machine may move to, that the client can take, and whose exposure admits the node.</summary>
internal static class Candidates
{
    /// <param name="trace">Who listens.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="group">The group that it follows.</param>
    /// <param name="target">The target that is its own.</param>
    /// <param name="complete">The target whose complete releases it gets: its own, or a less specific one as long as nothing was complete on its own.</param>
    /// <param name="ramp">How the rollout of its own target stands.</param>
    public static Choice Choose<TTrace>(ref TTrace trace, in Machine machine, NodeGroup group, ChannelTarget target, ChannelTarget complete, in RampState ramp) where TTrace : struct, IDecisionTrace
    {
        var prefix = VersionPrefix.Parse(machine.Prefix);
        if (!prefix.IsEmpty || group.Pin is not null) return ChooseUnder(ref trace, prefix, machine, group, target, complete, ramp);

        // First the release that is being rolled out. When that is complete, it is what the channel points to, and nothing else counts.
        var first = Decision.NoRelease;
        if (ramp.Rollout is { } rollout)
        {
            first = JudgeRollout(ref trace, machine, group, rollout, ramp);
            if (first == Decision.Offered) return new(first, rollout.Release, target, rollout.IsExpedited);
            if (ramp.IsComplete) return new(first);
        }

        // Then the last one that was complete. When it is no update, what held the newer one back is the reason that matters.
        var last = JudgeLast(ref trace, machine, complete);
        if (last == Decision.Offered) return new(last, complete.LastComplete, complete, complete.LastIsExpedited);
        return new(first is Decision.NoRelease or Decision.Current ? last : first);
    }

    /// <summary>A release that the machine would not move to anyway needs no reason to be withheld.</summary>
    private static Decision JudgeRollout<TTrace>(ref TTrace trace, in Machine machine, NodeGroup group, Rollout rollout, in RampState ramp) where TTrace : struct, IDecisionTrace
    {
        var verdict = machine.MayMoveTo(rollout.Release, mayGoBack: false);
        if (verdict == Decision.Offered) verdict = ramp.Standing;
        if (verdict == Decision.Offered) verdict = machine.CanTake(rollout.Release);
        if (verdict == Decision.Offered) verdict = JudgeExposure(ref trace, machine, group, rollout, ramp);
        trace.Candidate(rollout.Release, rollout, verdict);
        return verdict;
    }

    private static Decision JudgeExposure<TTrace>(ref TTrace trace, in Machine machine, NodeGroup group, Rollout rollout, in RampState ramp) where TTrace : struct, IDecisionTrace
    {
        if (ramp.IsComplete || group.IsCanary || (machine.IsInteractive && group.InteractivePassesRamp))
        {
            trace.Exposure(rollout, ramp.Exposure, isPassed: !ramp.IsComplete);
            return Decision.Offered;
        }

        var bucket = Bucket.Of(machine.Node, rollout.Release.DigestBytes);
        trace.Bucket(rollout, machine.Node.Source, bucket, ramp);
        return bucket < ramp.Exposure ? Decision.Offered : Decision.HeldRamp;
    }

    private static Decision JudgeLast<TTrace>(ref TTrace trace, in Machine machine, ChannelTarget target) where TTrace : struct, IDecisionTrace
    {
        if (target.LastComplete is not { } release)
        {
            trace.NoneComplete(target.LastIsBlocked);
            return target.LastIsBlocked ? Decision.Blocked : Decision.NoRelease;
        }

        var verdict = machine.MayMoveTo(release, mayGoBack: false);
        if (verdict == Decision.Offered) verdict = machine.CanTake(release);
        trace.Candidate(release, null, verdict);
        return verdict;
    }

    /// <summary>
    /// Among all releases that were ever complete on the channel, the newest under a prefix that this client can take decides; older ones are
    /// never offered in its stead. The prefix is the machine's own, or the version that its group is pinned to, or both.
    /// </summary>
    private static Choice ChooseUnder<TTrace>(ref TTrace trace, in VersionPrefix prefix, in Machine machine, NodeGroup group, ChannelTarget target, ChannelTarget complete, in RampState ramp) where TTrace : struct, IDecisionTrace
    {
        trace.Narrowed(machine.Prefix, group);
        var under = new Narrowing(prefix, group, machine.AsksForRollback && group.Channel.Rollback);
        var excluded = Decision.NoPrefixMatch;
        var rollout = ramp.IsComplete ? ramp.Rollout : null;
        foreach (var release in complete.EverComplete)
        {
            // A rollout that is complete by now but not recorded yet takes its place in the order.
            if (rollout is not null && rollout.Release.Version >= release.Version)
            {
                if (Consider(ref trace, rollout.Release, target, rollout.IsExpedited, under, machine, ref excluded) is { } newer) return newer;
                rollout = null;
            }

            if (Consider(ref trace, release, complete, complete.LastIsExpedited && release == complete.LastComplete, under, machine, ref excluded) is { } choice) return choice;
        }

        return rollout is not null && Consider(ref trace, rollout.Release, target, rollout.IsExpedited, under, machine, ref excluded) is { } last ? last : new(excluded);
    }

    private static Choice? Consider<TTrace>(ref TTrace trace, OfferedRelease release, ChannelTarget target, bool isExpedited, in Narrowing under, in Machine machine, ref Decision excluded) where TTrace : struct, IDecisionTrace
    {
        if (!under.Matches(release)) return null;
        var judged = machine.CanTake(release);
        var verdict = judged == Decision.Offered ? machine.MayMoveTo(release, under.MayGoBack) : judged;
        trace.Candidate(release, null, verdict);
        if (judged == Decision.Offered) return verdict == Decision.Offered ? new(verdict, release, target, isExpedited) : new(verdict);

        if (excluded == Decision.NoPrefixMatch) excluded = judged;
        return null;
    }

    /// <summary>Which releases count for a machine that asks for a prefix, or whose group is pinned.</summary>
    private readonly ref struct Narrowing(in VersionPrefix prefix, NodeGroup group, bool mayGoBack)
    {
        private readonly VersionPrefix _prefix = prefix;

        public bool MayGoBack => mayGoBack;

        public bool Matches(OfferedRelease release) => _prefix.Matches(release.Version) && group.Pin?.Matches(release.Version) != false;
    }
}
