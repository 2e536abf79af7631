using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Reads and extends the list of releases that were complete on a channel, of a document without faults.</summary>
internal static class ChannelHistory
{
    /// <summary>What a channel points to, by target, in a fixed order.</summary>
    public static IReadOnlyList<(Target Target, CompleteRelease Last)> Pointers(AppDocument document, string channel) =>
        [.. Of(document, channel).Select(static entry => (entry.Target, entry.History[^1]))];

    /// <summary>The whole history of a channel, by target, in a fixed order; a target without any is absent.</summary>
    public static IReadOnlyList<(Target Target, IReadOnlyList<CompleteRelease> History)> Of(AppDocument document, string channel) =>
        [.. (document.State?.Channels?.GetValueOrDefault(channel)?.Targets ?? [])
            .Where(static entry => entry.Value.Count > 0)
            .Select(static entry => (Parse(entry.Key), (IReadOnlyList<CompleteRelease>)entry.Value))
            .OrderBy(static entry => entry.Item1.ToString(), StringComparer.Ordinal)];

    /// <summary>The mark of a release that was reverted here and not moved here again since; else null.</summary>
    public static Mark? Reverted(AppDocument document, string channel, Target target, string digest) =>
        Reverted(document.State?.Channels?.GetValueOrDefault(channel), target, Of(document, channel).FirstOrDefault(entry => entry.Target == target).History ?? [], digest);

    /// <summary>The digests that were ever complete here and are not reverted, the latest first.</summary>
    public static IEnumerable<string> EverComplete(ChannelState? state, Target target, IReadOnlyList<CompleteRelease> history) =>
        history.Reverse().Select(static complete => complete.Digest!).Distinct(StringComparer.Ordinal).Where(digest => Reverted(state, target, history, digest) is null);

    /// <summary>A release is reverted by its latest entry, or by the end of a rollout that nothing came after.</summary>
    private static Mark? Reverted(ChannelState? state, Target target, IReadOnlyList<CompleteRelease> history, string digest)
    {
        if (history.LastOrDefault(complete => complete.Digest == digest)?.Reverted is { } mark) return mark;
        if (state?.Ended is not { } rollouts) return null;
        var ended = rollouts.Where(entry => Parse(entry.Key) == target).SelectMany(static entry => entry.Value).LastOrDefault(rollout => rollout.Release?.Digest == digest);
        return ended is { Reverted: true, Ended: { } end } && !history.Any(complete => complete.Digest == digest && complete.At > end.At) ? end : null;
    }

    /// <summary>For how long, in all, the channel has pointed to a release.</summary>
    public static TimeSpan TimeComplete(IReadOnlyList<CompleteRelease> history, string digest, DateTimeOffset now)
    {
        var total = TimeSpan.Zero;
        for (var i = 0; i < history.Count; i++)
        {
            var until = i + 1 < history.Count ? history[i + 1].At : now;
            if (history[i].Digest == digest && until > history[i].At) total += until - history[i].At;
        }

        return total;
    }

    /// <summary>The plan that a document's next form makes; nothing is written when no target moves.</summary>
    public static Outcome<ChannelPlan> Plan(AppDocument document, AppDocument next, string channel, IReadOnlyList<ChannelMove> moves)
    {
        var plan = new ChannelPlan(document.App!, channel, moves, ChannelAudience.Of(document, channel), ChannelEffects.Of(document, channel, moves));
        if (moves.All(static move => move.Change == ChannelChange.Unchanged)) return Outcome.Of(plan);
        SupportedFeatures.Declare(next);
        return DocumentSize.Check(next) is { } fault ? Outcome.Refused<ChannelPlan>(fault) : Outcome.Of(plan with { Document = next });
    }

    public static ChannelMove Move(Target target, CompleteRelease entry, CompleteRelease? last) => new(
        target.ToString(),
        last?.Digest == entry.Digest ? ChannelChange.Unchanged : ChannelChange.Moved,
        last?.Version,
        entry.Version!,
        entry.Digest!,
        last is not null && Version(entry.Version) < Version(last.Version));

    /// <summary>The move of a target that is left without any release.</summary>
    public static ChannelMove MoveToNothing(Target target, CompleteRelease previous) => new(target.ToString(), ChannelChange.Moved, previous.Version, null, null, IsLower: false);

    /// <summary>The list to append to, under the spelling of the target that the document already uses.</summary>
    public static List<CompleteRelease> List(AppDocument document, string channel, Target target)
    {
        var channels = (document.State ??= new AppState()).Channels ??= [];
        if (!channels.TryGetValue(channel, out var state)) channels.Add(channel, state = new ChannelState());
        var targets = state.Targets ??= [];
        var key = targets.Keys.FirstOrDefault(name => Parse(name) == target) ?? target.ToString();
        if (!targets.TryGetValue(key, out var history)) targets.Add(key, history = []);
        return history;
    }

    public static DottedVersion Version(string? text) => DottedVersion.Parse(Encoding.UTF8.GetBytes(text ?? ""));

    private static Target Parse(string name) => Target.TryParse(name, out var target) ? target : Target.Any;
}
