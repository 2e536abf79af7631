namespace Omaha.Catalog;

/// <summary>Plans to keep releases from being offered anywhere, or to let them be offered again.</summary>
public static class BlockRelease
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="version">A version or a digest.</param>
    /// <param name="target">One target; null for every target that has the version.</param>
    /// <param name="reason">Why; it stays on record with the block.</param>
    /// <param name="stamp">When and by whom.</param>
    public static Outcome<ReleasePlan> Block(AppDocument document, string version, string? target, string? reason, Stamp stamp)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } unsound) return Outcome.Refused<ReleasePlan>(unsound);
        if (Reason.Require(reason, "reason") is { } noReason) return Outcome.Refused<ReleasePlan>(noReason);
        var found = ReleaseChoice.Find(document, version, target);
        if (found.Plan is not { } chosen) return found.Refusal<ReleasePlan>();

        var next = DocumentJson.Copy(document);
        var blocks = (next.State ??= new AppState()).Blocks ??= [];
        var steps = new List<ReleaseStep>();
        foreach (var release in chosen)
        {
            if (blocks.TryAdd(release.Digest, new Mark { At = stamp.At, By = stamp.By, Reason = reason })) steps.Add(Step(release, ReleaseChange.Blocked,
            [
                .. WhereItIs(document, release).Select(channel => $"channel {channel} points to it: machines there are offered nothing for {release.Target} until the channel moves (omahactl channel revert {document.App} {channel})"),
                .. WhereItIsExposed(document, release).Select(channel => $"it is being rolled out on {channel}: no more machines are offered it there"),
            ]));
            else steps.Add(Step(release, ReleaseChange.Unchanged, [$"it is blocked already, {Reason.Words(blocks[release.Digest])}"]));
        }

        return ReleasePlan.Of(next, steps);
    }

    /// <param name="document">The app as it is stored.</param>
    /// <param name="version">A version or a digest; also the digest of a release that was removed.</param>
    /// <param name="target">One target; null for every target that has the version.</param>
    /// <param name="reason">Why.</param>
    public static Outcome<ReleasePlan> Unblock(AppDocument document, string version, string? target, string? reason)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } unsound) return Outcome.Refused<ReleasePlan>(unsound);
        if (Reason.Require(reason, "reason") is { } noReason) return Outcome.Refused<ReleasePlan>(noReason);
        var found = ReleaseChoice.Find(document, version, target);
        var next = DocumentJson.Copy(document);
        if (found.Plan is not { } chosen)
        {
            // A block may outlive its release.
            if (next.State?.Blocks?.Remove(version) != true) return found.Refusal<ReleasePlan>();
            return ReleasePlan.Of(Tidied(next), [new ReleaseStep(null, null, version, ReleaseChange.Unblocked, ["no release of the app has this digest"])]);
        }

        var steps = chosen.Select(release => next.State?.Blocks?.Remove(release.Digest) == true
            ? Step(release, ReleaseChange.Unblocked, [.. WhereItIs(document, release).Select(channel => $"channel {channel} points to it: machines there are offered it again for {release.Target}")])
            : Step(release, ReleaseChange.Unchanged, ["it is not blocked"])).ToList();
        return ReleasePlan.Of(Tidied(next), steps);
    }

    private static AppDocument Tidied(AppDocument document)
    {
        if (document.State?.Blocks is { Count: 0 }) document.State.Blocks = null;
        return document;
    }

    private static IEnumerable<string> WhereItIs(AppDocument document, ChosenRelease release) =>
        (document.Spec!.Channels ?? []).Keys.Where(channel => ChannelHistory.Pointers(document, channel).Any(pointer => pointer.Last.Digest == release.Digest));

    private static IEnumerable<string> WhereItIsExposed(AppDocument document, ChosenRelease release) =>
        (document.Spec!.Channels ?? []).Keys.Where(channel => Rollouts.Of(document, channel).Any(rollout => rollout.State.Release?.Digest == release.Digest));

    private static ReleaseStep Step(ChosenRelease release, ReleaseChange change, IReadOnlyList<string> notes) =>
        new(release.Spec.Version!, release.Target.ToString(), release.Digest, change, notes);
}
