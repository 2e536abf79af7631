using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>What a check is answered with.</summary>
/// <param name="Decision">Why.</param>
/// <param name="Release">What is offered; null unless <see cref="Decision.Offered"/>.</param>
/// <param name="PollInterval">Seconds until the machine asks again, 0 to leave it to the client.</param>
/// <param name="IsRollback">The offer is lower than what the machine has; ChromeOS must be told.</param>
public readonly record struct CheckOutcome(Decision Decision, OfferedRelease? Release = null, int PollInterval = 0, bool IsRollback = false);

/// <summary>
/// The rules, in their order: which channel the machine follows, which releases it could get, which of them it gets. Pure, and free of
/// allocation; the first rule that says no ends it.
/// </summary>
public static class Decide
{
    private const int MaxTrackBytes = 128;

    /// <summary>Decides one check of an app that the snapshot holds.</summary>
    public static CheckOutcome Check(CatalogSnapshot snapshot, CatalogApp app, UpdateRequest request, in RequestedApp asked, ClientKind client)
    {
        // 1. Can this app be answered for at all?
        if (app.Standing == AppStanding.Unsupported) return new(Decision.Unsupported);
        if (app.Standing == AppStanding.Unreadable) return new(Decision.Unreadable);

        // 2. Which channel does the machine follow, and does anything hold all of it?
        if (FindChannel(app, request, asked) is not { } channel) return new(Decision.UnknownTrack);
        var poll = channel.PollInterval;
        if (asked.UpdateDisabled) return new(Decision.UpdateDisabled, null, poll);
        if (snapshot.Brakes.PauseAll is not null || app.Paused || channel.Paused) return new(Decision.Paused, null, poll);

        // 3. What is there for a machine of this kind?
        var wanted = new RequestedTarget(request, asked);
        if (wanted.Find(channel.Targets, app.DefaultTarget) is not { } target) return new(wanted.IsForeign(channel.Targets) ? Decision.OsNotSupported : Decision.NoRelease, null, poll);

        // 4. The first candidate that this client can take and the machine may move to.
        var prefix = VersionPrefix.Parse(request[asked.TargetVersionPrefix]);
        var outcome = prefix.IsEmpty
            ? AdmitLast(target.LastComplete, request, asked, client)
            : AdmitUnder(prefix, target.EverComplete, request, asked, client, mayGoBack: asked.RollbackAllowed && channel.Rollback);
        return outcome with { PollInterval = poll };
    }

    /// <summary>
    /// The strongest wish wins: release_channel, then track; a name that the app does not have is then an unknown track. Only if the machine
    /// sends neither do tag, ap and cohort count, where they happen to name a channel; else the app's default.
    /// </summary>
    private static ReleaseChannel? FindChannel(CatalogApp app, UpdateRequest request, in RequestedApp asked)
    {
        if (!asked.ReleaseChannel.IsEmpty) return FindTrack(app, request[asked.ReleaseChannel]);
        var track = request[asked.Track].Trim((byte)' ');
        if (!track.IsEmpty) return FindTrack(app, track);
        return FindTrack(app, request[asked.Tag]) ?? FindTrack(app, request[asked.Ap]) ?? FindTrack(app, request[asked.Cohort]) ?? app.DefaultChannel;
    }

    /// <summary>A channel by the name a machine sends: without regard to case, with or without <c>-channel</c>, or a legacy group id.</summary>
    private static ReleaseChannel? FindTrack(CatalogApp app, ReadOnlySpan<byte> sent)
    {
        sent = sent.Trim((byte)' ');
        if (sent.IsEmpty || sent.Length > MaxTrackBytes) return null;
        Span<byte> buffer = stackalloc byte[MaxTrackBytes];
        sent.CopyTo(buffer);
        var track = buffer[..sent.Length];
        foreach (ref var b in track)
        {
            if (b is >= (byte)'A' and <= (byte)'Z') b |= 0x20;
        }

        if (app.Tracks.Find(track) is { } channel) return channel;
        if (track.EndsWith("-channel"u8)) return app.Tracks.Find(track[..^"-channel"u8.Length]);
        var legacy = LegacyTracks.ChannelOf(track);
        return legacy.IsEmpty ? null : app.Tracks.Find(legacy);
    }

    /// <summary>Without a prefix the channel's own release is the one candidate, and nothing lower is ever offered.</summary>
    private static CheckOutcome AdmitLast(OfferedRelease? release, UpdateRequest request, in RequestedApp asked, ClientKind client) =>
        release is null ? new(Decision.Blocked) : Admit(release, request, asked, release.Judge(request, asked, client), mayGoBack: false);

    /// <summary>The newest release under a prefix that this client can take decides; older ones are never offered in its stead.</summary>
    private static CheckOutcome AdmitUnder(in VersionPrefix prefix, OfferedRelease[] newestFirst, UpdateRequest request, in RequestedApp asked, ClientKind client, bool mayGoBack)
    {
        var excluded = Decision.NoPrefixMatch;
        foreach (var release in newestFirst)
        {
            if (!prefix.Matches(release.Version)) continue;
            var judged = release.Judge(request, asked, client);
            if (judged == Decision.Offered) return Admit(release, request, asked, judged, mayGoBack);
            if (excluded == Decision.NoPrefixMatch) excluded = judged;
        }

        return new(excluded);
    }

    /// <summary>Only a higher version is offered; the same or a lower one only where it was asked for and is allowed. A release that the machine would not move to anyway needs no reason to be withheld.</summary>
    private static CheckOutcome Admit(OfferedRelease release, UpdateRequest request, in RequestedApp asked, Decision judged, bool mayGoBack)
    {
        var order = release.Version.CompareTo(DottedVersion.Parse(request[asked.Version]));
        if (order < 0 && !mayGoBack) return new(Decision.Current);
        if (order == 0 && !asked.SameVersionUpdate) return new(Decision.Current);
        return judged == Decision.Offered ? new(judged, release, IsRollback: order < 0) : new(judged);
    }
}
