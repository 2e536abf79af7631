namespace Omaha.Catalog;

/// <summary>What an operator asks for who promotes a release.</summary>
/// <param name="From">The channel whose release is taken.</param>
/// <param name="To">The channel that moves; it must declare <c>promotesFrom</c> <paramref name="From"/>.</param>
public sealed record Promotion(string From, string To)
{
    /// <summary>Version or digest of a release that was complete on <see cref="From"/> earlier; null for what that channel points to.</summary>
    public string? Version { get; init; }

    /// <summary>One target; null for every target that <see cref="From"/> has.</summary>
    public string? Target { get; init; }

    /// <summary>True: nothing is going to be written, so nothing need have been verified.</summary>
    public bool IsPreview { get; init; }

    /// <summary>The releases whose packages were fetched and found to be right, as far as the caller says.</summary>
    public IReadOnlyList<VerifiedRelease> Verified { get; init; } = [];

    /// <summary>Why it is promoted without that.</summary>
    public string? SkipVerify { get; init; }

    /// <summary>Why it is promoted before it was complete on <see cref="From"/> for as long as that channel asks.</summary>
    public string? OverrideSoak { get; init; }

    /// <summary>How it is exposed on <see cref="To"/>.</summary>
    public RolloutOrder Order { get; init; } = RolloutOrder.Default;

    /// <summary>Why it is promoted although it was reverted on <see cref="To"/>.</summary>
    public string? OverrideRevert { get; init; }
}

/// <summary>Says that each package of a release was fetched below each of some codebases, and had the size and the hashes that the release names.</summary>
public sealed record VerifiedRelease(string? Digest, IReadOnlyList<string>? Codebases);
