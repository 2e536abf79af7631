using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>The target of the machine that asks, as far as its request tells.</summary>
/// <remarks>
/// Architecture: the board, else os.arch, else the machine name behind <c>VERSION_</c> in the service pack, which is where update_engine
/// puts it. A board that is no known architecture (ChromeOS sends product names) is tried as a token of its own before the next source;
/// the first known architecture ends the search, so that a contradiction can never lead to a payload for another CPU.
/// </remarks>
internal readonly ref struct RequestedTarget
{
    public const int MaxTokenBytes = 64;

    private readonly UpdateRequest _request;
    private readonly ref readonly RequestedApp _asked;

    public RequestedTarget(UpdateRequest request, in RequestedApp asked)
    {
        _request = request;
        _asked = ref asked;
    }

    private ReadOnlySpan<byte> Platform => _request[_request.OsPlatform].Trim((byte)' ');

    private ReadOnlySpan<byte> Board => _request[_asked.Board].Trim((byte)' ');

    private ReadOnlySpan<byte> Arch => _request[_request.OsArch].Trim((byte)' ');

    /// <summary>The machine name at the end of the service pack; empty when there is none.</summary>
    private ReadOnlySpan<byte> MachineName
    {
        get
        {
            var servicePack = _request[_request.OsServicePack];
            var separator = servicePack.IndexOf((byte)'_');
            return separator < 0 ? default : servicePack[(separator + 1)..];
        }
    }

    /// <summary>
    /// The most specific entry: for each architecture token <c>platform/arch</c>, then <c>any/arch</c>; then <c>platform/any</c>, then <c>any/any</c>;
    /// last the app's default, for a machine that names no architecture.
    /// </summary>
    /// <param name="targets">Those of the channel.</param>
    /// <param name="defaultTarget">The app's default.</param>
    /// <param name="hasHistory">True: only entries on which something was complete.</param>
    public ChannelTarget? Find(Utf8Table<ChannelTarget> targets, byte[]? defaultTarget, bool hasHistory = false)
    {
        Span<byte> platformBuffer = stackalloc byte[MaxTokenBytes];
        var platform = TargetAliases.Platform(Lower(Platform, platformBuffer));
        Span<byte> archBuffer = stackalloc byte[MaxTokenBytes];

        var told = false;
        for (var source = 0; source < 3; source++)
        {
            var sent = Lower(source switch { 0 => Board, 1 => Arch, _ => MachineName }, archBuffer);
            var arch = TargetAliases.Arch(sent, out var known);
            if (arch.IsEmpty) continue;
            told = true;
            if (Find(targets, platform, arch, hasHistory) is { } found) return found;
            if (known) break;
        }

        return Find(targets, platform, "any"u8, hasHistory)
            ?? (!told && defaultTarget is not null ? Entry(targets, defaultTarget, hasHistory) : null);
    }

    /// <summary>Whether there are releases, and all of them are for other platforms than the one the machine names.</summary>
    public bool IsForeign(Utf8Table<ChannelTarget> targets)
    {
        Span<byte> buffer = stackalloc byte[MaxTokenBytes];
        var platform = TargetAliases.Platform(Lower(Platform, buffer));
        if (platform.IsEmpty) return false;
        Span<byte> nameBuffer = stackalloc byte[Utf8Table<ChannelTarget>.HeadBytes + 1];
        for (var i = 0; i < targets.Count; i++)
        {
            var name = targets.NameAt(i, nameBuffer);
            var known = name[..name.IndexOf((byte)'/')];
            if (known.SequenceEqual(platform) || known.SequenceEqual("any"u8)) return false;
        }

        return targets.Count > 0;
    }

    private static ChannelTarget? Find(Utf8Table<ChannelTarget> targets, ReadOnlySpan<byte> platform, ReadOnlySpan<byte> arch, bool hasHistory)
    {
        Span<byte> key = stackalloc byte[(2 * MaxTokenBytes) + 1];
        if (!platform.IsEmpty && Entry(targets, Compose(key, platform, arch), hasHistory) is { } exact) return exact;
        return Entry(targets, Compose(key, "any"u8, arch), hasHistory);
    }

    private static ChannelTarget? Entry(Utf8Table<ChannelTarget> targets, ReadOnlySpan<byte> name, bool hasHistory) =>
        targets.Find(name) is { } found && (found.HasHistory || !hasHistory) ? found : null;

    private static ReadOnlySpan<byte> Compose(Span<byte> key, ReadOnlySpan<byte> platform, ReadOnlySpan<byte> arch)
    {
        platform.CopyTo(key);
        key[platform.Length] = (byte)'/';
        arch.CopyTo(key[(platform.Length + 1)..]);
        return key[..(platform.Length + 1 + arch.Length)];
    }

    /// <summary>The token in lower case; empty when it is too long to be one of ours.</summary>
    private static ReadOnlySpan<byte> Lower(ReadOnlySpan<byte> token, Span<byte> buffer)
    {
        if (token.Length > buffer.Length) return default;
        return Ascii.ToLower(token, buffer, out var written) == System.Buffers.OperationStatus.Done ? buffer[..written] : default;
    }
}
