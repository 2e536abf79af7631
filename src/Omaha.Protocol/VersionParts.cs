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
        var count = 0;
        var digits = 0;
        var number = 0UL;
        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit <= 9)
            {
                number = number > (ulong.MaxValue - digit) / 10 ? ulong.MaxValue : (number * 10) + digit;
                digits++;
                continue;
            }

            // A dot ends a number, and another one follows.
            if (character != '.' || digits == 0 || count == Maximum - 1) return Fail(out parts);
            parts._parts[count++] = number;
            (number, digits) = (0, 0);
        }

        if (digits == 0) return Fail(out parts);
        parts._parts[count++] = number;
        parts.Count = count;
        return true;
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

    private static bool Fail(out VersionParts parts)
    {
        parts = default;
        return false;
    }

    [InlineArray(Maximum)]
    private struct Table
    {
        private ulong _first;
    }
}
