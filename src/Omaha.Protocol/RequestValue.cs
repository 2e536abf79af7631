using System.Buffers.Text;
using System.Text;

namespace Omaha.Protocol;

/// <summary>Reads the values of attributes leniently: no client is refused for a spelling of its own.</summary>
internal static class RequestValue
{
    private const int CohortCharacters = 1024;

    /// <summary>true, 1 and yes in any case; everything else is false.</summary>
    public static bool IsTrue(ReadOnlySpan<byte> value)
    {
        value = Trim(value);
        return value.Length switch
        {
            1 => value[0] == '1',
            3 => Ascii.EqualsIgnoreCase(value, "yes"u8),
            4 => Ascii.EqualsIgnoreCase(value, "true"u8),
            _ => false,
        };
    }

    /// <summary>A number, <paramref name="missing"/> for an empty value, <see cref="RequestedEvent.Unknown"/> for what is no number or too large.</summary>
    public static int Integer(ReadOnlySpan<byte> value, int missing = RequestedEvent.Unknown)
    {
        value = Trim(value);
        if (value.IsEmpty) return missing;
        return Utf8Parser.TryParse(value, out int number, out var length) && length == value.Length ? number : RequestedEvent.Unknown;
    }

    /// <inheritdoc cref="Integer"/>
    public static long LongInteger(ReadOnlySpan<byte> value)
    {
        value = Trim(value);
        return Utf8Parser.TryParse(value, out long number, out var length) && length == value.Length ? number : RequestedEvent.Unknown;
    }

    /// <summary>Whether a cohort keeps to what the specification allows, up to 1 024 printable ASCII characters; others count as not sent.</summary>
    public static bool IsCohort(ReadOnlySpan<byte> value) =>
        value.Length <= CohortCharacters && !value.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) =>
        value.Length > 0 && (value[0] <= ' ' || value[^1] <= ' ') ? value[Ascii.Trim(value)] : value;
}
