using System.Text;

namespace Omaha.Protocol;

/// <summary>The references that a document without a document type may hold: five names and the numbers of legal characters.</summary>
internal static class XmlReference
{
    /// <summary>
    /// Writes what the reference at the start of <paramref name="text"/> stands for to <paramref name="destination"/>, which may be the
    /// same memory. Returns the length of the reference, or 0 when it is none.
    /// </summary>
    public static int Resolve(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 1;
        if (text.StartsWith("&#"u8)) return ResolveNumber(text, destination, out written);
        if (text.StartsWith("&amp;"u8)) return Put((byte)'&', 5, destination);
        if (text.StartsWith("&lt;"u8)) return Put((byte)'<', 4, destination);
        if (text.StartsWith("&gt;"u8)) return Put((byte)'>', 4, destination);
        if (text.StartsWith("&quot;"u8)) return Put((byte)'"', 6, destination);
        if (text.StartsWith("&apos;"u8)) return Put((byte)'\'', 6, destination);
        return 0;
    }

    private static int Put(byte character, int length, Span<byte> destination)
    {
        destination[0] = character;
        return length;
    }

    private static int ResolveNumber(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        var hexadecimal = text.Length > 2 && text[2] == 'x';
        var first = hexadecimal ? 3 : 2;
        var number = 0u;

        for (var i = first; i < text.Length; i++)
        {
            var character = (char)text[i];
            if (character == ';') return i > first && TryWrite(number, destination, out written) ? i + 1 : 0;
            if (!(hexadecimal ? char.IsAsciiHexDigit(character) : char.IsAsciiDigit(character))) return 0;

            // Leading zeros are legal in any number, so the value is bounded here and not the digits.
            number = number * (hexadecimal ? 16u : 10u) + (uint)ValueOf(character);
            if (number > 0x10FFFF) return 0;
        }

        return 0;
    }

    private static int ValueOf(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static bool TryWrite(uint number, Span<byte> destination, out int written)
    {
        written = 0;
        return IsCharacter(number) && new Rune(number).TryEncodeToUtf8(destination, out written);
    }

    /// <summary>Production <c>Char</c> of XML 1.0.</summary>
    private static bool IsCharacter(uint number) => number switch
    {
        < 0x20 => number is '\t' or '\n' or '\r',
        < 0xD800 => true,
        < 0xE000 => false,
        _ => number is not (0xFFFE or 0xFFFF),
    };
}
