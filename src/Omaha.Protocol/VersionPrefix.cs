using System.Text;

namespace Omaha.Protocol;

/// <summary>The versions an administrator allows (<c>targetversionprefix</c>): 1.2 is 1.2.x and not 1.20, 1.2.3$ is that version only.</summary>
/// <remarks>ChromeOS sends a dot at the end. Text of any other form allows nothing, so that a mistake cannot let a machine leave its version.</remarks>
public readonly struct VersionPrefix
{
    private readonly VersionParts _parts;
    private readonly Kind _kind;

    private VersionPrefix(Kind kind, in VersionParts parts = default)
    {
        _kind = kind;
        _parts = parts;
    }

    private enum Kind : byte
    {
        Everything,
        Prefix,
        Exact,
        Nothing,
    }

    /// <summary>No restriction: every version matches, and a client is not pinned.</summary>
    public bool IsEmpty => _kind == Kind.Everything;

    /// <summary>True when it names one version only.</summary>
    public bool IsExact => _kind == Kind.Exact;

    /// <summary>How many numbers it has; 0 when it is empty or not of the right form.</summary>
    public int PartCount => _parts.Count;

    /// <summary>Reads a prefix. Never fails: what cannot be read matches nothing.</summary>
    public static VersionPrefix Parse(ReadOnlySpan<byte> text)
    {
        text = text[Ascii.Trim(text)];
        if (text.IsEmpty) return default;

        var kind = text[^1] == '$' ? Kind.Exact : Kind.Prefix;
        if (text[^1] is (byte)'$' or (byte)'.') text = text[..^1];
        return VersionParts.TryParse(text, out var parts) ? new VersionPrefix(kind, parts) : new VersionPrefix(Kind.Nothing);
    }

    /// <summary>Whether that version may be offered.</summary>
    public bool Matches(in DottedVersion version) => _kind switch
    {
        Kind.Everything => true,
        Kind.Prefix => version.IsParsable && _parts.AgreesWith(version.Parts, _parts.Count),
        Kind.Exact => version.IsParsable && !version.IsPreRelease && _parts.AgreesWith(version.Parts, VersionParts.Maximum),
        _ => false,
    };
}
