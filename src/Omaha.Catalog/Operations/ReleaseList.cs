namespace Omaha.Catalog;

/// <summary>An app's releases and where they are, for people and for the API.</summary>
public static class ReleaseList
{
    /// <summary>All of them, the newest version first.</summary>
    public static Outcome<IReadOnlyList<ReleaseView>> Of(AppDocument document)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } unsound) return Outcome.Refused<IReadOnlyList<ReleaseView>>(unsound);
        var places = Places(document);
        return Outcome.Of<IReadOnlyList<ReleaseView>>([.. (document.Spec!.Releases ?? [])
            .Select(release => View(document, release, places))
            .OrderByDescending(static view => ChannelHistory.Version(view.Release.Version))
            .ThenBy(static view => view.Target, StringComparer.Ordinal)]);
    }

    /// <summary>Those of a version, or the one of a digest.</summary>
    public static Outcome<IReadOnlyList<ReleaseView>> Find(AppDocument document, string version, string? target)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } unsound) return Outcome.Refused<IReadOnlyList<ReleaseView>>(unsound);
        var found = ReleaseChoice.Find(document, version, target);
        if (found.Plan is not { } chosen) return found.Refusal<IReadOnlyList<ReleaseView>>();
        var places = Places(document);
        return Outcome.Of<IReadOnlyList<ReleaseView>>([.. chosen.Select(release => View(document, release.Spec, places))]);
    }

    private static ReleaseView View(AppDocument document, ReleaseSpec release, ILookup<string?, HistoryEntry> places)
    {
        var digest = ReleaseDigest.Of(release);
        return new ReleaseView(ReleaseSeal.Identity(release).Target.ToString(), digest, document.State?.Blocks?.GetValueOrDefault(digest), [.. places[digest]], release);
    }

    private static ILookup<string?, HistoryEntry> Places(AppDocument document) => HistoryList.Of(document, channel: null).Plan!.ToLookup(static entry => entry.Digest);
}

/// <summary>One release.</summary>
/// <param name="Target">In the form <c>platform/arch</c>.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Blocked">Set when it is blocked.</param>
/// <param name="Places">Where it is and was complete, the newest first; where it is still what the channel points to, it has no end.</param>
/// <param name="Release">The release as it is declared.</param>
public sealed record ReleaseView(string Target, string Digest, Mark? Blocked, IReadOnlyList<HistoryEntry> Places, ReleaseSpec Release);
