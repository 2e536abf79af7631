using System.Text;
using CsCheck;

namespace Omaha.Protocol.Tests;

/// <summary>Damages documents the way transports, bugs and attackers do: bytes lost, added, changed, repeated and moved.</summary>
internal static class Mutations
{
    private static readonly byte[][] Pieces =
    [
        .. ((string[])[
            "<", ">", "/", "=", "\"", "'", "&", ";", "#", "]", "]]>", "<!--", "-->", "--", "<![CDATA[", "<?", "?>", "<?xml ", "<!DOCTYPE", " ", "\t", "\r", "\n",
            "&#", "&#x", "&amp;", "&#0;", "&#xD800;", "&#x110000;", "&#xFFFE;", "&#38;", ":", "xmlns", "xmlns:", "xmlns=''", " a='1'", " xml:space='x'", "é", "\uFFFE", "\uFFFD", "<a>", "</a>", "<a/>",
            " xmlns:p='urn:x'", "p:", " encoding='x'", "\u0085", "\u2028", "xml", "-", "a", "0",
        ]).Select(Encoding.UTF8.GetBytes),
        [0], [1], [0x0B], [0x1F], [0x7F], [0x80], [0xC0], [0xED, 0xA0, 0x80], [0xFE], [0xFF], [0xEF, 0xBB, 0xBF], [0xF4, 0x90, 0x80, 0x80],
    ];

    private static readonly Gen<Func<byte[], byte[]>> One = Gen.Select(Gen.Int[0, 5], Gen.Double.Unit, Gen.Double.Unit, Gen.Int[1, 12], Gen.Int[0, Pieces.Length - 1], Change);

    /// <summary>A few changes to a document of those.</summary>
    public static Gen<byte[]> Of(Gen<byte[]> documents) => Gen.Select(documents, One.Array[1, 4], (document, changes) =>
        changes.Aggregate(document, (bytes, change) => change(bytes)));

    private static Func<byte[], byte[]> Change(int kind, double at, double to, int length, int piece) => bytes =>
    {
        var start = (int)(at * bytes.Length);
        var end = Math.Min(bytes.Length, start + length);
        var target = (int)(to * bytes.Length);
        return kind switch
        {
            0 => [.. bytes[..start], .. bytes[end..]],
            1 => [.. bytes[..start], .. Pieces[piece], .. bytes[start..]],
            2 when bytes.Length > 0 => [.. bytes[..start], (byte)(bytes[start] ^ (1 << (length % 8))), .. bytes[(start + 1)..]],
            3 => [.. bytes[..target], .. bytes[start..end], .. bytes[target..]],
            4 => [.. bytes[..start], .. Pieces[piece], .. bytes[end..]],
            _ => length == 1 ? bytes[..start] : [.. bytes[..start], .. bytes[start..end], .. bytes[start..]],
        };
    };
}
