using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>What a verb would do to rollouts.</summary>
/// <param name="App">The app's id.</param>
/// <param name="Rollouts">How each rollout that was named stands afterwards.</param>
/// <param name="Notes">What follows, or why nothing changes, in words.</param>
public sealed record RolloutPlan(string App, IReadOnlyList<RolloutView> Rollouts, IReadOnlyList<string> Notes) : IAppChange
{
    /// <inheritdoc/>
    [JsonIgnore]
    public AppDocument? Document { get; init; }
}
