using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>Which value of a request chose the group.</summary>
internal enum TrackSource
{
    ReleaseChannel,
    Track,
    Tag,
    Ap,
    Cohort,
    Default,
}

/// <summary>Finds the group that a machine belongs to.</summary>
internal static class FollowedGroup
{
    private const int MaxTrackBytes = 128;

    /// <summary>
    /// The strongest wish wins: release_channel, then track; a name that the app does not have is then an unknown track, and null. Only if the
    /// machine sends neither do tag, ap and cohort count, where they happen to name a channel or group; else the app's default.
    /// </summary>
    public static NodeGroup? Find(CatalogApp app, UpdateRequest request, in RequestedApp asked, out TrackSource source, out ReadOnlySpan<byte> sent)
    {
        source = TrackSource.ReleaseChannel;
        sent = request[asked.ReleaseChannel];
        if (!sent.IsEmpty) return FindTrack(app, sent);

        source = TrackSource.Track;
        sent = request[asked.Track].Trim((byte)' ');
        if (!sent.IsEmpty) return FindTrack(app, sent);

        source = TrackSource.Tag;
        sent = request[asked.Tag];
        if (FindTrack(app, sent) is { } byTag) return byTag;

        source = TrackSource.Ap;
        sent = request[asked.Ap];
        if (FindTrack(app, sent) is { } byAp) return byAp;

        source = TrackSource.Cohort;
        sent = request[asked.Cohort];
        if (FindCohort(app, sent) is { } byCohort) return byCohort;

        source = TrackSource.Default;
        sent = default;
        return app.DefaultChannel;
    }

    /// <summary>The group that a cohort chooses: by all of it, or by the name of one that we issued.</summary>
    public static NodeGroup? FindCohort(CatalogApp app, ReadOnlySpan<byte> cohort) =>
        FindTrack(app, cohort) ?? (IssuedCohort.TrySplit(cohort, out var name, out _) ? FindTrack(app, name) : null);

    /// <summary>A group by the name a machine sends: without regard to case, with or without <c>-channel</c>, or a legacy group id.</summary>
    private static NodeGroup? FindTrack(CatalogApp app, ReadOnlySpan<byte> sent)
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

        if (app.Tracks.Find(track) is { } group) return group;
        if (track.EndsWith("-channel"u8)) return app.Tracks.Find(track[..^"-channel"u8.Length]);
        var legacy = LegacyTracks.ChannelOf(track);
        return legacy.IsEmpty ? null : app.Tracks.Find(legacy);
    }
}
