namespace Omaha.Catalog;

/// <summary>Plans to add releases to an app: all of them or, when one cannot be, none.</summary>
/// <remarks>What is there already stays as it is, so that adding the same content again does nothing; other content under the same version and target is refused.</remarks>
public static class AddReleases
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="file">As it was read; not yet validated.</param>
    public static Outcome<ReleasePlan> Plan(AppDocument document, ReleaseFile file)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } unsound) return Outcome.Refused<ReleasePlan>(unsound);
        var faults = Check(document, file);
        if (faults.Count > 0) return Outcome.Refused<ReleasePlan>(faults);

        var next = DocumentJson.Copy(document);
        var known = ReleaseSeal.ByIdentity(document);
        var steps = new List<ReleaseStep>();
        for (var i = 0; i < file.Releases!.Count; i++)
        {
            var given = file.Releases[i];
            if (!known.TryGetValue(ReleaseSeal.Identity(given), out var stored))
            {
                (next.Spec!.Releases ??= []).Add(given);
                steps.Add(Step(given, ReleaseChange.Added, StaysBlocked(document, given)));
            }
            else if (ReleaseSeal.Difference(stored, given) is { } difference) faults.Add(new Fault($"releases[{i}]", difference));
            else steps.Add(Step(stored, ReleaseChange.Unchanged, OtherCodebases(document, stored, given)));
        }

        if (faults.Count == 0) faults.AddRange(AppValidator.Check(next));
        return faults.Count > 0 ? Outcome.Refused<ReleasePlan>(faults) : ReleasePlan.Of(next, steps);
    }

    /// <summary>What can be said about the file without looking at what is stored.</summary>
    private static List<Fault> Check(AppDocument document, ReleaseFile file)
    {
        var faults = (file.UnknownKeys?.Keys ?? Enumerable.Empty<string>()).Select(static key => new Fault(key, "is no key of a document of releases, which has \"app\" and \"releases\"; check its spelling")).ToList();
        if (file.App is not null && AppKey.Of(file.App) != AppKey.Of(document.App!)) faults.Add(new Fault("app", $"\"{file.App}\" is not the app that is asked to take the releases, {document.App}"));
        if (file.Releases is null or []) faults.Add(new Fault("releases", "is missing or empty; a document of releases looks like {\"app\": \"…\", \"releases\": [{\"version\": \"…\", …}]}"));

        // As the only releases of an app, so that the validator's paths are those of the file.
        var alone = new AppDocument { App = document.App, Spec = new AppSpec { Releases = file.Releases } };
        faults.AddRange(AppValidator.Check(alone).Select(static fault => fault with { Path = fault.Path["spec.".Length..] }));
        return faults;
    }

    private static ReleaseStep Step(ReleaseSpec release, ReleaseChange change, string? note) =>
        new(release.Version!, ReleaseSeal.Identity(release).Target.ToString(), ReleaseDigest.Of(release), change, note is null ? [] : [note]);

    private static string? StaysBlocked(AppDocument document, ReleaseSpec release) =>
        document.State?.Blocks?.GetValueOrDefault(ReleaseDigest.Of(release)) is { } mark ? $"it is blocked, {Reason.Words(mark)}; omahactl release unblock ends that" : null;

    private static string? OtherCodebases(AppDocument document, ReleaseSpec stored, ReleaseSpec given) =>
        (stored.Codebases ?? []).SequenceEqual(given.Codebases ?? []) ? null
            : $"it keeps its codebases, {string.Join(", ", stored.Codebases ?? [])}; omahactl release relocate {document.App} {stored.Version} changes them";
}
