using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>What applying a file would do, app by app, in the order of the file; deletions come last.</summary>
public sealed record ApplyPlan(IReadOnlyList<AppPlan> Apps);

/// <summary>What happens to one app.</summary>
/// <param name="App">Its id.</param>
/// <param name="Change">What happens.</param>
/// <param name="Differences">The same in words, one difference each.</param>
public sealed record AppPlan(string App, AppChange Change, IReadOnlyList<string> Differences)
{
    /// <summary>What is to be written; null for an app that stays as it is or goes.</summary>
    [JsonIgnore]
    public AppDocument? Document { get; init; }
}

public enum AppChange
{
    [JsonStringEnumMemberName("created")]
    Created,

    [JsonStringEnumMemberName("changed")]
    Changed,

    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    [JsonStringEnumMemberName("deleted")]
    Deleted,
}
