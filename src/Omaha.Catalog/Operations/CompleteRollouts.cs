using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>Plans to write down rollouts that are complete by now. Doing it again, or twice at once, changes nothing more.</summary>
public static class CompleteRollouts
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="stamp">When, and the brakes of that time.</param>
    public static Outcome<CompletionPlan> Plan(AppDocument document, Stamp stamp)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } faults) return Outcome.Refused<CompletionPlan>(faults);
        var next = DocumentJson.Copy(document);
        var completed = Rollouts.Complete(next, stamp);
        SupportedFeatures.Declare(next);
        return Outcome.Of(new CompletionPlan(document.App!, completed, Next(next, stamp)) { Document = completed.Count == 0 ? null : next });
    }

    /// <summary>When the next rollout is complete if nothing changes; null for none.</summary>
    private static DateTimeOffset? Next(AppDocument document, Stamp stamp)
    {
        var pauses = stamp.Brakes.PausedTimes();
        var moments = (document.State?.Channels ?? []).Keys
            .SelectMany(channel => Rollouts.Of(document, channel).Select(rollout => RolloutCourse.Of(document, channel, rollout.State).Completes(pauses)))
            .OfType<long>()
            .ToList();
        return moments.Count == 0 ? null : new DateTimeOffset(moments.Min(), TimeSpan.Zero);
    }
}

/// <summary>What is written down.</summary>
/// <param name="App">The app's id.</param>
/// <param name="Completed">The rollouts that are complete; none when there is nothing to write.</param>
/// <param name="NextAt">When another one will be, if nothing changes; null for none.</param>
public sealed record CompletionPlan(string App, IReadOnlyList<CompletedRollout> Completed, DateTimeOffset? NextAt) : IAppChange
{
    /// <inheritdoc/>
    [JsonIgnore]
    public AppDocument? Document { get; init; }
}
