using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Whether an app's document can be served.</summary>
public enum AppStanding
{
    Served,

    /// <summary>The document requires a feature that this build lacks.</summary>
    Unsupported,

    /// <summary>The document has faults and no earlier good form is known.</summary>
    Unreadable,
}

/// <summary>One app in a snapshot: immutable, made from a document that passed the validator.</summary>
/// <remarks>Names of channels and targets are the same in all apps of a fleet, so they are kept once.</remarks>
public sealed class CatalogApp
{
    private readonly byte[] _id;

    private CatalogApp(string id, AppStanding standing)
    {
        _id = Encoding.UTF8.GetBytes(id);
        Key = Encoding.UTF8.GetBytes(AppIds.Normalize(id));
        Standing = standing;
    }

    /// <summary>The id as the document writes it.</summary>
    public string Id => Encoding.UTF8.GetString(_id);

    /// <summary>The normalised id, in UTF-8, by which the app is found.</summary>
    public byte[] Key { get; }

    public AppStanding Standing { get; }

    /// <summary>True: the app's decisions are counted under its own metric label.</summary>
    public bool CountedByName => CountedAs is not null;

    /// <summary>That label, which is the id; null for apps that are not counted by name.</summary>
    public string? CountedAs { get; private init; }

    /// <summary>The app is blocked by policy.</summary>
    public bool Restricted { get; private init; }

    /// <summary>Where a person reads why an update cannot be installed, escaped for XML; null when the document names no page.</summary>
    public byte[]? ErrorUrlXml { get; private init; }

    /// <summary>Cohort that clients are told to take, empty to delete theirs; null when nothing is said.</summary>
    public byte[]? Cohort { get; private init; }

    /// <summary>Text of install data, escaped for XML; null for an index that the app does not have.</summary>
    public byte[]? InstallDataXml(ReadOnlySpan<byte> index) => InstallData.Find(index);

    internal byte[][] AliasKeys { get; private init; } = [];

    /// <summary>Set: the app is paused.</summary>
    internal Mark? Paused { get; private init; }

    /// <summary>Channels, groups and further tracks by the names that machines send.</summary>
    internal Utf8Table<NodeGroup> Tracks { get; private init; }

    internal ReleaseChannel? DefaultChannel { get; private init; }

    internal byte[]? DefaultTarget { get; private init; }

    private Utf8Table<byte[]> InstallData { get; init; }

    /// <summary>Every release on offer, to be shared with the app's next form.</summary>
    private OfferedRelease[] Releases { get; init; } = [];

    /// <summary>An app that is known but cannot be served; its checks are answered with noupdate, never as an unknown app, which clients report as a failure.</summary>
    public static CatalogApp NotServed(string id, AppStanding standing) => new(id, standing);

