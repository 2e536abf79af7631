namespace Omaha.Catalog;

/// <summary>A thing that can be done to the catalogue or to who may change it, by the name that the audit records.</summary>
/// <param name="Name">One or two words, as they are typed in omahactl.</param>
/// <param name="NeedsReason">True: it sets a safeguard, or passes one, so that whoever looks later must find why. It is refused without a reason.</param>
public sealed record AuditVerb(string Name, bool NeedsReason = false)
{
    public const int LongestReason = 1024;

    /// <summary>An epoch begins: a new store, or one that was emptied.</summary>
    public static readonly AuditVerb Initialize = new("initialize");

    public static readonly AuditVerb Apply = new("apply");
    public static readonly AuditVerb SetChannel = new("channel set");
    public static readonly AuditVerb Promote = new("channel promote");
    public static readonly AuditVerb Pause = new("pause");
    public static readonly AuditVerb Resume = new("resume");
    public static readonly AuditVerb AcceptStore = new("store accept");
    public static readonly AuditVerb Restore = new("restore");
    public static readonly AuditVerb CreateToken = new("token create");
    public static readonly AuditVerb RevokeToken = new("token revoke");

    public static readonly AuditVerb Block = new("release block", NeedsReason: true);
    public static readonly AuditVerb Halt = new("halt", NeedsReason: true);

    /// <summary>A gate that would have refused, such as the soak time, was passed.</summary>
    public static readonly AuditVerb Override = new("override", NeedsReason: true);

    /// <summary>A check, such as the verification of a release, was left out.</summary>
    public static readonly AuditVerb Skip = new("skip", NeedsReason: true);

    /// <summary>Something was made to happen sooner than its plan said.</summary>
    public static readonly AuditVerb Expedite = new("expedite", NeedsReason: true);

    /// <summary>Null when a reason is one that may be recorded for this verb.</summary>
    public Fault? Check(string? reason)
    {
        if (NeedsReason && string.IsNullOrWhiteSpace(reason)) return new Fault("reason", $"is missing; {Name} is refused without one, so say why in a line of text");
        if (reason is { Length: > LongestReason }) return new Fault("reason", $"has {reason.Length} characters; at most {LongestReason} are allowed");
        return reason?.Any(char.IsControl) == true ? new Fault("reason", "holds control characters, such as a line break; write one line of text") : null;
    }

    public override string ToString() => Name;
}
