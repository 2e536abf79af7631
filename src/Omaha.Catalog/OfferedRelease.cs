using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>A release as the hot path needs it: its version to compare, its conditions, and its manifest as bytes, shared by every channel that offers it.</summary>
/// <remarks>Of the document only the bytes that go out are kept: a million releases as objects and texts would take twice the memory of all the rest.</remarks>
public sealed class OfferedRelease
{
    private readonly DottedVersion _version;
    private readonly DigestTable _digest;
    private readonly ulong _codebases;
    private readonly byte[] _manifest;
    private readonly Particulars? _particulars;

    /// <summary>Renders a release.</summary>
    /// <param name="spec">As it is declared.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="keepsSpec">Manifests of several releases may have to be rendered from it, see <see cref="FloorLadder"/>.</param>
    internal OfferedRelease(ReleaseSpec spec, string digest, bool keepsSpec)
    {
        VersionText = spec.Version!;
        _version = DottedVersion.Parse(Encoding.UTF8.GetBytes(VersionText));
        ReleaseDigest.BytesOf(digest).CopyTo((Span<byte>)_digest);
        _codebases = HashOf(spec.Codebases);
        _manifest = ManifestXml.Render(spec, ManifestForm.Common);
        _particulars = Particulars.Of(spec, keepsSpec);
        HasHash = spec.Packages!.TrueForAll(static package => package.Sha256 is not null);
        IsLarge = spec.Packages!.Exists(static package => package.Size > int.MaxValue);
        IsDelta = spec.Packages is [{ Delta: true }, ..];
    }

    /// <summary>Identity of the content.</summary>
    public string Digest => ReleaseDigest.TextOf(_digest);

    public ref readonly DottedVersion Version => ref _version;

    /// <summary>The version as it is declared.</summary>
    public string VersionText { get; }

    /// <summary>The declaration, where it is still needed.</summary>
    internal ReleaseSpec? Spec => _particulars?.Spec;

    /// <summary>The 32 bytes of the digest, which go into the order in which nodes get the release.</summary>
    internal ReadOnlySpan<byte> DigestBytes => _digest;

    /// <summary>Whether the SHA-256 of every package is known: update_engine rejects an offer without that of the first, ChromeOS without any of them.</summary>
    public bool HasHash { get; }

    /// <summary>What ChromeOS compares before it goes back to this release, rendered as attributes.</summary>
    public ReadOnlySpan<byte> RollbackKeysXml => _particulars is null ? default : _particulars.RollbackKeys;

    /// <summary>Whether a package has more than 2 147 483 647 bytes, which some clients cannot read.</summary>
    internal bool IsLarge { get; }

    /// <summary>Whether the main payload is a delta.</summary>
    internal bool IsDelta { get; }

    /// <summary>What stands inside <c>updatecheck</c>.</summary>
    public ReadOnlySpan<byte> ManifestFor(ManifestForm form) => _particulars is null ? _manifest : _particulars.ManifestFor(form) ?? _manifest;

    /// <summary><see cref="Decision.Offered"/> when this client on this machine can take the release, else why it cannot.</summary>
    internal Decision Judge(UpdateRequest request, in RequestedApp asked, ClientKind client)
    {
        if (_particulars is not null && _particulars.Judge(request, asked) is not Decision.Offered and var excluded) return excluded;
        if (IsLarge && client is ClientKind.GoogleUpdate or ClientKind.Chromium) return Decision.TooLargeForClient;
        if (IsDelta && (!asked.DeltaOkay || request.IsRecovery) && client is ClientKind.UpdateEngine or ClientKind.ChromeOs) return Decision.FormatNotAccepted;
        return HasHash ? Decision.Offered : Decision.MissingHash;
    }

    /// <summary>Whether a release of another document is this one, so that this can stay in its place.</summary>
    internal bool IsSame(ReleaseSpec spec, ReadOnlySpan<byte> digest, bool keepsSpec) =>
        digest.SequenceEqual(_digest) && _codebases == HashOf(spec.Codebases) && (Spec is not null || !keepsSpec);

    private static ulong HashOf(List<string>? codebases) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(string.Join('\n', codebases ?? [])));

    [InlineArray(32)]
    private struct DigestTable
    {
        private byte _first;
    }

    /// <summary>What only few releases have, apart, so that the others need no room for it.</summary>
    private sealed class Particulars
    {
        private readonly ReleaseGates? _gates;
        private readonly byte[]? _format;

        /// <summary>The manifest in each form in which it is another one.</summary>
        private readonly byte[]?[] _manifests = new byte[]?[(int)(ManifestForm.SingleAction | ManifestForm.CacheableFirst) + 1];

        private Particulars(ReleaseSpec spec, ManifestForm forms, bool keepsSpec)
        {
            Spec = keepsSpec ? spec : null;
            _gates = spec.Gates is { } gates ? new ReleaseGates(gates) : null;
            _format = spec.Format is { } format ? Encoding.UTF8.GetBytes(format) : null;
            RollbackKeys = XmlReplyWriter.RenderRollbackKeys(spec.FirmwareVersion, spec.KernelVersion);
            for (var form = 1; form < _manifests.Length; form++)
            {
                var own = (ManifestForm)form & forms;
                _manifests[form] = own == ManifestForm.Common ? null : _manifests[(int)own] ?? ManifestXml.Render(spec, own);
            }
        }

        public ReleaseSpec? Spec { get; }

        public byte[] RollbackKeys { get; }

        public static Particulars? Of(ReleaseSpec spec, bool keepsSpec)
        {
            var forms = ManifestXml.FormsOf(spec);
            var isPlain = spec is { Gates: null, Format: null, FirmwareVersion: null, KernelVersion: null } && forms == ManifestForm.Common && !keepsSpec;
            return isPlain ? null : new Particulars(spec, forms, keepsSpec);
        }

        public byte[]? ManifestFor(ManifestForm form) => _manifests[(int)form];

        public Decision Judge(UpdateRequest request, in RequestedApp asked)
        {
            if (_gates is not null && _gates.Judge(request, asked) is not Decision.Offered and var gated) return gated;
            return _format is null || Accepts(request[request.AcceptFormat]) ? Decision.Offered : Decision.FormatNotAccepted;
        }

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
}
