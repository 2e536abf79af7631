using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>What a verb would do to releases, one by one.</summary>
/// <param name="App">The app's id.</param>
/// <param name="Releases">One for each release that was named, also where it is as it should be already.</param>
public sealed record ReleasePlan(string App, IReadOnlyList<ReleaseStep> Releases) : IAppChange
{
    /// <inheritdoc/>
    [JsonIgnore]
    public AppDocument? Document { get; init; }

    /// <summary>The plan for releases of an existing app; nothing is written when none of them changes.</summary>
    internal static Outcome<ReleasePlan> Of(AppDocument next, IReadOnlyList<ReleaseStep> steps)
    {
        var plan = new ReleasePlan(next.App!, steps);
        if (steps.All(static step => step.Change == ReleaseChange.Unchanged)) return Outcome.Of(plan);
        return DocumentSize.Check(next) is { } fault ? Outcome.Refused<ReleasePlan>(fault) : Outcome.Of(plan with { Document = next });
    }
}

/// <summary>What happens to one release.</summary>
/// <param name="Version">Its version; null for one that the app no longer has.</param>
/// <param name="Target">In the form <c>platform/arch</c>; null as the version is.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Change">What happens.</param>
/// <param name="Notes">What follows from it, in words, one thing each.</param>
public sealed record ReleaseStep(string? Version, string? Target, string Digest, ReleaseChange Change, IReadOnlyList<string> Notes)
{
    /// <summary>As sentences call it.</summary>
    [JsonIgnore]
    public string Name => Version is null ? Digest : $"{Version} for {Target}";
}

public enum ReleaseChange
{
    [JsonStringEnumMemberName("added")]
    Added,

    [JsonStringEnumMemberName("relocated")]
    Relocated,

    [JsonStringEnumMemberName("blocked")]
    Blocked,

    [JsonStringEnumMemberName("unblocked")]
    Unblocked,

    [JsonStringEnumMemberName("removed")]
    Removed,

    [JsonStringEnumMemberName("unchanged")]
    Unchanged,
}
