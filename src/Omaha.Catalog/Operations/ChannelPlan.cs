using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>What a verb would do to a channel, target by target.</summary>
/// <param name="App">The app's id.</param>
/// <param name="Channel">The channel that moves.</param>
/// <param name="Moves">One for each target that was asked for, also where the channel points to the release already.</param>
/// <param name="Audience">Who follows the channel, in words.</param>
/// <param name="Effects">What machines will see, in words.</param>
public sealed record ChannelPlan(string App, string Channel, IReadOnlyList<ChannelMove> Moves, IReadOnlyList<string> Audience, IReadOnlyList<string> Effects) : IAppChange
{
    /// <inheritdoc/>
    [JsonIgnore]
    public AppDocument? Document { get; init; }
}

/// <summary>One target of a channel.</summary>
/// <param name="Target">In the form <c>platform/arch</c>.</param>
/// <param name="Change">Whether the channel moves.</param>
/// <param name="Previous">Version that the channel points to before; null for none.</param>
/// <param name="Version">Version that it points to afterwards; null for none.</param>
/// <param name="Digest">Digest of that release; null for none.</param>
/// <param name="IsLower">True: a lower version than before. Machines that have the higher one keep it.</param>
public sealed record ChannelMove(string Target, ChannelChange Change, string? Previous, string? Version, string? Digest, bool IsLower)
{
    /// <summary>Set when the release is exposed step by step: the channel points to it once that is complete.</summary>
    public RolloutView? Rollout { get; init; }
}

public enum ChannelChange
{
    [JsonStringEnumMemberName("moved")]
    Moved,

    [JsonStringEnumMemberName("unchanged")]
    Unchanged,
}
