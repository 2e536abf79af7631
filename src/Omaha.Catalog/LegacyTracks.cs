namespace Omaha.Catalog;

/// <summary>The group ids that CoreOS and Flatcar machines of old send as their track, and the channel each means.</summary>
/// <remarks>Public constants of the Flatcar infrastructure; machines installed years ago still carry them in update.conf.</remarks>
internal static class LegacyTracks
{
    private const int IdLength = 36;

    /// <summary>The channel name for a track in lower case that is such an id, with or without braces; empty for any other.</summary>
    public static ReadOnlySpan<byte> ChannelOf(ReadOnlySpan<byte> track)
    {
        if (track.Length == IdLength + 2 && track[0] == '{' && track[^1] == '}') track = track[1..^1];
        if (track.Length != IdLength) return default;
        if (track.SequenceEqual("5b810680-e36a-4879-b98a-4f989e80b899"u8)) return "alpha"u8;
        if (track.SequenceEqual("3fe10490-dd73-4b49-b72a-28ac19acfcdc"u8)) return "beta"u8;
        if (track.SequenceEqual("9a2deb70-37be-4026-853f-bfdd6b347bbe"u8)) return "stable"u8;
        if (track.SequenceEqual("72834a2b-ad86-4d6d-b498-e08a19ebe54e"u8)) return "edge"u8;
        // the same channels for arm64
        if (track.SequenceEqual("e641708d-fb48-4260-8bdf-ba2074a1147a"u8)) return "alpha"u8;
        if (track.SequenceEqual("d112ec01-ba34-4a9e-9d4b-9814a685f266"u8)) return "beta"u8;
        if (track.SequenceEqual("11a585f6-9418-4df0-8863-78b2fd3240f8"u8)) return "stable"u8;
        if (track.SequenceEqual("b4b2fa22-c1ea-498c-a8ac-c1dc0b1d7c17"u8)) return "edge"u8;
        return default;
    }
}
