using System.Text;

namespace Omaha.Protocol;

/// <summary>A version as clients send it: 4081.3.1, 3340.0.0+nightly-20220823-2100, 141.0.7390.2, 1.0-beta.2, or no version at all.</summary>
/// <remarks>
/// One to eight numbers, missing ones are 0; what follows a plus sign does not count; with a hyphen it is a pre-release of the same numbers
/// and lower than they are. Text that is not of this form is lower than every version: such a client is always offered one. Versions that
/// compare as equal are equal, 01.2 and 1.2.0 for instance.
/// </remarks>
public readonly struct DottedVersion : IComparable<DottedVersion>, IEquatable<DottedVersion>
{
    private readonly VersionParts _parts;
    private readonly PreRelease _preRelease;

    private DottedVersion(in VersionParts parts, in PreRelease preRelease)
    {
        _parts = parts;
        _preRelease = preRelease;
    }

    /// <summary>False for text that is no version; it compares as the lowest.</summary>
    public bool IsParsable => _parts.Count > 0;

    /// <summary>How many numbers were given, 1 to 8; 0 when there is no version.</summary>
    public int PartCount => _parts.Count;

    /// <summary>True for a version with a hyphen.</summary>
    public bool IsPreRelease => !_preRelease.IsNone;

    /// <summary>A number of the version; 0 where it has none. Up to 8 can be asked for.</summary>
    public ulong this[int index] => _parts[index];

    internal VersionParts Parts => _parts;

    /// <summary>Reads a version. Never fails: see <see cref="IsParsable"/>.</summary>
    public static DottedVersion Parse(ReadOnlySpan<byte> text)
    {
        text = text[Ascii.Trim(text)];
        var end = text.IndexOfAny((byte)'+', (byte)'-');
        if (end < 0) return VersionParts.TryParse(text, out var parts) ? new DottedVersion(parts, default) : default;

        // What follows a plus sign does not count, in the suffix either.
        var suffix = text[end] == '-' ? text[(end + 1)..] : default;
        var plus = suffix.IndexOf((byte)'+');
        if (plus >= 0) suffix = suffix[..plus];
        if (text[end] == '-' && suffix.IsEmpty) return default;
        return VersionParts.TryParse(text[..end], out var numbers) ? new DottedVersion(numbers, new PreRelease(suffix)) : default;
    }

    public int CompareTo(DottedVersion other) => Compare(this, other);

    public bool Equals(DottedVersion other) => Compare(this, other) == 0;

    public override bool Equals(object? obj) => obj is DottedVersion other && Equals(other);

    public override int GetHashCode()
    {
        // Without the suffix, since two spellings of it can be equal, 1-02 and 1-2.
        var hash = default(HashCode);
        hash.Add(IsParsable);
        for (var i = 0; i < VersionParts.Maximum; i++) hash.Add(_parts[i]);
        return hash.ToHashCode();
    }

    public static bool operator ==(in DottedVersion left, in DottedVersion right) => Compare(left, right) == 0;

    public static bool operator !=(in DottedVersion left, in DottedVersion right) => Compare(left, right) != 0;

    public static bool operator <(in DottedVersion left, in DottedVersion right) => Compare(left, right) < 0;

    public static bool operator >(in DottedVersion left, in DottedVersion right) => Compare(left, right) > 0;

    public static bool operator <=(in DottedVersion left, in DottedVersion right) => Compare(left, right) <= 0;

    public static bool operator >=(in DottedVersion left, in DottedVersion right) => Compare(left, right) >= 0;

    /// <summary>As <see cref="CompareTo"/>, without copying either.</summary>
    public static int Compare(in DottedVersion left, in DottedVersion right)
    {
        if (!left.IsParsable || !right.IsParsable) return left.IsParsable.CompareTo(right.IsParsable);
        var order = left._parts.CompareTo(right._parts);
        return order != 0 ? order : left._preRelease.CompareTo(right._preRelease);
    }
}
