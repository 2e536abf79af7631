namespace Omaha.Catalog;

/// <summary>
/// Listens to the rules as they are applied. The rules are compiled once for each listener, and for the one that hears nothing every call
/// vanishes: explaining a decision costs the hot path nothing, and cannot come to another decision.
/// </summary>
internal interface IDecisionTrace
{
    /// <summary>The group that the machine follows, and the wish that chose it; null for a wish that the app does not know.</summary>
    void Followed(NodeGroup? group, TrackSource source, ReadOnlySpan<byte> sent);

    /// <summary>The client ignores offers.</summary>
    void UpdateDisabled();

    /// <summary>Whether anything pauses the whole group.</summary>
    void Pauses(CatalogSnapshot snapshot, CatalogApp app, NodeGroup group);

    /// <summary>The target whose releases count; null when there are none for the machine.</summary>
    void Targeted(ChannelTarget? target);

    /// <summary>Nothing was complete on the machine's own target yet, so complete releases of another one stand in.</summary>
    void StandsIn(ChannelTarget target, ChannelTarget complete);

    /// <summary>The group is not for machines of this OEM.</summary>
    void OemExcluded(NodeGroup group, ReadOnlySpan<byte> oem);

    /// <summary>Only releases under a prefix count: the machine's own, or the version that its group is pinned to.</summary>
    void Narrowed(ReadOnlySpan<byte> prefix, NodeGroup group);

    /// <summary>The exposure of a rollout does not matter: it is complete, or the check passes it.</summary>
    void Exposure(Rollout rollout, double exposure, bool isPassed);

    /// <summary>The exposure of a rollout against the place of the node.</summary>
    void Bucket(Rollout rollout, NodeIdSource source, double bucket, in RampState ramp);

    /// <summary>What became of one candidate, that of a rollout or a complete one; <see cref="Decision.Offered"/> for the one that is chosen.</summary>
    void Candidate(OfferedRelease release, Rollout? rollout, Decision verdict);

    /// <summary>The channel points to no release, or to one that is blocked.</summary>
    void NoneComplete(bool isBlocked);

    /// <summary>A floor stands before the candidate.</summary>
    void Floor(Floor floor, Decision verdict);

    /// <summary>Whether the time allows an offer.</summary>
    void Times(NodeGroup group, Decision verdict, bool isExpedited, bool isInteractive);
}

/// <summary>Hears nothing.</summary>
internal readonly struct NoTrace : IDecisionTrace
{
    public void Followed(NodeGroup? group, TrackSource source, ReadOnlySpan<byte> sent) { }

    public void UpdateDisabled() { }

    public void Pauses(CatalogSnapshot snapshot, CatalogApp app, NodeGroup group) { }

    public void Targeted(ChannelTarget? target) { }

    public void StandsIn(ChannelTarget target, ChannelTarget complete) { }

    public void OemExcluded(NodeGroup group, ReadOnlySpan<byte> oem) { }

    public void Narrowed(ReadOnlySpan<byte> prefix, NodeGroup group) { }

    public void Exposure(Rollout rollout, double exposure, bool isPassed) { }

    public void Bucket(Rollout rollout, NodeIdSource source, double bucket, in RampState ramp) { }

    public void Candidate(OfferedRelease release, Rollout? rollout, Decision verdict) { }

    public void NoneComplete(bool isBlocked) { }

    public void Floor(Floor floor, Decision verdict) { }

    public void Times(NodeGroup group, Decision verdict, bool isExpedited, bool isInteractive) { }
}
