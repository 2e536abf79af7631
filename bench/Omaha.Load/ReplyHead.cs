using System.Buffers.Text;
using System.Text;

namespace Omaha.Load;

/// <summary>What has to be known of a reply's head: its status, where it ends and whether the connection does.</summary>
/// <param name="Status">Status code.</param>
/// <param name="HeadBytes">Bytes up to the body.</param>
/// <param name="TotalBytes">Bytes of head and body.</param>
/// <param name="Closes">Whether the server closes the connection.</param>
internal readonly record struct ReplyHead(int Status, int HeadBytes, int TotalBytes, bool Closes)
{
    /// <summary>Most bytes of a reply.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private const int MostHeadBytes = 64 * 1024;

    /// <summary>Whether the head has been read.</summary>
    public bool IsKnown => HeadBytes > 0;

    /// <summary>Reads a head as soon as it is there.</summary>
    /// <param name="received">What came so far.</param>
    /// <param name="head">The head; not known while it is incomplete.</param>
    /// <returns>What is wrong with it; null when it is right or incomplete.</returns>
    public static string? Read(ReadOnlySpan<byte> received, out ReplyHead head)
    {
        head = default;
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0) return received.Length < MostHeadBytes ? null : $"a reply's head is longer than {MostHeadBytes} bytes";

        var lines = received[..end];
        if (!lines.StartsWith("HTTP/1."u8) || lines.Length < 12 || !Utf8Parser.TryParse(lines[9..12], out int status, out var digits) || digits != 3) return $"a reply begins with \"{Start(lines)}\"";

        int? length = null;
        var closes = lines[7] == '0';
        for (var at = lines.IndexOf("\r\n"u8); at >= 0;)
        {
            lines = lines[(at + 2)..];
            at = lines.IndexOf("\r\n"u8);
            var line = at < 0 ? lines : lines[..at];
            if (Value(line, "content-length:"u8) is { IsEmpty: false } value)
            {
                if (!Utf8Parser.TryParse(value, out int bytes, out var used) || used != value.Length || bytes > MostBytes - MostHeadBytes) return $"a reply's length is \"{Start(value)}\"";
                length = bytes;
            }
            else if (Ascii.EqualsIgnoreCase(Value(line, "connection:"u8), "close"u8)) closes = true;
        }

        if (length is not { } body) return "a reply has no Content-Length";
        head = new ReplyHead(status, end + 4, end + 4 + body, closes);
        return null;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> lowerName) =>
        line.Length > lowerName.Length && Ascii.EqualsIgnoreCase(line[..lowerName.Length], lowerName) ? line[lowerName.Length..].Trim((byte)' ') : default;

    /// <summary>The first letters of something that came from the network, fit for a terminal.</summary>
    public static string Start(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 100)]);
        return string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter));
    }
}
