using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Omaha.Load;

/// <summary>The apps that <c>seed</c> writes and <c>{appid}</c> asks for. They are numbered from 0, and the number is the last part of the id.</summary>
internal static class SeededApps
{
    /// <summary>Most apps that can be written or asked for.</summary>
    public const int Most = 10_000_000;

    /// <summary>Letters in an id, braces included.</summary>
    public const int IdLength = 38;

    /// <summary>The version that every one of them offers.</summary>
    public const string Version = "2.0.0";

    private static ReadOnlySpan<byte> Start => "{0a0a0a0a-0000-4000-8000-"u8;

    public static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"{{0a0a0a0a-0000-4000-8000-{number:x12}}}");

    /// <summary>Writes an id of <see cref="IdLength"/> bytes.</summary>
    public static void WriteId(int number, Span<byte> place)
    {
        Start.CopyTo(place);
        Utf8Formatter.TryFormat(number, place[Start.Length..], out _, new StandardFormat('x', 12));
        place[IdLength - 1] = (byte)'}';
    }
}
