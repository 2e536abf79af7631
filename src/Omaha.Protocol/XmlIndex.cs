using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace Omaha.Protocol;

/// <summary>
/// Marks, in one pass over a document, every byte that a value cannot hold as it is: quotes, <c>&lt;</c>, <c>&amp;</c>, tabs and line ends.
/// </summary>
/// <remarks>
/// This is what makes reading fast. A search that begins where a value begins has to wait until that is known, which waited for the end of the
/// value before, and so on through the request: about 40 cycles for each attribute, in which a processor finds little else to do. A pass over
/// everything waits for nothing, and to go from mark to mark afterwards costs two or three cycles each.
/// </remarks>
internal sealed class XmlIndex
{
    private const int BlockBytes = 64;

    // Classes of characters, as bits.
    private const byte Quote = 1;         // " ' &
    private const byte LessThan = 2;
    private const byte LegalControl = 4;  // tab, line feed, carriage return
    private const byte LowControl = 8;    // the other ones up to 0x0F
    private const byte HighControl = 16;  // 0x10 to 0x1F

    // A bit for each byte. Behind the document all are set, so that looking for the next one ends.
    private readonly ulong[] _marks = new ulong[(RequestLimits.BodyBytes / BlockBytes) + 2];

    /// <summary>The marks from a position on.</summary>
    public Walk From(int at) => new(_marks, at);

    /// <summary>Takes a document, and refuses one that is not UTF-8 or holds a character that XML forbids.</summary>
    public Refusal Fill(ReadOnlySpan<byte> xml)
    {
        var whole = xml.Length / BlockBytes;
        var rest = xml[(whole * BlockBytes)..];
        Span<byte> last = stackalloc byte[BlockBytes];
        last.Fill((byte)' ');
        rest.CopyTo(last);

        var bytes = Vector128<byte>.Zero;
        var classes = Vector128<byte>.Zero;
        for (var block = 0; block <= whole; block++)
        {
            var text = block < whole ? xml.Slice(block * BlockBytes, BlockBytes) : last;
            var (a, b, c, d) = (Vector128.Create(text), Vector128.Create(text[16..]), Vector128.Create(text[32..]), Vector128.Create(text[48..]));
            bytes |= a | b | c | d;
            (a, b, c, d) = (ClassOf(a), ClassOf(b), ClassOf(c), ClassOf(d));
            classes |= a | b | c | d;
            _marks[block] = ~(Plain(a) | (Plain(b) << 16) | (Plain(c) << 32) | (Plain(d) << 48));
        }

        _marks[whole] |= ulong.MaxValue << rest.Length;
        _marks[whole + 1] = ulong.MaxValue;

        // A body of another encoding is not UTF-8 either, UTF-16 by its byte order mark at the latest.
        if (bytes.ExtractMostSignificantBits() != 0)
        {
            if (!Utf8.IsValid(xml)) return Refusal.UnsupportedEncoding;
            if (xml.IndexOf("\uFFFE"u8) >= 0 || xml.IndexOf("\uFFFF"u8) >= 0) return Refusal.Malformed;
        }

        return (classes & Vector128.Create((byte)(LowControl | HighControl))) == Vector128<byte>.Zero ? Refusal.None : Refusal.Malformed;
    }

    /// <summary>The class of each character: what the entry of its lower half and the entry of its upper half have in common.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ClassOf(Vector128<byte> text)
    {
        const byte control = LowControl | HighControl;
        const byte legal = LegalControl | HighControl;
        var low = Vector128.Create(
            control, control, control | Quote, control, control, control, control | Quote, control | Quote,
            control, legal, legal, control, control | LessThan, legal, control, control);
        var high = Vector128.Create((byte)(LegalControl | LowControl), HighControl, Quote, LessThan, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        // A shuffle looks up the lower half of each byte, and gives 0 for bytes from 0x80 on.
        return Vector128.ShuffleNative(low, text & Vector128.Create((byte)0x8F)) & Vector128.ShuffleNative(high, text >>> 4);
    }

    private static ulong Plain(Vector128<byte> classes) => Vector128.Equals(classes, Vector128<byte>.Zero).ExtractMostSignificantBits();

    /// <summary>Goes from mark to mark.</summary>
    public struct Walk
    {
        private readonly ulong[] _marks;
        private int _block;
        private ulong _left;

        internal Walk(ulong[] marks, int at)
        {
            _marks = marks;
            _block = (int)((uint)at / BlockBytes);
            _left = marks[_block] & (ulong.MaxValue << at);
        }

        /// <summary>Where the next mark is; at or behind the end of the document when there is no more. May be called twice more then, not again.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Next()
        {
            while (_left == 0) _left = _marks[++_block];
            var at = (_block * BlockBytes) + (int)ulong.TrailingZeroCount(_left);
            _left &= _left - 1;
            return at;
        }
    }
}
