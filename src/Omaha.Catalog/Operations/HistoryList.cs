namespace Omaha.Catalog;

/// <summary>What an app's channels pointed to, and when, for people and for the API.</summary>
public static class HistoryList
{
    /// <summary>The newest first. Tolerates what the validator would not, because people look here when something is wrong.</summary>
    /// <param name="document">The app.</param>
    /// <param name="channel">One channel; null for all.</param>
    public static Outcome<IReadOnlyList<HistoryEntry>> Of(AppDocument document, string? channel)
    {
        var names = (document.Spec?.Channels ?? []).Keys.Union((document.State?.Channels ?? []).Keys, StringComparer.Ordinal).ToList();
        if (channel is not null && !names.Contains(channel)) return Outcome.Unknown<IReadOnlyList<HistoryEntry>>(new Fault("channel", $"\"{channel}\" is no channel of {document.App}; it has {(names.Count == 0 ? "none" : string.Join(", ", names))}"));

        var entries = names.Where(name => channel is null || name == channel)
            .SelectMany(name => (document.State?.Channels?.GetValueOrDefault(name)?.Targets ?? []).SelectMany(target => Entries(document, name, target.Key, [.. (target.Value ?? []).Where(static complete => complete is not null)]))
                .Concat((document.State?.Channels?.GetValueOrDefault(name)?.Ended ?? []).SelectMany(target => Ended(document, name, target.Key, target.Value ?? []))));
        return Outcome.Of<IReadOnlyList<HistoryEntry>>([.. entries.OrderByDescending(static entry => entry.At)]);
    }

    /// <summary>The newest first, so that what happened at the same time stays in order.</summary>
    private static IEnumerable<HistoryEntry> Entries(AppDocument document, string channel, string target, List<CompleteRelease> history)
    {
        for (var i = history.Count - 1; i >= 0; i--)
        {
            var complete = history[i];
            yield return new HistoryEntry(channel, target, complete.Version, complete.Digest, complete.At, i + 1 < history.Count ? history[i + 1].At : null, complete.By, complete.From)
            {
                Verified = complete.Verified,
                SkipVerify = complete.SkipVerify,
                OverrideSoak = complete.OverrideSoak,
                OverrideRevert = complete.OverrideRevert,
                Restored = complete.Restored,
                Expedite = complete.Expedite,
                Reverted = complete.Reverted,
                Blocked = document.State?.Blocks?.GetValueOrDefault(complete.Digest ?? ""),
            };
        }
    }

    private static IEnumerable<HistoryEntry> Ended(AppDocument document, string channel, string target, List<EndedRollout> ended) =>
        ended.Where(static rollout => rollout?.Release is not null).Select(rollout => new HistoryEntry(channel, target, rollout.Release!.Version, rollout.Release.Digest, rollout.Start, rollout.Ended?.At, rollout.Release.By, rollout.Release.From)
        {
            Verified = rollout.Release.Verified,
            SkipVerify = rollout.Release.SkipVerify,
            OverrideSoak = rollout.Release.OverrideSoak,
            OverrideRevert = rollout.Release.OverrideRevert,
            Incomplete = rollout.Ended,
            Reverted = rollout.Reverted ? rollout.Ended : null,
            Blocked = document.State?.Blocks?.GetValueOrDefault(rollout.Release.Digest ?? ""),
        });
}

/// <summary>A time in which a channel pointed to a release, or exposed one that never was complete.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Target">In the form <c>platform/arch</c>.</param>
/// <param name="Version">Version of the release.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="At">Since when.</param>
/// <param name="Until">Until when; null while it does.</param>
/// <param name="By">Who moved the channel there.</param>
/// <param name="From">The channel that it was promoted from; null when it was set directly.</param>
public sealed record HistoryEntry(string Channel, string Target, string? Version, string? Digest, DateTimeOffset At, DateTimeOffset? Until, string? By, string? From)
{
    /// <inheritdoc cref="CompleteRelease.Verified"/>
    public bool Verified { get; init; }

    /// <inheritdoc cref="CompleteRelease.SkipVerify"/>
    public string? SkipVerify { get; init; }

    /// <inheritdoc cref="CompleteRelease.OverrideSoak"/>
    public string? OverrideSoak { get; init; }

    /// <inheritdoc cref="CompleteRelease.OverrideRevert"/>
    public string? OverrideRevert { get; init; }

    /// <inheritdoc cref="CompleteRelease.Restored"/>
    public bool Restored { get; init; }

    /// <inheritdoc cref="CompleteRelease.Expedite"/>
    public Mark? Expedite { get; init; }

    /// <summary>Set when it was offered to some machines only: its rollout was ended before it was complete.</summary>
    public Mark? Incomplete { get; init; }

    /// <summary>Set when it was taken back.</summary>
    public Mark? Reverted { get; init; }

    /// <summary>Set when the release is blocked.</summary>
    public Mark? Blocked { get; init; }
}
