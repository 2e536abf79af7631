using System.Collections.Concurrent;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>A release that older machines must install before a later one.</summary>
/// <param name="Release">The release.</param>
/// <param name="Reason">Why; null when nobody said.</param>
/// <param name="IsBlocked">The release is blocked: nothing beyond it can be offered to an older machine.</param>
internal sealed record Floor(OfferedRelease Release, string? Reason, bool IsBlocked);

/// <summary>The floors of one channel and target, the lowest first.</summary>
internal sealed class FloorLadder
{
    /// <summary>Most floors that one reply names to a client that understands several manifests. It asks again for the rest.</summary>
    public const int MostAtOnce = 5;

    private readonly Floor[] _floors;
    private readonly ConcurrentDictionary<(int First, OfferedRelease Target, ManifestForm Form), byte[]> _rendered = new();

    public FloorLadder(IEnumerable<Floor> floors) => _floors = [.. floors.OrderBy(static floor => floor.Release.Version)];

    /// <summary>No floor at all.</summary>
    public static FloorLadder None { get; } = new([]);

    public Floor this[int index] => _floors[index];

    /// <summary>Index of the lowest floor above one version and at or below another; -1 when there is none.</summary>
    public int Find(in DottedVersion above, in DottedVersion upTo)
    {
        // Most machines are past the last one.
        if (_floors.Length == 0 || _floors[^1].Release.Version <= above) return -1;
        for (var i = 0; i < _floors.Length; i++)
        {
            if (_floors[i].Release.Version > above) return _floors[i].Release.Version <= upTo ? i : -1;
        }

        return -1;
    }

    /// <summary>How many floors from an index on lead to a target, its own included if it is one; they end before one that is blocked.</summary>
    public int CountUpTo(int first, OfferedRelease target)
    {
        var count = 0;
        while (count < MostAtOnce && first + count < _floors.Length && !_floors[first + count].IsBlocked && _floors[first + count].Release.Version <= target.Version) count++;
        return count;
    }

    /// <summary>What stands inside <c>updatecheck</c> for a client that understands several manifests: the floors from an index on, then the target, unless floors are left over.</summary>
    public ReadOnlySpan<byte> ManifestsFor(int first, OfferedRelease target, ManifestForm form) =>
        _rendered.GetOrAdd((first, target, form), static (key, ladder) => ladder.Render(key.First, key.Target, key.Form), this);

    private byte[] Render(int first, OfferedRelease target, ManifestForm form)
    {
        var count = CountUpTo(first, target);
        var steps = _floors.AsSpan(first, count).ToArray()
            .Select(floor => new ManifestStep(floor.Release.Spec, IsFloor: true, floor.Reason, IsTarget: floor.Release.Version == target.Version))
            .ToList();

        // Never a silent skip: the target is named only when every floor before it is.
        var next = first + count;
        var isWhole = next == _floors.Length || _floors[next].Release.Version > target.Version;
        if (isWhole && !steps[^1].IsTarget) steps.Add(new ManifestStep(target.Spec, IsFloor: false, null, IsTarget: true));
        return ManifestXml.RenderSteps(steps, form);
    }
}
