using System.Globalization;
using System.Text;
using Omaha.Catalog;

namespace Omaha.Redis;

/// <summary>An entry of the audit as it is stored: number, head of the catalogue after it, and the JSON of the rest, with a space between.</summary>
/// <remarks>Number and head are added by the script that makes the change, since only the store knows them.</remarks>
internal static class AuditLine
{
    /// <summary>Null for bytes that are no entry.</summary>
    public static AuditEntry? Parse(ReadOnlySpan<byte> line)
    {
        if (!TryNumber(line, out var number, out var rest)) return null;
        var space = rest.IndexOf((byte)' ');
        if (space < 0) return null;
        var head = HeadOf(line);
        return AuditJson.Read(rest[(space + 1)..]) is { } entry ? entry with { Number = number, Epoch = head.IsNone ? null : head.Epoch, Revision = head.Revision } : null;
    }

    /// <summary>Head of the catalogue after the entry; none when the store never had one, or for bytes that are no entry.</summary>
    public static StoreVersion HeadOf(ReadOnlySpan<byte> line)
    {
        if (!TryNumber(line, out _, out var rest) || rest.IndexOf((byte)' ') is not (>= 0 and var space)) return StoreVersion.None;
        return StoreVersion.TryParse(Encoding.UTF8.GetString(rest[..space]), out var version) ? version : StoreVersion.None;
    }

    /// <summary>The same entry under another number and head.</summary>
    public static byte[] Renumber(ReadOnlySpan<byte> line, long number, StoreVersion head)
    {
        TryNumber(line, out _, out var rest);
        return [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} {head} ")), .. rest[(rest.IndexOf((byte)' ') + 1)..]];
    }

    /// <summary>Takes the number off the beginning of a member of one of the audit's sorted sets.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> member, out long number, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        var space = member.IndexOf((byte)' ');
        if (space < 0 || !long.TryParse(member[..space], NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            number = 0;
            return false;
        }

        rest = member[(space + 1)..];
        return true;
    }
}
