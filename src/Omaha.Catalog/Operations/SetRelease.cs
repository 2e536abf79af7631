using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Plans to point a first channel, one that nothing is promoted to, to a release of the spec.</summary>
public static class SetRelease
{
    private const int MostListed = 10;

    /// <param name="document">The app as it is stored.</param>
    /// <param name="channel">The channel that moves; it must have no <c>promotesFrom</c>.</param>
    /// <param name="version">Version of the release.</param>
    /// <param name="target">One target; null for every target that has the version.</param>
    /// <param name="stamp">Goes into the history.</param>
    public static Outcome<ChannelPlan> Plan(AppDocument document, string channel, string version, string? target, Stamp stamp)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } faults) return Outcome.Refused<ChannelPlan>(faults);
        if (ChannelNames.CheckChannel(document, channel, "channel") is { } unknown) return Outcome.Unknown<ChannelPlan>(unknown);
        if (ChannelNames.CheckTarget(target, out var wanted) is { } noTarget) return Outcome.Refused<ChannelPlan>(noTarget);
        if (document.Spec!.Channels![channel].PromotesFrom is { } source)
        {
            return Outcome.Refused<ChannelPlan>(new Fault("channel", $"channel {channel} of {document.App} takes releases from {source} only; use omahactl channel promote {document.App} {source} {channel}"));
        }

        var asked = DottedVersion.Parse(Encoding.UTF8.GetBytes(version));
        if (!asked.IsParsable) return Outcome.Refused<ChannelPlan>(new Fault("version", $"\"{version}\" is no version; write numbers joined by dots, such as 4081.3.1"));

        var releases = (document.Spec.Releases ?? []).Select(static release => (Spec: release, Identity: ReleaseSeal.Identity(release))).ToList();
        var ofVersion = releases.Where(release => release.Identity.Version == asked).ToList();
        if (ofVersion.Count == 0) return Outcome.Unknown<ChannelPlan>(new Fault("version", $"{document.App} has no release {version}; {Newest(releases.Select(static release => release.Spec.Version!), document)}"));

        var chosen = ofVersion.Where(release => wanted is null || release.Identity.Target == wanted).OrderBy(static release => release.Identity.Target.ToString(), StringComparer.Ordinal).ToList();
        if (chosen.Count == 0) return Outcome.Unknown<ChannelPlan>(new Fault("target", $"{document.App} has no release {version} for {wanted}; it is there for {string.Join(", ", ofVersion.Select(static release => release.Identity.Target))}"));

        return ChannelHistory.Move(document, channel, [.. chosen.Select(static release => (release.Identity.Target, release.Spec.Version!, ReleaseDigest.Of(release.Spec)))], from: null, stamp);
    }

    private static string Newest(IEnumerable<string> versions, AppDocument document)
    {
        var newest = versions.Distinct(StringComparer.Ordinal).OrderByDescending(static version => DottedVersion.Parse(Encoding.UTF8.GetBytes(version))).ToList();
        if (newest.Count == 0) return $"declare it in the spec of {document.App} first";
        return newest.Count <= MostListed ? $"it has {string.Join(", ", newest)}" : $"its newest are {string.Join(", ", newest.Take(MostListed))}";
    }
}
