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
    public static Mark? Reverted(IReadOnlyList<CompleteRelease> history, string digest) => history.LastOrDefault(complete => complete.Digest == digest)?.Reverted;

    /// <summary>The digests that were ever complete here and are not reverted, the latest first.</summary>
    public static IEnumerable<string> EverComplete(IReadOnlyList<CompleteRelease> history) =>
        history.Reverse().DistinctBy(static complete => complete.Digest, StringComparer.Ordinal).Where(static complete => complete.Reverted is null).Select(static complete => complete.Digest!);

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

    /// <summary>
    /// Plans to point a channel to a release for each of some targets: refused when one of them must not be, since a half-made move would leave
    /// a channel that nobody meant.
    /// </summary>
    /// <param name="document">The app as it is stored.</param>
    /// <param name="channel">The channel that moves.</param>
    /// <param name="entries">What to append to the history of each target, unless the target points to that release already.</param>
    /// <param name="overrideRevert">Why a release that was reverted here is moved here again; null: it is not.</param>
    public static Outcome<ChannelPlan> Move(AppDocument document, string channel, IReadOnlyList<(Target Target, CompleteRelease Entry)> entries, string? overrideRevert = null)
    {
        var histories = Of(document, channel).ToDictionary(static entry => entry.Target, static entry => entry.History);
        var moves = entries.Select(entry => Move(entry.Target, entry.Entry, histories.GetValueOrDefault(entry.Target)?[^1])).ToList();
        var faults = entries.Select(entry => CheckBlock(document, entry.Target, entry.Entry)).OfType<Fault>().ToList();

        var next = DocumentJson.Copy(document);
        for (var i = 0; i < entries.Count; i++)
        {
            if (moves[i].Change == ChannelChange.Unchanged) continue;
            var (target, entry) = entries[i];
            if (Reverted(histories.GetValueOrDefault(target) ?? [], entry.Digest!) is { } mark)
            {
                if (overrideRevert is null) faults.Add(new Fault("version", $"{entry.Version} for {target} was reverted on {channel} ({Reason.Words(mark)}); choose another release, or say with --override-revert REASON (overrideRevert) why it shall come back"));
                entry.OverrideRevert = overrideRevert;
            }

            List(next, channel, target).Add(entry);
        }

        return faults.Count > 0 ? Outcome.Refused<ChannelPlan>(faults) : Plan(document, next, channel, moves);
    }

    /// <summary>The plan that a document's next form makes; nothing is written when no target moves.</summary>
    public static Outcome<ChannelPlan> Plan(AppDocument document, AppDocument next, string channel, IReadOnlyList<ChannelMove> moves)
    {
        var plan = new ChannelPlan(document.App!, channel, moves, ChannelAudience.Of(document, channel), ChannelEffects.Of(document, channel, moves));
        if (moves.All(static move => move.Change == ChannelChange.Unchanged)) return Outcome.Of(plan);
        return DocumentSize.Check(next) is { } fault ? Outcome.Refused<ChannelPlan>(fault) : Outcome.Of(plan with { Document = next });
    }

    public static ChannelMove Move(Target target, CompleteRelease entry, CompleteRelease? last) => new(
        target.ToString(),
        last?.Digest == entry.Digest ? ChannelChange.Unchanged : ChannelChange.Moved,
        last?.Version,
        entry.Version!,
        entry.Digest!,
        last is not null && Version(entry.Version) < Version(last.Version));

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

    private static Fault? CheckBlock(AppDocument document, Target target, CompleteRelease entry) => document.State?.Blocks?.GetValueOrDefault(entry.Digest!) is { } mark
        ? new Fault("version", $"{entry.Version} for {target} is blocked ({Reason.Words(mark)}; digest {entry.Digest}); choose another release, or a target without a block")
        : null;

    private static Target Parse(string name) => Target.TryParse(name, out var target) ? target : Target.Any;
}
