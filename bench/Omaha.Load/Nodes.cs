using System.Buffers;
using System.Buffers.Text;

namespace Omaha.Load;

/// <summary>The machines that are played, numbered from 0, each with an id of its own.</summary>
internal static class Nodes
{
    public const int Most = 100_000_000;

    /// <summary>Letters in an id: it looks like systemd's machine-id.</summary>
    public const int IdLength = 32;

    /// <summary>Writes an id of <see cref="IdLength"/> bytes. Mixing is one to one, so no two nodes share an id; the same node has the same id in every run.</summary>
    public static void WriteId(long node, Span<byte> place)
    {
        Utf8Formatter.TryFormat(Mixed((ulong)node), place, out _, new StandardFormat('x', 16));
        Utf8Formatter.TryFormat(Mixed(~(ulong)node), place[16..], out _, new StandardFormat('x', 16));
    }

    // The last step of the SplitMix64 generator.
    private static ulong Mixed(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
