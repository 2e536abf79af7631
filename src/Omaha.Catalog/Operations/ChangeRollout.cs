namespace Omaha.Catalog;

/// <summary>Plans the verbs on rollouts that are under way: pause and resume, halt, raise, expedite.</summary>
public static class ChangeRollout
{
    /// <summary>Stops offers of the release; the clock stands still until the rollout is resumed. The last complete release stays on offer.</summary>
    public static Outcome<RolloutPlan> Pause(AppDocument document, string channel, string? target, string? reason, Stamp stamp) =>
        Reason.Check(reason, "reason") is { } fault ? Outcome.Refused<RolloutPlan>(fault) : Change(document, channel, target, stamp, (state, _, notes) =>
        {
            if (state.Halted is not null) notes.Add("it is halted, which holds more than a pause");
            if ((state.Paused ?? state.Halted) is not null) return null;
            state.Paused = stamp.Mark(reason);
            return null;
        });

    /// <summary>Stops offers of the release for safety.</summary>
    public static Outcome<RolloutPlan> Halt(AppDocument document, string channel, string? target, string? reason, Stamp stamp) =>
        Reason.Require(reason, "reason") is { } fault ? Outcome.Refused<RolloutPlan>(fault) : Change(document, channel, target, stamp, (state, _, _) =>
        {
            state.Halted ??= stamp.Mark(reason);
            return null;
        });

    /// <summary>Lifts pause and halt; the clock goes on from where it stood.</summary>
    public static Outcome<RolloutPlan> Resume(AppDocument document, string channel, string? target, Stamp stamp) => Change(document, channel, target, stamp, (state, _, notes) =>
    {
        if ((state.Paused ?? state.Halted) is null) notes.Add("it is neither paused nor halted");
        (state.Paused, state.Halted) = (null, null);
        return null;
    });

    /// <summary>Raises the exposure at once; the ramp takes over where it is beyond it. It is never lowered.</summary>
    /// <param name="document">The app as it is stored.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="target">One target; null for every rollout of the channel.</param>
    /// <param name="percent">Share of the nodes in percent, above 0 up to 100.</param>
    /// <param name="stamp">When and by whom.</param>
    public static Outcome<RolloutPlan> Raise(AppDocument document, string channel, string? target, double percent, Stamp stamp)
    {
        if (percent is not (> 0 and <= 100)) return Outcome.Refused<RolloutPlan>(new Fault("exposure", $"{percent}% is out of range; give more than 0% and at most 100%"));
        return Change(document, channel, target, stamp, (state, view, notes) =>
        {
            if (view.Standing == RolloutStanding.Planned) return new Fault("exposure", $"the rollout of {view.Version} for {view.Target} has not begun; it starts at {view.Start:u}");
            var now = view.Exposure * 100;
            if (percent < now) return new Fault("exposure", $"{RolloutView.Percent(percent)} is less than the {RolloutView.Percent(now)} of {view.Version} for {view.Target} now; exposure only rises, since machines that were offered a release must not be told otherwise. To stop, use rollout pause or halt; to go back, channel revert");
            if (percent >= 100 && (state.Paused ?? state.Halted) is not null) return new Fault("exposure", $"the rollout of {view.Version} for {view.Target} is {view.Standing.ToString().ToLowerInvariant()}; resume it before everybody gets the release");
            if (percent > now) state.Raised = new RaisedExposure { Percent = percent, At = stamp.At, By = stamp.By };
            else notes.Add("the exposure is that already");
            return null;
        });
    }

    /// <summary>Lets everybody have the release at once, also outside of windows, and also where the rollout was planned for later.</summary>
    public static Outcome<RolloutPlan> Expedite(AppDocument document, string channel, string? target, string? reason, Stamp stamp) =>
        Reason.Require(reason, "reason") is { } fault ? Outcome.Refused<RolloutPlan>(fault) : Change(document, channel, target, stamp, (state, view, _) =>
        {
            if ((state.Paused ?? state.Halted) is not null) return new Fault("channel", $"the rollout of {view.Version} for {view.Target} is {view.Standing.ToString().ToLowerInvariant()}; resume it first");
            state.Release!.Expedite ??= stamp.Mark(reason);
            if (state.Start > stamp.At) state.Start = stamp.At;
            return null;
        });

    /// <summary>Changes each rollout that is meant in place, given how it stands; a fault refuses the whole.</summary>
    private static Outcome<RolloutPlan> Change(AppDocument document, string channel, string? target, Stamp stamp, Func<RolloutState, RolloutView, List<string>, Fault?> change)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } faults) return Outcome.Refused<RolloutPlan>(faults);
        if (ChannelNames.CheckChannel(document, channel, "channel") is { } unknown) return Outcome.Unknown<RolloutPlan>(unknown);
        if (ChannelNames.CheckTarget(target, out var wanted) is { } noTarget) return Outcome.Refused<RolloutPlan>(noTarget);

        var next = DocumentJson.Copy(document);
        var completed = Rollouts.Complete(next, stamp).Where(rollout => rollout.Channel == channel).ToList();
        var chosen = Rollouts.Of(next, channel).Where(rollout => wanted is null || rollout.Target == wanted).ToList();
        if (chosen.Count == 0) return Outcome.Unknown<RolloutPlan>(Nothing(document, channel, wanted, completed, Rollouts.Of(next, channel)));

        var before = DocumentJson.Write(next);
        Rollouts.SetClocks(next, channel, stamp);
        var notes = new List<string>();
        foreach (var (of, state) in chosen)
        {
            if (change(state, RolloutView.Of(next, channel, of, state, stamp), notes) is { } refused) return Outcome.Refused<RolloutPlan>(refused);
        }

        var views = chosen.Select(rollout => RolloutView.Of(next, channel, rollout.Target, rollout.State, stamp)).ToList();
        var plan = new RolloutPlan(document.App!, views, [.. notes.Distinct(StringComparer.Ordinal)]);
        if (IsSame(before, next, channel)) return Outcome.Of(plan);

        Rollouts.Complete(next, stamp);
        SupportedFeatures.Declare(next);
        return DocumentSize.Check(next) is { } tooLarge ? Outcome.Refused<RolloutPlan>(tooLarge) : Outcome.Of(plan with { Document = next });
    }

    /// <summary>Whether nothing but clocks was set.</summary>
    private static bool IsSame(byte[] before, AppDocument next, string channel)
    {
        var was = DocumentJson.ReadApp(before, out _)!;
        foreach (var (target, state) in Rollouts.Of(next, channel))
        {
            var old = Rollouts.Find(was, channel, target)!;
            (old.Elapsed, old.Since) = (state.Elapsed, state.Since);
        }

        return DocumentJson.Write(was).AsSpan().SequenceEqual(DocumentJson.Write(next));
    }

    private static Fault Nothing(AppDocument document, string channel, Target? wanted, List<RecordedRollout> completed, IReadOnlyList<(Target Target, RolloutState State)> others)
    {
        var of = wanted is null ? "" : $" for {wanted}";
        if (completed.Find(rollout => wanted is null || rollout.Target == wanted.ToString()) is { } done) return new Fault("channel", $"the rollout of {done.Version} on {channel} of {document.App}{of} was complete at {done.At:u}; use channel revert to take it back, or release block to keep it from every machine");
        return new Fault(wanted is null ? "channel" : "target", others.Count == 0
            ? $"nothing is being rolled out on {channel} of {document.App}"
            : $"nothing is being rolled out on {channel} of {document.App}{of}; there is a rollout for {string.Join(", ", others.Select(static rollout => rollout.Target))}");
    }
}
