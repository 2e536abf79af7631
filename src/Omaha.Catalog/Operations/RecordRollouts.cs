using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>Plans to write down planned rollouts that have begun by now, and rollouts that are complete. Doing it again, or twice at once, changes nothing more.</summary>
public static class RecordRollouts
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="stamp">When, and the brakes of that time.</param>
    public static Outcome<RecordPlan> Plan(AppDocument document, Stamp stamp)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } faults) return Outcome.Refused<RecordPlan>(faults);
        var next = DocumentJson.Copy(document);
        var completed = Rollouts.Complete(next, stamp);
        var begun = Rollouts.Begun(next, stamp);
        SupportedFeatures.Declare(next);
        return Outcome.Of(new RecordPlan(document.App!, begun, completed, Next(next, stamp)) { Document = completed.Count + begun.Count == 0 ? null : next });
    }

    /// <summary>When the next rollout begins or is complete if nothing changes; null for none.</summary>
    private static DateTimeOffset? Next(AppDocument document, Stamp stamp)
    {
        var pauses = stamp.Brakes.PausedTimes();
        var moments = (document.State?.Channels ?? []).Keys
            .SelectMany(channel => Rollouts.Of(document, channel).SelectMany(rollout => new[] { Rollouts.Completes(document, channel, rollout.State, pauses), rollout.State.Start > stamp.At ? rollout.State.Start.UtcTicks : null }))
            .OfType<long>()
            .ToList();
        return moments.Count == 0 ? null : new DateTimeOffset(moments.Min(), TimeSpan.Zero);
    }
}

/// <summary>What is written down.</summary>
/// <param name="App">The app's id.</param>
/// <param name="Begun">The rollouts that had been planned and have begun.</param>
/// <param name="Completed">The rollouts that are complete.</param>
/// <param name="NextAt">When there will be something to write down again, if nothing changes; null for never.</param>
public sealed record RecordPlan(string App, IReadOnlyList<RecordedRollout> Begun, IReadOnlyList<RecordedRollout> Completed, DateTimeOffset? NextAt) : IAppChange
{
    /// <inheritdoc/>
    [JsonIgnore]
    public AppDocument? Document { get; init; }
}
