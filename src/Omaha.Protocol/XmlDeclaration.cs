using System.Text;

namespace Omaha.Protocol;

/// <summary>The XML declaration, <c>&lt;?xml version="1.0" encoding="…" standalone="…"?&gt;</c>.</summary>
internal static class XmlDeclaration
{
    /// <summary>What nearly every client sends, byte for byte.</summary>
    private static ReadOnlySpan<byte> Usual => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"u8;

    /// <summary>Reads the declaration that <paramref name="text"/> may begin with; <paramref name="length"/> is 0 when there is none.</summary>
    public static Refusal Read(ReadOnlySpan<byte> text, out int length)
    {
        length = text.StartsWith(Usual) ? Usual.Length : 0;
        if (length > 0) return Refusal.None;
        if (!text.StartsWith("<?xml"u8) || text.Length < 6 || !IsWhitespace(text[5])) return Refusal.None;

        var rest = text[5..];
        if (!TryReadPart(ref rest, "version"u8, out var version) || !version.SequenceEqual("1.0"u8)) return Refusal.Malformed;

        if (TryReadPart(ref rest, "encoding"u8, out var encoding))
        {
            if (!IsEncodingName(encoding)) return Refusal.Malformed;
            if (!Ascii.EqualsIgnoreCase(encoding, "utf-8"u8) && !Ascii.EqualsIgnoreCase(encoding, "us-ascii"u8)) return Refusal.UnsupportedEncoding;
        }

        if (TryReadPart(ref rest, "standalone"u8, out var standalone)
            && !standalone.SequenceEqual("yes"u8) && !standalone.SequenceEqual("no"u8)) return Refusal.Malformed;

        rest = TrimStart(rest);
        if (!rest.StartsWith("?>"u8)) return Refusal.Malformed;
        length = text.Length - rest.Length + 2;
        return Refusal.None;
    }

    /// <summary>Takes <c> name = "value"</c>, with the space that has to stand before it. Leaves the text alone when it is something else.</summary>
    private static bool TryReadPart(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        var rest = TrimStart(text);
        if (rest.Length == text.Length || !rest.StartsWith(name)) return false;

        rest = TrimStart(rest[name.Length..]);
        if (!rest.StartsWith("="u8)) return false;

        rest = TrimStart(rest[1..]);
        if (rest.IsEmpty || rest[0] is not ((byte)'"' or (byte)'\'')) return false;

        var end = rest[1..].IndexOf(rest[0]);
        if (end < 0) return false;
        value = rest.Slice(1, end);
        text = rest[(end + 2)..];
        return true;
    }

    private static bool IsEncodingName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || !char.IsAsciiLetter((char)name[0])) return false;
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)character) && character is not ((byte)'.' or (byte)'_' or (byte)'-')) return false;
        }

        return true;
    }

    private static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n"u8);

    private static bool IsWhitespace(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
