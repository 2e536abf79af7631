using System.Text;

namespace Omaha.Catalog;

/// <summary>Some OEMs by the names that machines send, without regard to the case of A to Z and outer spaces.</summary>
internal sealed class OemList(List<string> oems)
{
    private const int MaxBytes = 128;

    private readonly byte[][] _oems = [.. oems.Select(Encoding.UTF8.GetBytes)];

    public bool Contains(ReadOnlySpan<byte> oem)
    {
        oem = oem.Trim((byte)' ');
        if (oem.Length > MaxBytes) return false;
        foreach (var known in _oems)
        {
            if (Ascii.EqualsIgnoreCase(known, oem) || known.AsSpan().SequenceEqual(oem)) return true;
        }

        return false;
    }
}
