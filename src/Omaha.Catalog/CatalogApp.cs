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
public sealed class CatalogApp
{
    private static readonly Utf8Table<ReleaseChannel> NoTracks = new([]);

    private static readonly Utf8Table<byte[]> NoInstallData = new([]);

    private Utf8Table<byte[]> _installData = NoInstallData;

    private CatalogApp(string id, AppStanding standing)
    {
        Id = id;
        Key = Encoding.UTF8.GetBytes(AppIds.Normalize(id));
        Standing = standing;
    }

    /// <summary>The id as the document writes it.</summary>
    public string Id { get; }

    public AppStanding Standing { get; }

    /// <summary>True: the app's decisions are counted under its own metric label.</summary>
    public bool CountedByName { get; private init; }

    /// <summary>The app is blocked by policy.</summary>
    public bool Restricted { get; private init; }

    /// <summary>Where a person reads why an update cannot be installed, escaped for XML; null when the document names no page.</summary>
    public byte[]? ErrorUrlXml { get; private init; }

    /// <summary>Cohort that clients are told to take, empty to delete theirs; null when nothing is said.</summary>
    public byte[]? Cohort { get; private init; }

    /// <summary>Text of install data, escaped for XML; null for an index that the app does not have.</summary>
    public byte[]? InstallDataXml(ReadOnlySpan<byte> index) => _installData.Find(index);

    /// <summary>The normalised id.</summary>
    internal byte[] Key { get; }

    internal byte[][] AliasKeys { get; private init; } = [];

    internal bool Paused { get; private init; }

    internal Utf8Table<ReleaseChannel> Tracks { get; private init; } = NoTracks;

    internal ReleaseChannel? DefaultChannel { get; private init; }

    internal byte[]? DefaultTarget { get; private init; }

    /// <summary>Every release on offer, by digest, to be shared with the app's next form.</summary>
    private Dictionary<string, OfferedRelease> Releases { get; init; } = [];

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
        foreach (var (name, channel) in spec.Channels ?? [])
        {
            var channelState = state?.Channels?.GetValueOrDefault(name);
            channels.Add(name, new ReleaseChannel
            {
                Name = name,
                Paused = channelState?.Paused is not null,
                Rollback = channel.Rollback,
                PollInterval = channel.PollInterval ?? spec.PollInterval ?? 0,
                Targets = Targets(channelState, state?.Blocks, offered),
            });
        }

        var tracks = channels.Select(static channel => KeyValuePair.Create(Encoding.UTF8.GetBytes(channel.Key), channel.Value))
            .Concat((spec.Tracks ?? []).Select(track => KeyValuePair.Create(LowerAscii(track.Key), channels[track.Value])));

        return new CatalogApp(document.App!, AppStanding.Served)
        {
            AliasKeys = [.. (spec.Aliases ?? []).Select(static alias => Encoding.UTF8.GetBytes(AppIds.Normalize(alias)))],
            Paused = state?.Paused is not null,
            CountedByName = spec.Metrics,
            Restricted = spec.Restricted,
            ErrorUrlXml = spec.ErrorUrl is { } url ? Encoding.UTF8.GetBytes(XmlText.Escape(url)) : null,
            Cohort = spec.Cohort is { } cohort ? Encoding.UTF8.GetBytes(cohort) : null,
            _installData = spec.InstallData is { Count: > 0 } data
                ? new Utf8Table<byte[]>(data.Select(static entry => KeyValuePair.Create(Encoding.UTF8.GetBytes(entry.Key), Encoding.UTF8.GetBytes(XmlText.Escape(entry.Value)))))
                : NoInstallData,
            Tracks = new Utf8Table<ReleaseChannel>(tracks),
            DefaultChannel = DefaultChannelName(spec) is { } defaultChannel ? channels[defaultChannel] : null,
            DefaultTarget = Target.TryParse(spec.DefaultTarget, out var target) ? Encoding.UTF8.GetBytes(target.ToString()) : null,
            Releases = offered,
        };
    }

    /// <summary>The channel of machines that name none; null when the document leaves it open.</summary>
    public static string? DefaultChannelName(AppSpec spec) =>
        spec.DefaultChannel
        ?? (spec.Channels is not { } channels ? null
            : channels.ContainsKey("stable") ? "stable"
            : channels.Count == 1 ? channels.Keys.Single() : null);

    /// <summary>As a request's track is read: only A to Z lose their case.</summary>
    private static byte[] LowerAscii(string track) => Encoding.UTF8.GetBytes(string.Concat(track.Select(static c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c)));

    /// <summary>The runtime form of every release that some channel ever completed.</summary>
    private static Dictionary<string, OfferedRelease> Offered(AppSpec spec, AppState? state, CatalogApp? previous)
    {
        var wanted = (state?.Channels ?? []).Values
            .SelectMany(static channel => (channel.Targets ?? []).Values)
            .SelectMany(static history => history)
            .Select(static complete => complete.Digest!)
            .ToHashSet(StringComparer.Ordinal);
        var offered = new Dictionary<string, OfferedRelease>(wanted.Count, StringComparer.Ordinal);
        if (wanted.Count == 0) return offered;

        foreach (var release in spec.Releases ?? [])
        {
            var digest = ReleaseDigest.Of(release);
            if (!wanted.Contains(digest)) continue;
            offered[digest] = previous?.Releases.GetValueOrDefault(digest) is { } known && known.IsSame(release, digest)
                ? known
                : new OfferedRelease(release, digest);
        }

        return offered;
    }

    private static Utf8Table<ChannelTarget> Targets(ChannelState? state, Dictionary<string, Mark>? blocks, Dictionary<string, OfferedRelease> offered) =>
        new((state?.Targets ?? []).Where(static entry => entry.Value.Count > 0).Select(entry =>
        {
            var last = entry.Value[^1].Digest!;
            var ever = ChannelHistory.EverComplete(entry.Value)
                .Where(digest => blocks?.ContainsKey(digest) != true)
                .Select(digest => offered[digest])
                .OrderByDescending(static release => release.Version)
                .ToArray();
            return KeyValuePair.Create(Encoding.UTF8.GetBytes(Target.Parse(entry.Key).ToString()), new ChannelTarget
            {
                LastComplete = blocks?.ContainsKey(last) == true ? null : offered[last],
                EverComplete = ever,
            });
        }));
}