    /// <summary>Makes the app from a document without faults.</summary>
    /// <param name="document">Passed <see cref="AppValidator"/>.</param>
    /// <param name="previous">The app's last form; rendered manifests of unchanged releases are taken from it.</param>
    public static CatalogApp From(AppDocument document, CatalogApp? previous = null)
    {
        var spec = document.Spec!;
        var state = document.State;
        if (SupportedFeatures.FirstMissing(document) is not null) return NotServed(document.App!, AppStanding.Unsupported);

        var offered = Offered(spec, state, previous);
        var channels = new Dictionary<string, ReleaseChannel>(StringComparer.Ordinal);
        foreach (var (name, channel) in spec.Channels ?? []) channels.Add(name, ChannelFrom(name, channel, spec, state, offered));
        var tracks = channels.ToDictionary(static channel => channel.Key, static NodeGroup (channel) => channel.Value, StringComparer.Ordinal);
        foreach (var (name, group) in spec.Groups ?? []) tracks.Add(LowerAscii(name), GroupFrom(name, group, channels[group.Channel!], spec, state));
        foreach (var (name, meant) in spec.Tracks ?? []) tracks.Add(LowerAscii(name), tracks[LowerAscii(meant)]);

        return new CatalogApp(document.App!, AppStanding.Served)
        {
            AliasKeys = [.. (spec.Aliases ?? []).Select(static alias => Encoding.UTF8.GetBytes(AppIds.Normalize(alias)))],
            Paused = state?.Paused,
            CountedAs = spec.Metrics ? document.App : null,
            Restricted = spec.Restricted,
            ErrorUrlXml = spec.ErrorUrl is { } url ? Encoding.UTF8.GetBytes(XmlText.Escape(url)) : null,
            Cohort = spec.Cohort is { } cohort ? Encoding.UTF8.GetBytes(cohort) : null,
            InstallData = spec.InstallData is { Count: > 0 } data
                ? new Utf8Table<byte[]>(data.Select(static entry => KeyValuePair.Create(Encoding.UTF8.GetBytes(entry.Key), Encoding.UTF8.GetBytes(XmlText.Escape(entry.Value)))))
                : default,
            Tracks = new Utf8Table<NodeGroup>(tracks.Select(static track => KeyValuePair.Create(Encoding.UTF8.GetBytes(track.Key), track.Value))),
            DefaultChannel = DefaultChannelName(spec) is { } defaultChannel ? channels[defaultChannel] : null,
            DefaultTarget = Target.TryParse(spec.DefaultTarget, out var target) ? Encoding.UTF8.GetBytes(target.ToString()) : null,
            Releases = [.. offered.Values],
        };
    }

    /// <summary>The channel of machines that name none; null when the document leaves it open.</summary>
    public static string? DefaultChannelName(AppSpec spec) =>
        spec.DefaultChannel
        ?? (spec.Channels is not { } channels ? null
            : channels.ContainsKey("stable") ? "stable"
            : channels.Count == 1 ? channels.Keys.Single() : null);

    /// <summary>As a request's track is read: only A to Z lose their case.</summary>
    private static string LowerAscii(string track) => string.Concat(track.Select(static c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c));

    private static ReleaseChannel ChannelFrom(string name, ChannelSpec channel, AppSpec spec, AppState? state, Dictionary<string, OfferedRelease> offered)
    {
        var channelState = state?.Channels?.GetValueOrDefault(name);
        var freezes = FrozenTimes.From(spec.Freezes, channel.Freezes);
        return new ReleaseChannel
        {
            Name = string.Intern(name),
            Paused = channelState?.Paused,
            PollInterval = channel.PollInterval ?? spec.PollInterval ?? 0,
            Windows = OfferWindows.From(channel.Windows ?? spec.Windows),
            Freezes = freezes,
            Rollback = channel.Rollback,
            Targets = Targets(channel, channelState, state, freezes, offered),
        };
    }

    private static NamedGroup GroupFrom(string name, GroupSpec group, ReleaseChannel channel, AppSpec spec, AppState? state) => new(channel)
    {
        Name = name,
        Paused = state?.Groups?.GetValueOrDefault(name)?.Paused,
        PollInterval = group.PollInterval ?? channel.PollInterval,
        Windows = group.Windows is null ? channel.Windows : OfferWindows.From(group.Windows),
        Freezes = group.Freezes is { Count: > 0 } ? FrozenTimes.From(spec.Freezes, spec.Channels![channel.Name].Freezes, group.Freezes) : channel.Freezes,
        Pin = group.Version is { } version ? new VersionPin(version) : null,
        InteractivePassesRamp = group.InteractivePassesRamp ?? true,
        IsCanary = group.Canary,
        Oems = group.Oems is { } oems ? new OemList(oems) : null,
        ExceptOems = group.ExceptOems is { Count: > 0 } except ? new OemList(except) : null,
    };

