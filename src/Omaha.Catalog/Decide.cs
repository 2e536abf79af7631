using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>
/// The rules, in their order: which group the machine belongs to, which releases it could get, which of them it gets, and whether now. Pure,
/// and free of allocation; the first rule that says no ends it.
/// </summary>
public static class Decide
{
    /// <summary>Decides one check of an app that the snapshot holds.</summary>
    public static CheckOutcome Check(CatalogSnapshot snapshot, CatalogApp app, UpdateRequest request, in RequestedApp asked, ClientKind client, CheckMoment moment)
    {
        var trace = default(NoTrace);
        var node = NodeId.Of(request, asked);
        return Check(ref trace, snapshot, app, request, asked, client, node, moment) with { NodeId = node.Source };
    }

    /// <summary>The same, with somebody listening.</summary>
    internal static CheckOutcome Check<TTrace>(ref TTrace trace, CatalogSnapshot snapshot, CatalogApp app, UpdateRequest request, in RequestedApp asked, ClientKind client, in NodeId node, CheckMoment moment)
        where TTrace : struct, IDecisionTrace
    {
        // 1. Can this app be answered for at all?
        if (app.Standing == AppStanding.Unsupported) return new(Decision.Unsupported, null, snapshot.LeastPollInterval);
        if (app.Standing == AppStanding.Unreadable) return new(Decision.Unreadable, null, snapshot.LeastPollInterval);

        // 2. Which group does the machine belong to, and does anything hold all of it?
        var group = FollowedGroup.Find(app, request, asked, out var source, out var sent);
        trace.Followed(group, source, sent);
        if (group is null) return new(Decision.UnknownTrack, null, snapshot.LeastPollInterval);

        var poll = Math.Max(group.PollInterval, snapshot.LeastPollInterval);
        if (asked.UpdateDisabled)
        {
            trace.UpdateDisabled();
            return new(Decision.UpdateDisabled, null, poll);
        }

        trace.Pauses(snapshot, app, group);
        if (snapshot.Brakes.PauseAll is not null || app.Paused is not null || group.Channel.Paused is not null || group.Paused is not null) return new(Decision.Paused, null, poll);

        // 3. What is there for a machine of this kind?
        var wanted = new RequestedTarget(request, asked);
        var target = wanted.Find(group.Channel.Targets, app.DefaultTarget);
        trace.Targeted(target);
        if (target is null) return new(wanted.IsForeign(group.Channel.Targets) ? Decision.OsNotSupported : Decision.NoRelease, null, poll);

        var oem = request[asked.Oem];
        if (group.Oems?.Contains(oem) == false || group.ExceptOems?.Contains(oem) == true)
        {
            trace.OemExcluded(group, oem);
            return new(Decision.OemExcluded, null, poll);
        }

        // 4. The first candidate that the machine may move to, that this client can take, and whose exposure admits the node.
        var version = DottedVersion.Parse(request[asked.Version]);
        var machine = new Machine(request, asked, client, node, version);
        var ramp = new RampState(target.Rollout, snapshot, moment);
        var needsCohort = ramp.IsActive && node.Source is NodeIdSource.None or NodeIdSource.Cohort;
        var choice = Candidates.Choose(ref trace, machine, group, target, ramp);
        if (choice.Release is not { } release) return new(choice.Verdict, null, poll, NeedsCohort: needsCohort);

        // 5. What must be installed before it?
        var isRollback = release.Version < machine.Version;
        var floor = isRollback ? -1 : target.Floors.Find(machine.Version, release.Version);
        FloorLadder? several = null;
        if (floor >= 0)
        {
            var next = target.Floors[floor];
            var verdict = !next.IsBlocked && machine.CanTake(next.Release) == Decision.Offered ? Decision.Offered : Decision.Floor;
            trace.Floor(next, verdict);
            if (verdict != Decision.Offered) return new(verdict, null, poll, NeedsCohort: needsCohort);

            if (asked.MultiManifestOk && machine.TakesAll(target.Floors, floor, release)) several = target.Floors;
            else release = next.Release;
        }

        // 6. Is it the time?
        var held = JudgeTime(group, machine.IsInteractive || choice.IsExpedited, moment);
        trace.Times(group, held, choice.IsExpedited, machine.IsInteractive);
        if (held != Decision.Offered) return new(held, null, poll, NeedsCohort: needsCohort);

        return new(Decision.Offered, release, poll, isRollback, needsCohort) { Ladder = several, FirstFloor = floor };
    }

    /// <summary>What a check is answered with by a server that is overloaded, as cheaply as can be: no update, and a longer time until the machine asks again.</summary>
    /// <param name="snapshot">The catalogue.</param>
    /// <param name="app">The app that is asked for.</param>
    /// <param name="request">The request.</param>
    /// <param name="asked">What it asks.</param>
    /// <param name="pollInterval">Seconds until the machine asks again, at least; a longer time that its group or a brake sets stays in force.</param>
    public static CheckOutcome HoldForLoad(CatalogSnapshot snapshot, CatalogApp app, UpdateRequest request, in RequestedApp asked, int pollInterval)
    {
        var group = FollowedGroup.Find(app, request, asked, out _, out _);
        return new(Decision.HeldLoad, null, Math.Max(pollInterval, Math.Max(group?.PollInterval ?? 0, snapshot.LeastPollInterval)));
    }

    /// <summary>Nothing passes a freeze; who asks by hand, and an expedited release, pass windows.</summary>
    private static Decision JudgeTime(NodeGroup group, bool passesWindows, CheckMoment moment)
    {
        if (group.Freezes.Holds(moment.Now)) return Decision.HeldFreeze;
        return passesWindows || group.Windows?.IsOpen(moment.Now) != false ? Decision.Offered : Decision.HeldWindow;
    }
}
