namespace Omaha.Catalog;

/// <summary>What a check is answered with.</summary>
/// <param name="Decision">Why.</param>
/// <param name="Release">What is offered; null unless <see cref="Decision.Offered"/>.</param>
/// <param name="PollInterval">Seconds until the machine asks again, 0 to leave it to the client.</param>
/// <param name="IsRollback">The offer is lower than what the machine has; ChromeOS must be told.</param>
/// <param name="NeedsCohort">A rollout is active, and the client has no id of its own to take its turn by: it needs an issued cohort, or keeps the one it has.</param>
public readonly record struct CheckOutcome(Decision Decision, OfferedRelease? Release = null, int PollInterval = 0, bool IsRollback = false, bool NeedsCohort = false)
{
    /// <summary>Where the check carried the node's id.</summary>
    public NodeIdSource NodeId { get; init; }

    /// <summary>Set when several manifests are sent: the floors on the way to the release.</summary>
    internal FloorLadder? Ladder { get; init; }

    /// <summary>The first of them.</summary>
    internal int FirstFloor { get; init; }

    /// <summary>What stands inside <c>updatecheck</c> of an offer: the release's manifest, and for a client that understands several those of the floors before it.</summary>
    public ReadOnlySpan<byte> ManifestFor(ManifestForm form) =>
        Ladder is null ? Release!.ManifestFor(form) : Ladder.ManifestsFor(FirstFloor, Release!, form);
}
