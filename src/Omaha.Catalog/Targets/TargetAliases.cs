namespace Omaha.Catalog;

/// <summary>
/// The one table of what clients send for a platform or an architecture and the token we call it by. Tokens are open: what is not in the
/// table stands for itself, in lower case.
/// </summary>
public static class TargetAliases
{
    /// <summary>The token for an architecture, given in lower case. Empty for values that say nothing.</summary>
    public static ReadOnlySpan<byte> Arch(ReadOnlySpan<byte> sent, out bool known)
    {
        known = true;
        switch (sent)
        {
            case var s when s.SequenceEqual("amd64"u8) || s.SequenceEqual("amd64-usr"u8) || s.SequenceEqual("x86_64"u8)
                         || s.SequenceEqual("x64"u8) || s.SequenceEqual("x86-64"u8):
                return "amd64"u8;
            case var s when s.SequenceEqual("arm64"u8) || s.SequenceEqual("arm64-usr"u8) || s.SequenceEqual("aarch64"u8):
                return "arm64"u8;
            case var s when s.SequenceEqual("x86"u8) || s.SequenceEqual("i386"u8) || s.SequenceEqual("i486"u8)
                         || s.SequenceEqual("i586"u8) || s.SequenceEqual("i686"u8) || s.SequenceEqual("ia32"u8):
                return "x86"u8;
            case var s when s.SequenceEqual("arm"u8) || s.SequenceEqual("armv7l"u8) || s.SequenceEqual("armv7"u8) || s.SequenceEqual("armhf"u8):
                return "arm"u8;
            case var s when s.IsEmpty || s.SequenceEqual("unknown"u8) || s.SequenceEqual("any"u8):
                known = false;
                return default;
            default:
                known = false;
                return sent;
        }
    }

    /// <summary>The token for a platform, given in lower case. Empty for values that say nothing.</summary>
    public static ReadOnlySpan<byte> Platform(ReadOnlySpan<byte> sent) => sent switch
    {
        var s when s.SequenceEqual("windows"u8) => "win"u8,
        var s when s.SequenceEqual("mac os x"u8) || s.SequenceEqual("macos"u8) || s.SequenceEqual("darwin"u8) => "mac"u8,
        var s when s.SequenceEqual("chrome os"u8) || s.SequenceEqual("chromium os"u8) => "chromeos"u8,
        var s when s.SequenceEqual("any"u8) => default,
        _ => sent,
    };
}