    /// <summary>The runtime form of every release that some channel offers, ever completed, or has as a floor.</summary>
    private static Dictionary<string, OfferedRelease> Offered(AppSpec spec, AppState? state, CatalogApp? previous)
    {
        var offered = new Dictionary<string, OfferedRelease>(StringComparer.Ordinal);
        var wanted = (state?.Channels ?? []).Values
            .SelectMany(static channel => (channel.Targets ?? []).Values.SelectMany(static history => history).Select(static complete => complete.Digest!)
                .Concat((channel.Rollouts ?? []).Values.Select(static rollout => rollout.Release!.Digest!)))
            .ToHashSet(StringComparer.Ordinal);
        var floors = (spec.Channels ?? []).Values
            .SelectMany(static channel => (channel.Floors ?? []).SelectMany(static target => target.Value.Select(floor => ReleaseSeal.Identity(floor.Version!, Target.Parse(target.Key)))))
            .ToHashSet();
        if (wanted.Count == 0 && floors.Count == 0) return offered;

        foreach (var release in spec.Releases ?? [])
        {
            var digest = ReleaseDigest.Of(release);
            if (!wanted.Contains(digest) && !floors.Contains(ReleaseSeal.Identity(release))) continue;
            var bytes = ReleaseDigest.BytesOf(digest);
            offered[digest] = Array.Find(previous?.Releases ?? [], known => known.IsSame(release, bytes, keepsSpec: floors.Count > 0))
                ?? new OfferedRelease(release, digest, keepsSpec: floors.Count > 0);
        }

        return offered;
    }

    private static Utf8Table<ChannelTarget> Targets(ChannelSpec spec, ChannelState? channel, AppState? state, FrozenTimes freezes, Dictionary<string, OfferedRelease> offered)
    {
        var histories = (channel?.Targets ?? []).Where(static entry => entry.Value.Count > 0).ToDictionary(static entry => Target.Parse(entry.Key), static entry => entry.Value);
        var rollouts = (channel?.Rollouts ?? []).ToDictionary(static entry => Target.Parse(entry.Key), static entry => entry.Value);
        var floors = (spec.Floors ?? []).ToDictionary(static entry => Target.Parse(entry.Key), static entry => entry.Value);
        return new(histories.Keys.Union(rollouts.Keys).Select(target => KeyValuePair.Create(Encoding.UTF8.GetBytes(target.ToString()), new ChannelTarget
        {
            Name = string.Intern(target.ToString()),
            Rollout = rollouts.GetValueOrDefault(target) is { } rollout ? new Rollout(rollout, offered[rollout.Release!.Digest!], IsBlocked(rollout.Release.Digest!), new RolloutCourse(rollout, freezes, state?.Paused, channel?.Paused)) : null,
            LastComplete = histories.GetValueOrDefault(target)?[^1] is { } last && !IsBlocked(last.Digest!) ? offered[last.Digest!] : null,
            LastIsBlocked = histories.GetValueOrDefault(target)?[^1] is { } latest && IsBlocked(latest.Digest!),
            LastIsExpedited = histories.GetValueOrDefault(target)?[^1].Expedite is not null,
            EverComplete = [.. ChannelHistory.EverComplete(channel, target, histories.GetValueOrDefault(target) ?? [])
                .Where(digest => !IsBlocked(digest))
                .Select(digest => offered[digest])
                .OrderByDescending(static release => release.Version)],
            Floors = Ladder(floors.GetValueOrDefault(target), target),
        })));

        bool IsBlocked(string digest) => state?.Blocks?.ContainsKey(digest) == true;

        FloorLadder Ladder(List<FloorSpec>? declared, Target target)
        {
            if (declared is not { Count: > 0 }) return FloorLadder.None;
            var releases = offered.Values.ToDictionary(static release => ReleaseSeal.Identity(release.Spec!));
            return new FloorLadder(declared.Select(floor =>
            {
                var release = releases[ReleaseSeal.Identity(floor.Version!, target)];
                return new Floor(release, floor.Reason, IsBlocked(release.Digest));
            }));
        }
    }
}
