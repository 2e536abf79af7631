namespace Omaha.Protocol;

/// <summary>Where a qualified name lies in a document.</summary>
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
}
