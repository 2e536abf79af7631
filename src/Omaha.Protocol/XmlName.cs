namespace Omaha.Protocol;

/// <summary>Where a qualified name lies in a document. ASCII names only: no vocabulary we serve has others.</summary>
internal readonly record struct XmlName(int Start, int PrefixLength, int Length)
{
    // The characters - . 0-9 and A-Z _ a-z, one bit each.
    private const ulong Below64 = 0x03FF_6000_0000_0000;
    private const ulong From64 = 0x07FF_FFFE_87FF_FFFE;

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

        // Names are short and of small letters: this is faster for them than a vectorised search.
        var end = 1;
        while (end < text.Length && (char.IsAsciiLetterLower((char)text[end]) || IsCharacter(text[end]))) end++;
        return end;
    }

    private static bool IsCharacter(byte character) =>
        character < 128 && (((character < 64 ? Below64 : From64) >> character) & 1) != 0;
}
