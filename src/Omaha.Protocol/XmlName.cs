namespace Omaha.Protocol;

/// <summary>Where a qualified name lies in a document. ASCII names only: no vocabulary we serve has others.</summary>
internal readonly record struct XmlName(int Start, int PrefixLength, int Length)
{
    public bool HasPrefix => PrefixLength > 0;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> xml) => xml.Slice(Start, Length);

    public ReadOnlySpan<byte> PrefixIn(ReadOnlySpan<byte> xml) => xml.Slice(Start, PrefixLength);

    public ReadOnlySpan<byte> LocalIn(ReadOnlySpan<byte> xml)
    {
        if (!HasPrefix) return In(xml);
        var skipped = PrefixLength + 1;
        return xml.Slice(Start + skipped, Length - skipped);
    }

    /// <summary>Length of the name without colons that <paramref name="text"/> begins with; 0 when it does not begin with one.</summary>
    public static int Measure(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !(char.IsAsciiLetter((char)text[0]) || text[0] == '_')) return 0;

        // Names are short: this is faster for them than a vectorised search.
        var end = 1;
        while (end < text.Length && (char.IsAsciiLetterLower((char)text[end]) || IsOther(text[end]))) end++;
        return end;
    }

    private static bool IsOther(byte character) =>
        char.IsAsciiLetterUpper((char)character) || char.IsAsciiDigit((char)character) || character is (byte)'_' or (byte)'-' or (byte)'.';
}
