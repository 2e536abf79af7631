using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Plans a promotion: a channel is pointed to the very release, by digest, that is or was complete on the channel before it.</summary>
/// <remarks>
/// A promotion needs somebody's word that the release's packages can be fetched and are right (<see cref="Promotion.Verified"/>), or a reason
/// why not. The word is the caller's: omahactl fetches and hashes every package below every codebase before it asks. The control plane does
/// not fetch by itself, since it would fetch whatever URL somebody declared, from a network that machines are not in and that may have no way
/// out. What it does is hold the caller to the digest and to the codebases as they are when the channel moves, so that nothing else than what
/// was verified can be promoted, and put on record whether it was verified or why not.
/// </remarks>
public static class PromoteRelease
{
    private const int MostListed = 10;

    /// <param name="document">The app as it is stored.</param>
    /// <param name="promotion">What is asked for.</param>
    /// <param name="stamp">Goes into the history; soaking is counted up to it.</param>
    public static Outcome<ChannelPlan> Plan(AppDocument document, Promotion promotion, Stamp stamp)
    {
        var (from, to) = (promotion.From, promotion.To);
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } faults) return Outcome.Refused<ChannelPlan>(faults);
        if (Reason.CheckGiven((promotion.SkipVerify, "skipVerify"), (promotion.OverrideSoak, "overrideSoak"), (promotion.OverrideRevert, "overrideRevert")) is { Count: > 0 } reasons) return Outcome.Refused<ChannelPlan>(reasons);
        if (ChannelNames.CheckChannel(document, from, "from") is { } unknownFrom) return Outcome.Unknown<ChannelPlan>(unknownFrom);
        if (ChannelNames.CheckChannel(document, to, "to") is { } unknownTo) return Outcome.Unknown<ChannelPlan>(unknownTo);
        if (ChannelNames.CheckTarget(promotion.Target, out var wanted) is { } noTarget) return Outcome.Refused<ChannelPlan>(noTarget);
        if (CheckDirection(document, from, to) is { } wrongWay) return Outcome.Refused<ChannelPlan>(wrongWay);

        // What is complete by now counts as complete, written down or not.
        var known = DocumentJson.Copy(document);
        Rollouts.Complete(known, stamp);
        document = known;

        var chosen = Choose(document, from, promotion.Version, wanted);
        if (chosen.Plan is not { } sources) return chosen.Refusal<ChannelPlan>();

        var pointers = ChannelHistory.Pointers(document, to).ToDictionary(static pointer => pointer.Target, static pointer => pointer.Last.Digest);
        var (entries, refused) = (new List<(Target, CompleteRelease)>(), new List<Fault>());
        foreach (var source in sources)
        {
            var isThere = pointers.GetValueOrDefault(source.Target) == source.Release.Digest;
            var early = isThere ? null : CheckSoak(document, from, source, stamp.At);
            if (early is not null && promotion.OverrideSoak is null) refused.Add(early);
            if (!isThere && !promotion.IsPreview && promotion.SkipVerify is null && CheckVerified(document, source, promotion.Verified) is { } unverified) refused.Add(unverified);
            entries.Add((source.Target, new CompleteRelease
            {
                Version = source.Release.Version,
                Digest = source.Release.Digest,
                At = stamp.At,
                By = stamp.By,
                From = from,
                Verified = promotion.SkipVerify is null,
                SkipVerify = promotion.SkipVerify,
                OverrideSoak = early is null ? null : promotion.OverrideSoak,
            }));
        }

        // What must not be promoted at all comes before what may be on a condition.
        var moved = MoveChannel.Plan(document, to, entries, promotion.Order, promotion.OverrideRevert, stamp);
        return moved.Plan is not null && refused.Count > 0 ? Outcome.Refused<ChannelPlan>(refused) : moved;
    }

    private static Fault? CheckDirection(AppDocument document, string from, string to)
    {
        var source = document.Spec!.Channels![to].PromotesFrom;
        if (source == from) return null;
        return source is null
            ? new Fault("to", $"channel {to} of {document.App} is a first channel: it names no promotesFrom; use omahactl channel set to choose its release, or declare \"promotesFrom\": \"{from}\" in its spec")
            : new Fault("from", $"channel {to} of {document.App} takes releases from {source} only, not from {from}; promote to {source} first, or change promotesFrom in its spec");
    }

    /// <summary>What the source offers for each target: its last complete release, or the one that was asked for if that was ever complete there.</summary>
    private static Outcome<IReadOnlyList<Source>> Choose(AppDocument document, string from, string? version, Target? wanted)
    {
        var histories = ChannelHistory.Of(document, from);
        if (histories.Count == 0) return Outcome.Refused<IReadOnlyList<Source>>(new Fault("from", $"channel {from} of {document.App} has no complete release yet, so there is nothing to promote; {HowToFill(document, from)}"));

        var ofTarget = histories.Where(history => wanted is null || history.Target == wanted).ToList();
        if (ofTarget.Count == 0) return Outcome.Unknown<IReadOnlyList<Source>>(new Fault("target", $"channel {from} of {document.App} has nothing complete for {wanted}; it has {string.Join(", ", histories.Select(static history => history.Target))}"));
        if (version is null) return Outcome.Of<IReadOnlyList<Source>>([.. ofTarget.Select(static history => new Source(history.Target, history.History[^1], history.History))]);

        var isDigest = ReleaseDigest.IsWellFormed(version);
        var asked = ChannelHistory.Version(version);
        if (!isDigest && !asked.IsParsable) return Outcome.Refused<IReadOnlyList<Source>>(new Fault("version", $"\"{version}\" is no version; write numbers joined by dots, such as 4081.3.1, or a digest, v1: and 64 hexadecimal digits"));
        var found = ofTarget.Select(history => (history.Target, history.History, Release: history.History.LastOrDefault(complete => isDigest ? complete.Digest == version : ChannelHistory.Version(complete.Version) == asked)))
            .Where(static history => history.Release is not null)
            .ToList();
        if (found.Count == 0) return Outcome.Unknown<IReadOnlyList<Source>>(new Fault("version", $"{version} was never complete on channel {from} of {document.App}{(wanted is null ? "" : $" for {wanted}")}; what was: {EverComplete(ofTarget.SelectMany(static history => history.History))}"));

        var reverted = found.Select(history => (history.Target, history.Release!.Version, Mark: ChannelHistory.Reverted(document, from, history.Target, history.Release.Digest!)))
            .Where(static history => history.Mark is not null)
            .Select(history => new Fault("version", $"{history.Version} for {history.Target} was reverted on {from} ({Reason.Words(history.Mark!)}), so it goes nowhere from there; choose another release"))
            .ToList();
        return reverted.Count > 0
            ? Outcome.Refused<IReadOnlyList<Source>>(reverted)
            : Outcome.Of<IReadOnlyList<Source>>([.. found.Select(static history => new Source(history.Target, history.Release!, history.History))]);
    }

    private static Fault? CheckSoak(AppDocument document, string from, Source source, DateTimeOffset now)
    {
        if (document.Spec!.Channels![from].Soak is not { } soak) return null;
        var (needed, had) = (Duration.Parse(soak), ChannelHistory.TimeComplete(source.History, source.Release.Digest!, now));
        if (had >= needed) return null;
        var ready = source.Release == source.History[^1] ? $"promote it after {now + (needed - had):u}" : $"{from} points to another release now, so it soaks no longer; choose that one";
        return new Fault("from", $"{source.Release.Version} for {source.Target} was complete on {from} for {Duration.Text(had)}; the channel asks for {soak} (soak); {ready}, or say with --override-soak REASON (overrideSoak) why not to wait");
    }

    private static Fault? CheckVerified(AppDocument document, Source source, IReadOnlyList<VerifiedRelease> verified)
    {
        var release = document.Spec!.Releases!.Find(release => ReleaseDigest.Of(release) == source.Release.Digest)!;
        var found = verified.Where(entry => entry.Digest == source.Release.Digest).SelectMany(static entry => entry.Codebases ?? []).ToHashSet(StringComparer.Ordinal);
        var missing = release.Codebases!.Where(codebase => !found.Contains(codebase)).ToList();
        return missing.Count == 0 ? null
            : new Fault("verified", $"does not say that the packages of {source.Release.Version} for {source.Target} ({source.Release.Digest}) were fetched from {string.Join(", ", missing)} and were right; omahactl channel promote verifies them, or give a reason for --skip-verify (skipVerify)");
    }

    private static string EverComplete(IEnumerable<CompleteRelease> history)
    {
        var versions = history.Where(static complete => complete.Reverted is null).Select(static complete => complete.Version ?? "").Distinct(StringComparer.Ordinal).OrderByDescending(ChannelHistory.Version).ToList();
        return versions.Count <= MostListed ? string.Join(", ", versions) : $"{string.Join(", ", versions.Take(MostListed))} and older ones";
    }

    private static string HowToFill(AppDocument document, string channel) => document.Spec!.Channels![channel].PromotesFrom is { } source
        ? $"promote {source} to {channel} first"
        : $"choose one with omahactl channel set {document.App} {channel} VERSION";

    /// <summary>A release that may be promoted for a target, and the history of the channel that it is on.</summary>
    private sealed record Source(Target Target, CompleteRelease Release, IReadOnlyList<CompleteRelease> History);
}
