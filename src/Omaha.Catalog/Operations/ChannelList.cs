namespace Omaha.Catalog;

/// <summary>What an app's channels point to, for people and for the API.</summary>
public static class ChannelList
{
    public static IReadOnlyList<ChannelView> Of(AppDocument document) =>
        [.. (document.Spec?.Channels ?? []).Select(channel => new ChannelView(
            channel.Key,
            channel.Value?.PromotesFrom,
            document.State?.Channels?.GetValueOrDefault(channel.Key)?.Paused,
            [.. Pointers(document, channel.Key)])
        {
            Rollouts = [.. (document.State?.Channels?.GetValueOrDefault(channel.Key)?.Rollouts ?? []).Where(static rollout => rollout.Value?.Release is not null).OrderBy(static rollout => rollout.Key, StringComparer.Ordinal).Select(static rollout => new ExposedView(rollout.Key, rollout.Value.Release!.Version, rollout.Value.Release.Digest))],
        })];

    /// <summary>Tolerates what the validator would not, because people look here when something is wrong.</summary>
    private static IEnumerable<PointerView> Pointers(AppDocument document, string channel) =>
        (document.State?.Channels?.GetValueOrDefault(channel)?.Targets ?? [])
            .Where(static target => target.Value is { Count: > 0 } && target.Value[^1] is not null)
            .OrderBy(static target => target.Key, StringComparer.Ordinal)
            .Select(target =>
            {
                var last = target.Value[^1];
                return new PointerView(target.Key, last.Version, last.Digest, last.At, last.By, last.From, document.State?.Blocks?.GetValueOrDefault(last.Digest ?? ""));
            });
}

/// <summary>One channel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PromotesFrom">The channel it takes releases from; null for a first channel.</param>
/// <param name="Paused">Set when it is paused.</param>
/// <param name="Targets">Where it points to; a target without a release is absent.</param>
public sealed record ChannelView(string Name, string? PromotesFrom, Mark? Paused, IReadOnlyList<PointerView> Targets)
{
    /// <summary>Releases that are being rolled out, or are going to be; how far they are tells <see cref="RolloutView"/>.</summary>
    public IReadOnlyList<ExposedView> Rollouts { get; init; } = [];
}

/// <summary>A release that is being rolled out.</summary>
/// <param name="Target">In the form <c>platform/arch</c>.</param>
/// <param name="Version">Version of the release.</param>
/// <param name="Digest">Its digest.</param>
public sealed record ExposedView(string Target, string? Version, string? Digest);

/// <summary>What a channel points to for one target: the release, since when, by whom, and from which channel it came.</summary>
/// <param name="Target">In the form <c>platform/arch</c>.</param>
/// <param name="Version">Version of the release.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="At">Since when.</param>
/// <param name="By">Who moved the channel.</param>
/// <param name="From">The channel it was promoted from; null when it was set directly.</param>
/// <param name="Blocked">Set when the release is blocked, so that it is not offered although the channel points to it.</param>
public sealed record PointerView(string Target, string? Version, string? Digest, DateTimeOffset At, string? By, string? From, Mark? Blocked);
