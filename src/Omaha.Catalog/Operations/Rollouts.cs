namespace Omaha.Catalog;

/// <summary>Reads and changes the rollouts of a document without faults, in place: of a copy that may yet be thrown away.</summary>
internal static class Rollouts
{
    /// <summary>The rollouts of a channel that are planned or under way, in a fixed order.</summary>
    public static IReadOnlyList<(Target Target, RolloutState State)> Of(AppDocument document, string channel) =>
        [.. (document.State?.Channels?.GetValueOrDefault(channel)?.Rollouts ?? [])
            .Select(static entry => (Target.Parse(entry.Key), entry.Value))
            .OrderBy(static entry => entry.Item1.ToString(), StringComparer.Ordinal)];

    public static RolloutState? Find(AppDocument document, string channel, Target target) => Of(document, channel).FirstOrDefault(rollout => rollout.Target == target).State;

    /// <summary>Writes down every rollout that is complete by now: its release becomes what the channel points to, from the moment on at which it was.</summary>
    /// <returns>What was written down.</returns>
    public static IReadOnlyList<RecordedRollout> Complete(AppDocument document, Stamp stamp)
    {
        var pauses = stamp.Brakes.PausedTimes();
        var completed = new List<RecordedRollout>();
        foreach (var channel in (document.State?.Channels ?? []).Keys)
        {
            foreach (var (target, state) in Of(document, channel))
            {
                if (Completes(document, channel, state, pauses) is not { } at || at > stamp.At.UtcTicks) continue;
                Complete(document, channel, target, new DateTimeOffset(at, TimeSpan.Zero));
                completed.Add(new RecordedRollout(channel, target.ToString(), state.Release!.Version!, state.Release.Digest!, new DateTimeOffset(at, TimeSpan.Zero)));
            }
        }

        return completed;
    }

    /// <summary>When a rollout is complete if nothing changes, in UTC ticks; null when that does not come by itself.</summary>
    public static long? Completes(AppDocument document, string channel, RolloutState state, FrozenTimes pauses) =>
        document.State!.Blocks?.ContainsKey(state.Release!.Digest!) == true ? null : RolloutCourse.Of(document, channel, state).Completes(pauses);

    /// <summary>Writes down every rollout that was planned and has begun by now: its clock runs from its start.</summary>
    /// <returns>What was written down.</returns>
    public static IReadOnlyList<RecordedRollout> Begun(AppDocument document, Stamp stamp)
    {
        var begun = new List<RecordedRollout>();
        foreach (var channel in (document.State?.Channels ?? []).Keys)
        {
            foreach (var (target, state) in Of(document, channel).Where(rollout => rollout.State.Since is null && rollout.State.Start > rollout.State.Release!.At && rollout.State.Start <= stamp.At))
            {
                state.Since = state.Start;
                begun.Add(new RecordedRollout(channel, target.ToString(), state.Release!.Version!, state.Release.Digest!, state.Start));
            }
        }

        return begun;
    }

    /// <summary>Makes the release of a rollout what the channel points to.</summary>
    public static void Complete(AppDocument document, string channel, Target target, DateTimeOffset at)
    {
        var release = Remove(document, channel, target).Release!;
        release.At = at;
        ChannelHistory.List(document, channel, target).Add(release);
    }

    /// <summary>Ends a rollout that is not complete. One that has not begun leaves no trace.</summary>
    public static void End(AppDocument document, string channel, Target target, Mark why, bool isReverted)
    {
        var state = Remove(document, channel, target);
        if (state.Start > why.At) return;
        var ended = document.State!.Channels![channel].Ended ??= [];
        var key = ended.Keys.FirstOrDefault(name => Target.Parse(name) == target) ?? target.ToString();
        if (!ended.TryGetValue(key, out var list)) ended.Add(key, list = []);
        list.Add(new EndedRollout { Release = state.Release, Start = state.Start, Ended = why, Reverted = isReverted });
        if (list.Count > EndedRollout.MaxKept) list.RemoveRange(0, list.Count - EndedRollout.MaxKept);
    }

    /// <summary>Begins or plans a rollout.</summary>
    public static void Begin(AppDocument document, string channel, Target target, RolloutState state)
    {
        var channels = (document.State ??= new AppState()).Channels ??= [];
        if (!channels.TryGetValue(channel, out var channelState)) channels.Add(channel, channelState = new ChannelState());
        (channelState.Rollouts ??= []).Add(target.ToString(), state);
    }

    /// <summary>
    /// Sets the clocks of rollouts anew from what they show, so that what stopped them until now, and freezes that are about to change, count as
    /// they did; to be called before any of that changes.
    /// </summary>
    /// <param name="document">Changed in place.</param>
    /// <param name="channel">One channel; null for all.</param>
    /// <param name="stamp">Up to when.</param>
    public static void SetClocks(AppDocument document, string? channel, Stamp stamp)
    {
        var pauses = stamp.Brakes.PausedTimes();
        foreach (var name in (document.State?.Channels ?? []).Keys.Where(name => channel is null || name == channel))
        {
            foreach (var (_, state) in Of(document, name))
            {
                // Control planes' clocks differ: one that is behind must not let time count twice.
                if (stamp.At <= (state.Since ?? state.Start)) continue;
                state.Elapsed = TimeSpan.FromTicks(RolloutCourse.Of(document, name, state).Clock(stamp.At.UtcTicks, pauses));
                state.Since = stamp.At;
            }
        }
    }

    /// <summary>Takes a rollout out of the document.</summary>
    public static RolloutState Remove(AppDocument document, string channel, Target target)
    {
        var channelState = document.State!.Channels![channel];
        var key = channelState.Rollouts!.Keys.First(name => Target.Parse(name) == target);
        var state = channelState.Rollouts[key];
        channelState.Rollouts.Remove(key);
        if (channelState.Rollouts.Count == 0) channelState.Rollouts = null;
        return state;
    }
}

/// <summary>A rollout that was written down as begun or complete.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Target">In the form <c>platform/arch</c>.</param>
/// <param name="Version">Version of the release.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="At">When it began, or was complete.</param>
public sealed record RecordedRollout(string Channel, string Target, string Version, string Digest, DateTimeOffset At);
