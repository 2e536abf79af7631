using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Omaha.Protocol;

/// <summary>Finds where names and white space end, sixteen bytes at a time and without a call: names are too short for searches made for long texts.</summary>
internal static class XmlScan
{
    /// <summary>Whether a character may begin a name. ASCII only: no vocabulary that we serve has others.</summary>
    public static bool BeginsName(byte character) => char.IsAsciiLetter((char)character) || character == '_';

    /// <summary>Length of the name without colons that begins at a position; 0 when none does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Name(ReadOnlySpan<byte> xml, int at) => at < xml.Length && BeginsName(xml[at]) ? NameCharacters(xml, at) : 0;

    /// <summary>How many bytes from a position on may stand in a name without a colon: letters, digits, <c>-</c>, <c>.</c> and <c>_</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NameCharacters(ReadOnlySpan<byte> xml, int at)
    {
        if (xml.Length - at >= Vector128<byte>.Count)
        {
            var others = OtherThanName(Vector128.Create(xml.Slice(at, Vector128<byte>.Count)));
            if (others != 0) return int.TrailingZeroCount((int)others);
        }

        return ManyNameCharacters(xml, at);
    }

    /// <summary>Where spaces, tabs and line feeds end. A carriage return ends them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AfterBlanks(ReadOnlySpan<byte> xml, int at)
    {
        for (; xml.Length - at >= Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var text = Vector128.Create(xml.Slice(at, Vector128<byte>.Count));
            var others = (Vector128.GreaterThan(text, Vector128.Create((byte)' ')) | Vector128.Equals(text, Vector128.Create((byte)'\r'))).ExtractMostSignificantBits();
            if (others != 0) return at + int.TrailingZeroCount((int)others);
        }

        while (at < xml.Length && xml[at] <= ' ' && xml[at] != '\r') at++;
        return at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ManyNameCharacters(ReadOnlySpan<byte> xml, int at)
    {
        var start = at;
        for (; xml.Length - at >= Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var others = OtherThanName(Vector128.Create(xml.Slice(at, Vector128<byte>.Count)));
            if (others != 0) return at - start + int.TrailingZeroCount((int)others);
        }

        while (at < xml.Length && (char.IsAsciiLetterOrDigit((char)xml[at]) || xml[at] is (byte)'-' or (byte)'.' or (byte)'_')) at++;
        return at - start;
    }

    /// <summary>A bit for each byte that cannot stand in a name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint OtherThanName(Vector128<byte> text)
    {
        // A table of 16 by 8: an entry for each lower half of a byte, and in it a bit for each upper half (1 for 0x2_, 2 for 0x3_, … 32 for 0x7_)
        // that makes a character of names with it. A shuffle looks the entries up, and gives 0 for bytes from 0x80 on.
        var upperHalves = Vector128.Create((byte)0x2A, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3C, 0x14, 0x14, 0x15, 0x15, 0x1C);
        var bitOfUpperHalf = Vector128.Create((byte)0, 0, 1, 2, 4, 8, 16, 32, 0, 0, 0, 0, 0, 0, 0, 0);
        var allowed = Vector128.ShuffleNative(upperHalves, text & Vector128.Create((byte)0x8F)) & Vector128.ShuffleNative(bitOfUpperHalf, text >>> 4);
        return Vector128.Equals(allowed, Vector128<byte>.Zero).ExtractMostSignificantBits();
    }
}
