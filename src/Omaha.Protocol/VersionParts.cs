using System.Runtime.CompilerServices;

namespace Omaha.Protocol;

/// <summary>The numbers of a dotted version. Parts that were not given are 0, so that 1.2 and 1.2.0 are the same tuple.</summary>
internal struct VersionParts
{
    public const int Maximum = 8;

    private Table _parts;

    /// <summary>How many parts were given, 1 to 8; 0 when there is no version.</summary>
    public int Count { get; private set; }

    public readonly ulong this[int index] => _parts[index];

    /// <summary>Takes 1 to 8 groups of ASCII digits with a dot between each two and nothing else. A number too large counts as the largest.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out VersionParts parts)
    {
        parts = default;
        while (true)
        {
            var dot = text.IndexOf((byte)'.');
            var digits = dot < 0 ? text : text[..dot];
            if (digits.IsEmpty || parts.Count == Maximum || !TryParseNumber(digits, out parts._parts[parts.Count])) break;

            parts.Count++;
            if (dot < 0) return true;
            text = text[(dot + 1)..];
        }

        parts = default;
        return false;
    }

    public readonly int CompareTo(in VersionParts other)
    {
        for (var i = 0; i < Maximum; i++)
        {
            var order = _parts[i].CompareTo(other._parts[i]);
            if (order != 0) return order;
        }

        return 0;
    }

    /// <summary>Whether the first <paramref name="count"/> numbers are the same.</summary>
    public readonly bool AgreesWith(in VersionParts other, int count)
    {
        ReadOnlySpan<ulong> mine = _parts;
        ReadOnlySpan<ulong> theirs = other._parts;
        return mine[..count].SequenceEqual(theirs[..count]);
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> digits, out ulong number)
    {
        number = 0;
        foreach (var character in digits)
        {
            var digit = (uint)(character - '0');
            if (digit > 9) return false;
            number = number > (ulong.MaxValue - digit) / 10 ? ulong.MaxValue : (number * 10) + digit;
        }

        return true;
    }

    [InlineArray(Maximum)]
    private struct Table
    {
        private ulong _first;
    }
}
