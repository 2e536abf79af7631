namespace Omaha.Catalog;

/// <summary>A rollout that was ended before it was complete: some machines were offered its release.</summary>
public sealed class EndedRollout : DocumentNode
{
    /// <summary>How many are kept for one channel and target.</summary>
    public const int MaxKept = 100;

    /// <summary>The release.</summary>
    public CompleteRelease? Release { get; set; }

    /// <summary>When it was first exposed.</summary>
    public DateTimeOffset Start { get; set; }

    /// <summary>When, by whom and why it was ended.</summary>
    public Mark? Ended { get; set; }

    /// <summary>True: it was taken back, so it comes here again only for a reason. False: another release took its place.</summary>
    public bool Reverted { get; set; }
}
