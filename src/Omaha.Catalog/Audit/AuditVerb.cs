namespace Omaha.Catalog;

/// <summary>A thing that can be done to the catalogue or to who may change it, by the name that the audit records.</summary>
/// <param name="Name">One or two words, as they are typed in omahactl.</param>
/// <param name="NeedsReason">True: it sets a safeguard, or passes one, so that whoever looks later must find why. It is refused without a reason.</param>
public sealed record AuditVerb(string Name, bool NeedsReason = false)
{
    /// <summary>An epoch begins: a new store, or one that was emptied.</summary>
    public static readonly AuditVerb Initialize = new("initialize");

    public static readonly AuditVerb Apply = new("apply");
    public static readonly AuditVerb SetChannel = new("channel set");
    public static readonly AuditVerb Promote = new("channel promote");
    public static readonly AuditVerb StartRollout = new("rollout start");
    public static readonly AuditVerb SetRollout = new("rollout set");
    public static readonly AuditVerb PauseRollout = new("rollout pause");
    public static readonly AuditVerb ResumeRollout = new("rollout resume");

    /// <summary>The control plane found that a planned rollout had begun.</summary>
    public static readonly AuditVerb BeginRollout = new("rollout begin");

    /// <summary>The control plane found a rollout complete.</summary>
    public static readonly AuditVerb CompleteRollout = new("rollout complete");

    public static readonly AuditVerb AddGroup = new("group add");
    public static readonly AuditVerb SetGroup = new("group set");
    public static readonly AuditVerb RemoveGroup = new("group remove");
    public static readonly AuditVerb BrakePolling = new("brake poll-interval");
    public static readonly AuditVerb AddRelease = new("release add");
    public static readonly AuditVerb RelocateRelease = new("release relocate");
    public static readonly AuditVerb RemoveRelease = new("release remove");
    public static readonly AuditVerb Pause = new("pause");
    public static readonly AuditVerb Resume = new("resume");
    public static readonly AuditVerb AcceptStore = new("store accept");
    public static readonly AuditVerb Restore = new("restore");
    public static readonly AuditVerb CreateToken = new("token create");
    public static readonly AuditVerb RevokeToken = new("token revoke");

    public static readonly AuditVerb Revert = new("channel revert", NeedsReason: true);
    public static readonly AuditVerb Unblock = new("release unblock", NeedsReason: true);
    public static readonly AuditVerb Block = new("release block", NeedsReason: true);
    public static readonly AuditVerb Halt = new("rollout halt", NeedsReason: true);

    /// <summary>A release was let past its ramp and the windows.</summary>
    public static readonly AuditVerb Expedite = new("rollout expedite", NeedsReason: true);

    /// <summary>Null when a reason is one that may be recorded for this verb. Several reasons, as of a promotion that passes several gates, are recorded as one text.</summary>
    public Fault? Check(string? reason) => NeedsReason ? Reason.Require(reason, "reason") : Reason.CheckText(reason, "reason");

    public override string ToString() => Name;
}
