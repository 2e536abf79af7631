using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Omaha.Catalog;

/// <summary>What a release is built for: <c>platform/arch</c> in lower case, with <c>any</c> as wildcard for either.</summary>
public readonly record struct Target
{
    private Target(string platform, string arch)
    {
        Platform = platform;
        Arch = arch;
    }

    public string Platform { get; }

    public string Arch { get; }

    /// <summary>For every machine.</summary>
    public static Target Any { get; } = new("any", "any");

    /// <summary>Reads <c>platform/arch</c>; names that clients send (<c>Windows</c>, <c>x86_64</c>, <c>amd64-usr</c>) become our tokens.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Target target)
    {
        target = default;
        if (text is null) return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash != text.LastIndexOf('/')) return false;
        var platform = text[..slash];
        var arch = text[(slash + 1)..];
        if (!IsToken(platform, allowSpace: true) || !IsToken(arch, allowSpace: false)) return false;

        var platformToken = TargetAliases.Platform(Encoding.UTF8.GetBytes(platform.ToLowerInvariant()));
        var archToken = TargetAliases.Arch(Encoding.UTF8.GetBytes(arch.ToLowerInvariant()), out _);
        target = new Target(
            platformToken.IsEmpty ? "any" : Encoding.UTF8.GetString(platformToken),
            archToken.IsEmpty ? "any" : Encoding.UTF8.GetString(archToken));
        return true;
    }

    /// <summary>The target of a text that is known to be one, such as a document's that passed the validator.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Target Parse(string text) =>
        TryParse(text, out var target) ? target : throw new FormatException($"\"{text}\" is no target; write platform/arch, such as \"any/amd64\".");

    public override string ToString() => $"{Platform}/{Arch}";

    private static bool IsToken(string text, bool allowSpace) =>
        text.Length is > 0 and <= RequestedTarget.MaxTokenBytes
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' || (allowSpace && c == ' '));
}
