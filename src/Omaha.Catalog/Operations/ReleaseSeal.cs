using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Keeps what was promised about releases: their content never changes, and what a channel refers to stays declared.</summary>
internal static class ReleaseSeal
{
    /// <summary>What a new form of a document would break. Both have a spec without faults; the state is that of the last one.</summary>
    public static IEnumerable<Fault> Check(AppDocument last, AppDocument next)
    {
        var declared = ByIdentity(next);
        var offeredBy = ReleaseReferences.Of(last);
        foreach (var (identity, release) in ByIdentity(last))
        {
            if (!declared.TryGetValue(identity, out var now))
            {
                if (offeredBy.TryGetValue(ReleaseDigest.Of(release), out var channels))
                {
                    yield return new Fault("spec.releases", $"release {Name(release)} is not in the file, but {ReleaseReferences.Words(channels)} offered it; a release that a channel ever offered stays declared");
                }

                continue;
            }

            if (Difference(release, now) is { } difference) yield return new Fault($"spec.releases[{next.Spec!.Releases!.IndexOf(now)}]", difference);
        }

        foreach (var (name, group) in last.State?.Groups ?? [])
        {
            if (group?.Paused is not null && next.Spec!.Groups?.ContainsKey(name) != true) yield return new Fault($"spec.groups.{name}", "is not in the file, but is paused; a file cannot lift a pause, so resume the group first");
        }

        foreach (var name in (last.State?.Channels ?? []).Keys)
        {
            if (next.Spec!.Channels?.ContainsKey(name) != true) yield return new Fault($"spec.channels.{name}", "is not in the file, but machines were offered releases on it; a channel that has a history stays declared");
        }
    }

    internal static Dictionary<(DottedVersion Version, Target Target), ReleaseSpec> ByIdentity(AppDocument document) =>
        (document.Spec!.Releases ?? []).ToDictionary(Identity);

    internal static (DottedVersion Version, Target Target) Identity(ReleaseSpec release) =>
        (DottedVersion.Parse(Encoding.UTF8.GetBytes(release.Version!)), Target.TryParse(release.Target, out var target) ? target : Target.Any);

    internal static (DottedVersion Version, Target Target) Identity(string version, Target target) => (DottedVersion.Parse(Encoding.UTF8.GetBytes(version)), target);

    internal static string Name(ReleaseSpec release) => $"{release.Version} for {Identity(release).Target}";

    /// <summary>Why one release cannot take the place of another with the same version and target; null when their contents are the same.</summary>
    internal static string? Difference(ReleaseSpec stored, ReleaseSpec given)
    {
        var (before, after) = (ReleaseDigest.Of(stored), ReleaseDigest.Of(given));
        return before == after ? null
            : $"release {Name(stored)} has another content than the stored one: {FirstDifference(stored, given)} (stored {before}, given {after}); a release never changes, only its codebases may, so publish the content under a new version";
    }

    /// <summary>The first difference that the digest sees, in words. What it does not see (codebases, spellings of the same value) is evened out first.</summary>
    private static string FirstDifference(ReleaseSpec before, ReleaseSpec after) =>
        JsonDifferences.Between(JsonDifferences.Node(Plain(before)), JsonDifferences.Node(Plain(after))).First();

    private static ReleaseSpec Plain(ReleaseSpec release) => new()
    {
        Version = release.Version,
        Packages = [.. (release.Packages ?? []).Select(static (package, i) => new PackageSpec
        {
            Name = package.Name,
            Size = package.Size,
            Sha256 = package.Sha256?.ToLowerInvariant(),
            Sha1 = package.Sha1,
            Required = package.Required ?? i == 0,
            MetadataSize = package.MetadataSize,
            MetadataSignature = package.MetadataSignature,
            Delta = package.Delta,
        })],
        Actions = release.Actions ?? [],
        Gates = release.Gates,
        ProdVersionMin = release.ProdVersionMin,
        Format = release.Format,
        FirmwareVersion = release.FirmwareVersion,
        KernelVersion = release.KernelVersion,
    };
}
