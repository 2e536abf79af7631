using System.IO.Hashing;

namespace Omaha.Catalog;

/// <summary>
/// A node's place in the order in which a release is exposed: a number from 0 to below 1. A node is exposed when its bucket is below the
/// exposure.
/// </summary>
/// <remarks>
/// <para>
/// <c>(XXH3-64(UTF-8(node id) || 0x00 || 32 bytes of the release's digest) >> 11) / 2^53</c>, with the id trimmed and in lower case
/// (<see cref="NodeId"/>). Nothing is written down, and every server of every build agrees; each release has an order of its own. Three test
/// vectors, with the digest <c>v1:000102…1f</c>:
/// </para>
/// <code>
/// node id                                   XXH3-64             bucket
/// 00112233445566778899aabbccddeeff          103f8df0619f08b0    0.06346976393399129
/// {5b0e6a1e-7a7c-4b7e-9a61-2f6d1f3c4b53}    3e1fc7f6b6e47f84    0.24267244122792586
/// a, 250 times                              00aface9bdef0ad8    0.0026805945071225468
/// </code>
/// <para>The last one is long enough for the part of the hash that has a vectorised form.</para>
/// </remarks>
public static class Bucket
{
    /// <summary>The last place of all, which is also that of a node without an id: it waits until everybody is exposed.</summary>
    public const double Last = 1 - 1.0 / (1L << 53);

    /// <summary>The place of a node.</summary>
    /// <param name="node">Its id; one that is not usable takes the last place.</param>
    /// <param name="digest">The 32 bytes of the release's digest.</param>
    public static double Of(in NodeId node, ReadOnlySpan<byte> digest)
    {
        if (node.Source == NodeIdSource.None) return Last;
        Span<byte> buffer = stackalloc byte[NodeId.MaxBytes + 1 + 32];
        var length = node.WriteTo(buffer);
        buffer[length++] = 0;
        digest.CopyTo(buffer[length..]);
        return (XxHash3.HashToUInt64(buffer[..(length + digest.Length)]) >> 11) * (1.0 / (1L << 53));
    }
}
