using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>Plans the brake over one app, one channel or one group, and its release.</summary>
public static class PausePart
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="channel">A channel; null for the whole app, or a group.</param>
    /// <param name="group">A group; null for the whole app, or a channel.</param>
    /// <param name="reason">Why; it stays on record.</param>
    /// <param name="stamp">When and by whom.</param>
    public static Outcome<PausePlan> Pause(AppDocument document, string? channel, string? group, string? reason, Stamp stamp) =>
        Reason.Check(reason, "reason") is { } fault ? Outcome.Refused<PausePlan>(fault) : Change(document, channel, group, stamp, mark => mark ?? stamp.Mark(reason));

    /// <param name="document">The app as it is stored.</param>
    /// <param name="channel">A channel; null for the whole app, or a group.</param>
    /// <param name="group">A group; null for the whole app, or a channel.</param>
    /// <param name="stamp">When and by whom; rollouts go on from where they stood.</param>
    public static Outcome<PausePlan> Resume(AppDocument document, string? channel, string? group, Stamp stamp) => Change(document, channel, group, stamp, static _ => null);

    private static Outcome<PausePlan> Change(AppDocument document, string? channel, string? group, Stamp stamp, Func<Mark?, Mark?> change)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } faults) return Outcome.Refused<PausePlan>(faults);
        if (channel is not null && group is not null) return Outcome.Refused<PausePlan>(new Fault("group", "a channel is named as well; name one of them, or none for the whole app"));
        if (channel is not null && ChannelNames.CheckChannel(document, channel, "channel") is { } unknown) return Outcome.Unknown<PausePlan>(unknown);
        if (group is not null && GroupNames.Check(document, group, "group") is { } noGroup) return Outcome.Unknown<PausePlan>(noGroup);

        var next = DocumentJson.Copy(document);
        Rollouts.Complete(next, stamp);
        if (group is null) Rollouts.SetClocks(next, channel, stamp);
        var state = next.State ??= new AppState();
        var before = Marked(state, channel, group);
        var after = change(before);
        if (channel is not null) Find(state.Channels ??= [], channel).Paused = after;
        else if (group is not null) Find(state.Groups ??= [], GroupNames.Spelt(document, group)).Paused = after;
        else state.Paused = after;
        SupportedFeatures.Declare(next);

        var plan = new PausePlan(document.App!, channel, group is null ? null : GroupNames.Spelt(document, group), after);
        if (before is null == after is null) return Outcome.Of(plan);
        return DocumentSize.Check(next) is { } tooLarge ? Outcome.Refused<PausePlan>(tooLarge) : Outcome.Of(plan with { Document = next });

        Mark? Marked(AppState of, string? inChannel, string? inGroup) =>
            inChannel is not null ? of.Channels?.GetValueOrDefault(inChannel)?.Paused
            : inGroup is not null ? of.Groups?.GetValueOrDefault(GroupNames.Spelt(document, inGroup))?.Paused
            : of.Paused;
    }

    private static T Find<T>(Dictionary<string, T> all, string name) where T : new()
    {
        if (!all.TryGetValue(name, out var found)) all.Add(name, found = new T());
        return found;
    }
}

/// <summary>What a brake on a part of the catalogue would be afterwards.</summary>
/// <param name="App">The app's id.</param>
/// <param name="Channel">The channel; null for another part.</param>
/// <param name="Group">The group; null for another part.</param>
/// <param name="Paused">Set when it is paused; the first mark stays when it was so already.</param>
public sealed record PausePlan(string App, string? Channel, string? Group, Mark? Paused) : IAppChange
{
    /// <inheritdoc/>
    [JsonIgnore]
    public AppDocument? Document { get; init; }
}
