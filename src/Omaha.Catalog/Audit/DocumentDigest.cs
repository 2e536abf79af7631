using System.Security.Cryptography;

namespace Omaha.Catalog;

/// <summary>Tells two forms of a stored document apart, byte by byte: the first half of its SHA-256, in lower-case hexadecimal.</summary>
public static class DocumentDigest
{
    public static string Of(ReadOnlySpan<byte> document)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(document, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }
}
