using System.Security.Cryptography;
using Omaha.Catalog;

namespace Omaha.Cli;

/// <summary>The size and the hashes of a package, taken as its bytes come.</summary>
internal sealed class PackageHash : IDisposable
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);

    public long Size { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _sha256.AppendData(bytes);
        _sha1.AppendData(bytes);
        Size += bytes.Length;
    }

    /// <summary>Forgets what came.</summary>
    public void Restart()
    {
        _sha256.GetHashAndReset();
        _sha1.GetHashAndReset();
        Size = 0;
    }

    /// <summary>The package that these bytes are.</summary>
    public PackageSpec Describe(string name) => new()
    {
        Name = name,
        Size = Size,
        Sha256 = Convert.ToHexStringLower(_sha256.GetCurrentHash()),
        Sha1 = Convert.ToBase64String(_sha1.GetCurrentHash()),
    };

    public void Dispose()
    {
        _sha256.Dispose();
        _sha1.Dispose();
    }
}
