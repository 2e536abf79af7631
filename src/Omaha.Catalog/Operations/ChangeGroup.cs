using System.Text.Json.Serialization;

namespace Omaha.Catalog;

/// <summary>Plans to add, change and remove groups of an app's spec. A file that is applied later says what they are then.</summary>
public static class ChangeGroup
{
    /// <summary>Adds a group that does not exist yet.</summary>
    public static Outcome<GroupPlan> Add(AppDocument document, string name, GroupSpec group) => Change(document, name, next =>
    {
        var groups = next.Spec!.Groups ??= [];
        if (GroupNames.Check(document, name, "group") is null) return new Fault("group", $"{document.App} has a group {GroupNames.Spelt(document, name)} already; omahactl group set changes it");
        groups.Add(name, group);
        return null;
    });

    /// <summary>Changes a group.</summary>
    /// <param name="document">The app as it is stored.</param>
    /// <param name="name">The group, in any spelling.</param>
    /// <param name="change">Changes it in place.</param>
    public static Outcome<GroupPlan> Set(AppDocument document, string name, Action<GroupSpec> change) => Change(document, name, next =>
    {
        change(next.Spec!.Groups![GroupNames.Spelt(document, name)]);
        return null;
    }, mustExist: true);

    /// <summary>Removes a group; its machines are then on an unknown track and get nothing, unless the track means something else.</summary>
    public static Outcome<GroupPlan> Remove(AppDocument document, string name) => Change(document, name, next =>
    {
        var spelt = GroupNames.Spelt(document, name);
        if (next.State?.Groups?.GetValueOrDefault(spelt)?.Paused is { } mark) return new Fault("group", $"{spelt} is paused ({Reason.Words(mark)}); resume it first");
        next.Spec!.Groups!.Remove(spelt);
        if (next.Spec.Groups.Count == 0) next.Spec.Groups = null;
        next.State?.Groups?.Remove(spelt);
        if (next.State?.Groups is { Count: 0 }) next.State.Groups = null;
        return null;
    }, mustExist: true);

    private static Outcome<GroupPlan> Change(AppDocument document, string name, Func<AppDocument, Fault?> change, bool mustExist = false)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } faults) return Outcome.Refused<GroupPlan>(faults);
        if (mustExist && GroupNames.Check(document, name, "group") is { } unknown) return Outcome.Unknown<GroupPlan>(unknown);

        var next = DocumentJson.Copy(document);
        if (change(next) is { } refused) return Outcome.Refused<GroupPlan>(refused);
        if (AppValidator.Check(next) is { Count: > 0 } wrong) return Outcome.Refused<GroupPlan>(wrong);

        SupportedFeatures.Declare(next);
        var spelt = GroupNames.Spelt(next, name);
        var plan = new GroupPlan(document.App!, spelt, next.Spec!.Groups?.GetValueOrDefault(spelt), [.. AppDifferences.Between(document, next)]);
        if (plan.Differences.Count == 0) return Outcome.Of(plan);
        return DocumentSize.Check(next) is { } tooLarge ? Outcome.Refused<GroupPlan>(tooLarge) : Outcome.Of(plan with { Document = next });
    }
}

/// <summary>What a verb would make of a group.</summary>
/// <param name="App">The app's id.</param>
/// <param name="Group">The group's name.</param>
/// <param name="Spec">What it is afterwards; null when it is gone.</param>
/// <param name="Differences">What changes, in words.</param>
public sealed record GroupPlan(string App, string Group, GroupSpec? Spec, IReadOnlyList<string> Differences) : IAppChange
{
    /// <inheritdoc/>
    [JsonIgnore]
    public AppDocument? Document { get; init; }
}
