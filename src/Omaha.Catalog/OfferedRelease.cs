using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>A release as the hot path needs it: its version to compare and its manifest as bytes, shared by every channel that offers it.</summary>
public sealed class OfferedRelease
{
    private readonly ReleaseSpec _spec;
    private byte[]? _manifestXml;

    internal OfferedRelease(ReleaseSpec spec, string digest)
    {
        _spec = spec;
        Digest = digest;
        Version = DottedVersion.Parse(Encoding.UTF8.GetBytes(spec.Version!));
        HasHash = spec.Packages is [{ Sha256: not null }, ..];
    }

    /// <summary>Identity of the content.</summary>
    public string Digest { get; }

    public DottedVersion Version { get; }

    /// <summary>Whether the main payload's SHA-256 is known; update_engine rejects an offer without it.</summary>
    public bool HasHash { get; }

    /// <summary>What stands inside <c>updatecheck</c>, rendered once, on first use. Two threads may both render it; either result is the same.</summary>
    public ReadOnlySpan<byte> ManifestXml => _manifestXml ??= Catalog.ManifestXml.Render(_spec);

    /// <summary>Whether a release of another document is this one, so that its rendered bytes can be kept.</summary>
    internal bool IsSame(ReleaseSpec spec, string digest) =>
        Digest == digest && (_spec.Codebases ?? []).SequenceEqual(spec.Codebases ?? []);
}
