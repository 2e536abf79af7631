using System.Runtime.CompilerServices;

namespace Omaha.Protocol;

/// <summary>What follows the hyphen of a version, ordered as Semantic Versioning 2.0 orders it (clause 11.4). The first 32 bytes count.</summary>
internal struct PreRelease
{
    private const int Maximum = 32;

    private Table _bytes;
    private byte _length;

    public PreRelease(ReadOnlySpan<byte> suffix)
    {
        suffix = suffix[..Math.Min(suffix.Length, Maximum)];
        suffix.CopyTo(_bytes);
        _length = (byte)suffix.Length;
    }

    /// <summary>A release proper, higher than all its pre-releases.</summary>
    public readonly bool IsNone => _length == 0;

    public readonly int CompareTo(in PreRelease other)
    {
        if (IsNone || other.IsNone) return IsNone.CompareTo(other.IsNone);

        ReadOnlySpan<byte> mine = _bytes[.._length];
        ReadOnlySpan<byte> theirs = other._bytes[..other._length];
        while (true)
        {
            var order = CompareIdentifiers(Next(ref mine, out var mineEnds), Next(ref theirs, out var theirsEnd));
            if (order != 0) return order;
            if (mineEnds || theirsEnd) return theirsEnd.CompareTo(mineEnds);
        }
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest, out bool isLast)
    {
        var dot = rest.IndexOf((byte)'.');
        isLast = dot < 0;
        var identifier = isLast ? rest : rest[..dot];
        rest = isLast ? default : rest[(dot + 1)..];
        return identifier;
    }

    private static int CompareIdentifiers(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var leftIsNumber = IsNumber(left);
        var rightIsNumber = IsNumber(right);
        if (leftIsNumber != rightIsNumber) return rightIsNumber.CompareTo(leftIsNumber);
        if (!leftIsNumber) return left.SequenceCompareTo(right);

        // Numbers of any size: without leading zeros the longer one is larger.
        left = left.TrimStart((byte)'0');
        right = right.TrimStart((byte)'0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }

    private static bool IsNumber(ReadOnlySpan<byte> identifier) =>
        !identifier.IsEmpty && !identifier.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    [InlineArray(Maximum)]
    private struct Table
    {
        private byte _first;
    }
}
