namespace Omaha.Catalog;

/// <summary>Plans a promotion: a channel is pointed to the very release, by digest, that is complete on the channel before it.</summary>
public static class PromoteRelease
{
    /// <param name="document">The app as it is stored.</param>
    /// <param name="from">The channel whose last complete release is taken.</param>
    /// <param name="to">The channel that moves; it must declare <c>promotesFrom</c> <paramref name="from"/>.</param>
    /// <param name="target">One target; null for every target that <paramref name="from"/> has.</param>
    /// <param name="stamp">Goes into the history.</param>
    public static Outcome<ChannelPlan> Plan(AppDocument document, string from, string to, string? target, Stamp stamp)
    {
        if (ChannelNames.CheckDocument(document) is { Count: > 0 } faults) return Outcome.Refused<ChannelPlan>(faults);
        if (ChannelNames.CheckChannel(document, from, "from") is { } unknownFrom) return Outcome.Unknown<ChannelPlan>(unknownFrom);
        if (ChannelNames.CheckChannel(document, to, "to") is { } unknownTo) return Outcome.Unknown<ChannelPlan>(unknownTo);
        if (ChannelNames.CheckTarget(target, out var wanted) is { } noTarget) return Outcome.Refused<ChannelPlan>(noTarget);
        if (CheckDirection(document, from, to) is { } wrongWay) return Outcome.Refused<ChannelPlan>(wrongWay);

        var complete = ChannelHistory.Pointers(document, from);
        if (complete.Count == 0) return Outcome.Refused<ChannelPlan>(new Fault("from", $"channel {from} of {document.App} has no complete release yet, so there is nothing to promote; {HowToFill(document, from)}"));

        var chosen = complete.Where(pointer => wanted is null || pointer.Target == wanted).ToList();
        if (chosen.Count == 0) return Outcome.Unknown<ChannelPlan>(new Fault("target", $"channel {from} of {document.App} has nothing complete for {wanted}; it has {string.Join(", ", complete.Select(static pointer => pointer.Target))}"));

        return ChannelHistory.Move(document, to, [.. chosen.Select(static pointer => (pointer.Target, pointer.Last.Version ?? "", pointer.Last.Digest!))], from, stamp);
    }

    private static Fault? CheckDirection(AppDocument document, string from, string to)
    {
        var source = document.Spec!.Channels![to].PromotesFrom;
        if (source == from) return null;
        return source is null
            ? new Fault("to", $"channel {to} of {document.App} is a first channel: it names no promotesFrom; use omahactl channel set to choose its release, or declare \"promotesFrom\": \"{from}\" in its spec")
            : new Fault("from", $"channel {to} of {document.App} takes releases from {source} only, not from {from}; promote to {source} first, or change promotesFrom in its spec");
    }

    private static string HowToFill(AppDocument document, string channel) => document.Spec!.Channels![channel].PromotesFrom is { } source
        ? $"promote {source} to {channel} first"
        : $"choose one with omahactl channel set {document.App} {channel} VERSION";
}
