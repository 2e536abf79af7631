namespace Omaha.Catalog;

/// <summary>Plans to take a release out of an app's spec; refused while anything refers to it.</summary>
public static class RemoveRelease
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="version">A version or a digest.</param>
    /// <param name="target">One target; null for every target that has the version.</param>
    public static Outcome<ReleasePlan> Plan(AppDocument document, string version, string? target)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } unsound) return Outcome.Refused<ReleasePlan>(unsound);
        var found = ReleaseChoice.Find(document, version, target);
        if (found.Plan is not { } chosen) return found.Refusal<ReleasePlan>();

        var references = ReleaseReferences.Of(document);
        var kept = chosen.Where(release => references.ContainsKey(release.Digest))
            .Select(release => new Fault("version", $"{release.Name} cannot be removed: {ReleaseReferences.Words(references[release.Digest])} offered it, and what a channel ever offered stays, so that its history can be told; omahactl release block keeps it from being offered"))
            .ToList();
        if (kept.Count > 0) return Outcome.Refused<ReleasePlan>(kept);

        var next = DocumentJson.Copy(document);
        var gone = chosen.Select(static release => release.Digest).ToHashSet(StringComparer.Ordinal);
        next.Spec!.Releases!.RemoveAll(release => gone.Contains(ReleaseDigest.Of(release)));
        if (next.Spec.Releases.Count == 0) next.Spec.Releases = null;

        // What else names a release, such as a floor, finds it missing.
        if (AppValidator.Check(next) is { Count: > 0 } missed) return Outcome.Refused<ReleasePlan>([.. missed.Select(static fault => fault with { Message = $"without the release: {fault.Message}" })]);
        return ReleasePlan.Of(next, [.. chosen.Select(release => new ReleaseStep(release.Spec.Version!, release.Target.ToString(), release.Digest, ReleaseChange.Removed, Notes(document, release)))]);
    }

    private static IReadOnlyList<string> Notes(AppDocument document, ChosenRelease release) =>
        document.State?.Blocks?.ContainsKey(release.Digest) == true ? ["its block stays, should it be added again"] : [];
}
