namespace Omaha.Catalog;

/// <summary>Plans to move a release to other URLs. Its content, and so its digest, stays.</summary>
public static class RelocateRelease
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="version">A version or a digest.</param>
    /// <param name="target">Needed where the version is there for several targets, since each has files of its own.</param>
    /// <param name="codebases">The URLs that take the place of all those before.</param>
    public static Outcome<ReleasePlan> Plan(AppDocument document, string version, string? target, List<string> codebases)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } unsound) return Outcome.Refused<ReleasePlan>(unsound);
        var found = ReleaseChoice.Find(document, version, target);
        if (found.Plan is not { } chosen) return found.Refusal<ReleasePlan>();
        if (chosen.Count > 1) return Outcome.Refused<ReleasePlan>(new Fault("target", $"is missing: {version} is there for {string.Join(", ", chosen.Select(static release => release.Target))}, each with files of its own; name one of them"));

        var release = chosen[0];
        var next = DocumentJson.Copy(document);
        next.Spec!.Releases![document.Spec!.Releases!.IndexOf(release.Spec)].Codebases = codebases;
        var faults = AppValidator.Check(next);
        if (faults.Count > 0) return Outcome.Refused<ReleasePlan>([.. faults.Select(static fault => fault with { Path = fault.Path[(fault.Path.IndexOf("codebases", StringComparison.Ordinal) is var at and >= 0 ? at : 0)..] })]);

        var last = release.Spec.Codebases ?? [];
        var isSame = last.SequenceEqual(codebases);
        return ReleasePlan.Of(next, [new ReleaseStep(
            release.Spec.Version!,
            release.Target.ToString(),
            release.Digest,
            isSame ? ReleaseChange.Unchanged : ReleaseChange.Relocated,
            isSame ? [] : [$"{string.Join(", ", last)} -> {string.Join(", ", codebases)}"])]);
    }
}
