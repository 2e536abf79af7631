using System.Numerics;
using System.Runtime.Intrinsics;

namespace Omaha.Protocol;

/// <summary>Where a qualified name lies in a document. ASCII names only: no vocabulary we serve has others.</summary>
internal readonly record struct XmlName(int Start, int PrefixLength, int Length)
{
    public bool HasPrefix => PrefixLength > 0;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> xml) => xml.Slice(Start, Length);

    public ReadOnlySpan<byte> PrefixIn(ReadOnlySpan<byte> xml) => xml.Slice(Start, PrefixLength);

    public ReadOnlySpan<byte> LocalIn(ReadOnlySpan<byte> xml)
    {
        var skipped = HasPrefix ? PrefixLength + 1 : 0;
        return xml.Slice(Start + skipped, Length - skipped);
    }

    /// <summary>Length of the name without colons that <paramref name="text"/> begins with; 0 when it does not begin with one.</summary>
    public static int Measure(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !(char.IsAsciiLetter((char)text[0]) || text[0] == '_')) return 0;

        // Sixteen characters at once hold most names, and save the mispredicted branch at the end of each.
        var end = 0;
        for (; end + Vector128<byte>.Count <= text.Length; end += Vector128<byte>.Count)
        {
            var others = ~NameCharacters(Vector128.Create(text[end..])).ExtractMostSignificantBits() & 0xFFFF;
            if (others != 0) return end + BitOperations.TrailingZeroCount(others);
        }

        while (end < text.Length && NameCharacters(Vector128.CreateScalar(text[end])).ToScalar() != 0) end++;
        return end;
    }

    private static Vector128<byte> NameCharacters(Vector128<byte> text)
    {
        var letters = Vector128.LessThan((text | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
        var others = Vector128.LessThanOrEqual(text - Vector128.Create((byte)'-'), Vector128.Create((byte)('9' - '-')))
            & ~Vector128.Equals(text, Vector128.Create((byte)'/'));
        return letters | others | Vector128.Equals(text, Vector128.Create((byte)'_'));
    }
}
