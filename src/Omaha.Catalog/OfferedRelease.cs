using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>A release as the hot path needs it: its version to compare, its conditions, and its manifest as bytes, shared by every channel that offers it.</summary>
public sealed class OfferedRelease
{
    private readonly DottedVersion _version;
    private readonly ReleaseGates? _gates;
    private readonly byte[]? _format;
    private readonly ManifestForm _forms;
    private readonly byte[] _rollbackKeys;
    private byte[]? _common;
    private byte[]?[]? _others;

    internal OfferedRelease(ReleaseSpec spec, string digest)
    {
        Spec = spec;
        _gates = spec.Gates is { } gates ? new ReleaseGates(gates) : null;
        _format = spec.Format is { } format ? Encoding.UTF8.GetBytes(format) : null;
        _forms = ManifestXml.FormsOf(spec);
        Digest = digest;
        DigestBytes = ReleaseDigest.BytesOf(digest);
        _version = DottedVersion.Parse(Encoding.UTF8.GetBytes(spec.Version!));
        HasHash = spec.Packages!.TrueForAll(static package => package.Sha256 is not null);
        IsLarge = spec.Packages!.Exists(static package => package.Size > int.MaxValue);
        IsDelta = spec.Packages is [{ Delta: true }, ..];
        _rollbackKeys = XmlReplyWriter.RenderRollbackKeys(spec.FirmwareVersion, spec.KernelVersion);
    }

    /// <summary>Identity of the content.</summary>
    public string Digest { get; }

    public ref readonly DottedVersion Version => ref _version;

    internal ReleaseSpec Spec { get; }

    /// <summary>The 32 bytes of the digest, which go into the order in which nodes get the release.</summary>
    internal byte[] DigestBytes { get; }

    /// <summary>Whether the SHA-256 of every package is known: update_engine rejects an offer without that of the first, ChromeOS without any of them.</summary>
    public bool HasHash { get; }

    /// <summary>What ChromeOS compares before it goes back to this release, rendered as attributes.</summary>
    public ReadOnlySpan<byte> RollbackKeysXml => _rollbackKeys;

    /// <summary>Whether a package has more than 2 147 483 647 bytes, which some clients cannot read.</summary>
    internal bool IsLarge { get; }

    /// <summary>Whether the main payload is a delta.</summary>
    internal bool IsDelta { get; }

    /// <summary>What stands inside <c>updatecheck</c>, rendered once in each form that is asked for. Two threads may both render it; either result is the same.</summary>
    public ReadOnlySpan<byte> ManifestFor(ManifestForm form)
    {
        form &= _forms;
        if (form == ManifestForm.Common) return _common ??= ManifestXml.Render(Spec, form);
        var others = _others ??= new byte[]?[(int)(ManifestForm.SingleAction | ManifestForm.CacheableFirst) + 1];
        return others[(int)form] ??= ManifestXml.Render(Spec, form);
    }

    /// <summary><see cref="Decision.Offered"/> when this client on this machine can take the release, else why it cannot.</summary>
    internal Decision Judge(UpdateRequest request, in RequestedApp asked, ClientKind client)
    {
        if (_gates is not null && _gates.Judge(request, asked) is not Decision.Offered and var gated) return gated;
        if (_format is not null && !Accepts(request[request.AcceptFormat])) return Decision.FormatNotAccepted;
        if (IsLarge && client is ClientKind.GoogleUpdate or ClientKind.Chromium) return Decision.TooLargeForClient;
        if (IsDelta && (!asked.DeltaOkay || request.IsRecovery) && client is ClientKind.UpdateEngine or ClientKind.ChromeOs) return Decision.FormatNotAccepted;
        return HasHash ? Decision.Offered : Decision.MissingHash;
    }

    /// <summary>Whether a release of another document is this one, so that its rendered bytes can be kept.</summary>
    internal bool IsSame(ReleaseSpec spec, string digest) =>
        Digest == digest && (Spec.Codebases ?? []).SequenceEqual(spec.Codebases ?? []);

    /// <summary>Whether a list such as <c>crx2,crx3</c> names the format; a client that sends none takes all.</summary>
    private bool Accepts(ReadOnlySpan<byte> list)
    {
        if (list.IsEmpty) return true;
        while (true)
        {
            var comma = list.IndexOf((byte)',');
            if (Ascii.EqualsIgnoreCase((comma < 0 ? list : list[..comma]).Trim((byte)' '), _format)) return true;
            if (comma < 0) return false;
            list = list[(comma + 1)..];
        }
    }
}
