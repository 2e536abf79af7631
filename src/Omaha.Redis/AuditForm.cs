using System.Globalization;
using System.IO.Compression;
using System.Text;
using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>
/// One form of a document, as the audit keeps it: whole, or as what differs from the form before. Most changes touch one place of a document
/// that may have megabytes, so the usual form has some hundred bytes.
/// </summary>
/// <remarks>
/// As bytes: kind, digest of the document, number of bytes shared with the form before at the beginning and at the end, each followed by a
/// space; then, compressed, the bytes in between. A whole form shares none.
/// </remarks>
internal readonly record struct AuditForm(char Kind, string Digest, int Prefix, int Suffix, ReadOnlyMemory<byte> Middle)
{
    /// <summary>The document is whole, and there was none before.</summary>
    public const char Created = 'c';

    /// <summary>The document is whole.</summary>
    public const char Whole = 'w';

    /// <summary>What differs from the form before.</summary>
    public const char Changed = 'd';

    /// <summary>There is no document any more.</summary>
    public const char Deleted = 'x';

    // Fast, and within a tenth of what the slow ones reach on documents.
    private const int Quality = 4;
    private const int Window = 22;

    public bool StandsAlone => Kind != Changed;

    /// <summary>The form of a document after a change.</summary>
    /// <param name="before">The document before; null when there was none.</param>
    /// <param name="after">The document after; null when it was deleted.</param>
    /// <param name="whole">True: it must be read without the form before it.</param>
    public static byte[] Encode(byte[]? before, byte[]? after, bool whole)
    {
        if (after is null) return Encode(Deleted, "-", 0, 0, default);

        var digest = DocumentDigest.Of(after);
        if (before is null) return Encode(Created, digest, 0, 0, after);
        var prefix = before.AsSpan().CommonPrefixLength(after);
        var suffix = CommonSuffixLength(before.AsSpan(prefix), after.AsSpan(prefix));
        if (whole || prefix + suffix < after.Length / 2) return Encode(Whole, digest, 0, 0, after);
        return Encode(Changed, digest, prefix, suffix, after.AsSpan()[prefix..^suffix]);
    }

    /// <summary>Null for bytes that are no form.</summary>
    public static AuditForm? Parse(ReadOnlyMemory<byte> bytes)
    {
        var rest = bytes;
        if (NextWord(ref rest) is not [var kind] || NextWord(ref rest) is not { } digest || !TryNextNumber(ref rest, out var prefix) || !TryNextNumber(ref rest, out var suffix)) return null;
        return new AuditForm(kind, digest, prefix, suffix, rest);
    }

    /// <summary>The document; null when it was deleted, or when this is not the form that followed the given one.</summary>
    /// <param name="before">The document in the form before; not looked at when this one stands alone.</param>
    public byte[]? Decode(ReadOnlySpan<byte> before)
    {
        if (Kind == Deleted || (long)Prefix + Suffix > before.Length || Decompress(Middle) is not { } middle) return null;
        byte[] document = [.. before[..Prefix], .. middle, .. before[^Suffix..]];
        return DocumentDigest.Of(document) == Digest ? document : null;
    }

    private static byte[] Encode(char kind, string digest, int prefix, int suffix, ReadOnlySpan<byte> middle)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {digest} {prefix} {suffix} "));
        if (middle.IsEmpty) return head;
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(middle.Length)];
        if (!BrotliEncoder.TryCompress(middle, compressed, out var written, Quality, Window)) throw new InvalidOperationException("A document could not be compressed.");
        return [.. head, .. compressed.AsSpan(0, written)];
    }

    private static byte[]? Decompress(ReadOnlyMemory<byte> compressed)
    {
        if (compressed.IsEmpty) return [];
        try
        {
            using var input = new MemoryStream(compressed.ToArray());
            using var brotli = new BrotliStream(input, CompressionMode.Decompress);
            var output = new byte[DocumentJson.MaxDocumentBytes];
            var length = brotli.ReadAtLeast(output, output.Length, throwOnEndOfStream: false);
            return length < output.Length || brotli.ReadByte() < 0 ? output[..length] : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static int CommonSuffixLength(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var length = 0;
        while (length < one.Length && length < other.Length && one[^(length + 1)] == other[^(length + 1)]) length++;
        return length;
    }

    private static string? NextWord(ref ReadOnlyMemory<byte> rest)
    {
        var end = rest.Span.IndexOf((byte)' ');
        if (end < 0) return null;
        var word = Encoding.ASCII.GetString(rest.Span[..end]);
        rest = rest[(end + 1)..];
        return word;
    }

    private static bool TryNextNumber(ref ReadOnlyMemory<byte> rest, out int number)
    {
        number = 0;
        return NextWord(ref rest) is { } word && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
