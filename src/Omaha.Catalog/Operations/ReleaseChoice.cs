using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>A release of an app's spec that an operator named.</summary>
internal sealed record ChosenRelease(ReleaseSpec Spec, Target Target, string Digest)
{
    /// <summary>As sentences call it.</summary>
    public string Name => $"{Spec.Version} for {Target}";
}

/// <summary>Finds the releases that an operator means by a version or a digest; what does not exist is answered with what does.</summary>
internal static class ReleaseChoice
{
    private const int MostListed = 10;

    /// <param name="document">Without faults.</param>
    /// <param name="version">A version in any spelling, or a digest.</param>
    /// <param name="target">One target; null for every target that has the version.</param>
    /// <returns>At least one release, in the order of their targets.</returns>
    public static Outcome<IReadOnlyList<ChosenRelease>> Find(AppDocument document, string version, string? target)
    {
        if (ChannelNames.CheckTarget(target, out var wanted) is { } noTarget) return Outcome.Refused<IReadOnlyList<ChosenRelease>>(noTarget);
        var asked = DottedVersion.Parse(Encoding.UTF8.GetBytes(version));
        var isDigest = ReleaseDigest.IsWellFormed(version);
        if (!isDigest && !asked.IsParsable) return Outcome.Refused<IReadOnlyList<ChosenRelease>>(new Fault("version", $"\"{version}\" is no version; write numbers joined by dots, such as 4081.3.1, or a digest, v1: and 64 hexadecimal digits"));

        var all = document.Spec!.Releases ?? [];
        var named = all.Where(release => isDigest ? ReleaseDigest.Of(release) == version : ReleaseSeal.Identity(release).Version == asked)
            .Select(static release => new ChosenRelease(release, ReleaseSeal.Identity(release).Target, ReleaseDigest.Of(release)))
            .OrderBy(static release => release.Target.ToString(), StringComparer.Ordinal)
            .ToList();
        if (named.Count == 0) return Outcome.Unknown<IReadOnlyList<ChosenRelease>>(new Fault("version", $"{document.App} has no release {version}; {Newest(all.Select(static release => release.Version!), document)}"));

        var chosen = named.Where(release => wanted is null || release.Target == wanted).ToList();
        if (chosen.Count == 0) return Outcome.Unknown<IReadOnlyList<ChosenRelease>>(new Fault("target", $"{document.App} has no release {version} for {wanted}; it is there for {string.Join(", ", named.Select(static release => release.Target))}"));
        return Outcome.Of<IReadOnlyList<ChosenRelease>>(chosen);
    }

    private static string Newest(IEnumerable<string> versions, AppDocument document)
    {
        var newest = versions.Distinct(StringComparer.Ordinal).OrderByDescending(static version => DottedVersion.Parse(Encoding.UTF8.GetBytes(version))).ToList();
        if (newest.Count == 0) return $"it has none, so add one first: omahactl release add {document.App} VERSION";
        return newest.Count <= MostListed ? $"it has {string.Join(", ", newest)}" : $"its newest are {string.Join(", ", newest.Take(MostListed))}";
    }
}
