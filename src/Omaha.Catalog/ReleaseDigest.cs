using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Omaha.Catalog;

/// <summary>
/// The seal of a release's content: <c>v1:</c> and the SHA-256, in lower-case hexadecimal, over target, version, packages, actions and gates.
/// </summary>
/// <remarks>
/// Codebase URLs are left out, since a release may be moved to other mirrors. Every value is preceded by its length, and lists by their
/// count, so that no two contents share an encoding. What is absent is encoded as absent, so a later kind of content does not change the
/// digests of releases without it.
/// </remarks>
public static class ReleaseDigest
{
    private const string Prefix = "v1:";

    /// <summary>The digest of a release that passed the validator.</summary>
    public static string Of(ReleaseSpec release)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Text(hash, "release");
        Text(hash, Target.Parse(release.TargetText).ToString());
        Text(hash, release.Version);

        var packages = release.Packages ?? [];
        Number(hash, packages.Count);
        for (var i = 0; i < packages.Count; i++)
        {
            var package = packages[i];
            Text(hash, package.Name);
            Number(hash, package.Size);
            Text(hash, package.Sha256?.ToLowerInvariant());
            Text(hash, package.Sha1);
            Number(hash, package.Required ?? i == 0 ? 1 : 0);
            Number(hash, package.MetadataSize ?? -1);
            Text(hash, package.MetadataSignature);
            Number(hash, package.Delta ? 1 : 0);
        }

        var actions = release.Actions ?? [];
        Number(hash, actions.Count);
        foreach (var action in actions)
        {
            Text(hash, action.Event);
            Text(hash, action.Run);
            Text(hash, action.Arguments);
            Text(hash, action.OnSuccess);
            Text(hash, action.SuccessUrl);
            Number(hash, action.TerminateAllBrowsers switch { null => -1, false => 0, true => 1 });
        }

        if (release.Gates is { } gates)
        {
            Text(hash, "gates");
            Number(hash, gates.MinMemory ?? -1);
            List(hash, gates.Cpu);
            Text(hash, gates.MinOsVersion);
            List(hash, gates.Oems);
        }

        Extra(hash, "prodversionmin", release.ProdVersionMin);
        Extra(hash, "format", release.Format);
        Extra(hash, "firmware", release.FirmwareVersion);
        Extra(hash, "kernel", release.KernelVersion);
        return Prefix + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether a text has the form of a digest.</summary>
    public static bool IsWellFormed(string? text) =>
        text is { Length: 3 + 64 } && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(3).IndexOfAnyExcept(LowerHex) < 0;

    /// <summary>The 32 bytes of a well-formed digest.</summary>
    public static byte[] BytesOf(string digest) => Convert.FromHexString(digest.AsSpan(Prefix.Length));

    /// <summary>The digest with those 32 bytes.</summary>
    public static string TextOf(ReadOnlySpan<byte> bytes) => Prefix + Convert.ToHexStringLower(bytes);

    private static readonly System.Buffers.SearchValues<char> LowerHex = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary>Content that came later than the first digests: absent, it leaves no trace in them.</summary>
    private static void Extra(IncrementalHash hash, string name, string? value)
    {
        if (value is null) return;
        Text(hash, name);
        Text(hash, value);
    }

    private static void List(IncrementalHash hash, List<string>? values)
    {
        Number(hash, values?.Count ?? -1);
        foreach (var value in values ?? []) Text(hash, value);
    }

    private static void Text(IncrementalHash hash, string? text)
    {
        var bytes = Encoding.UTF8.GetBytes(text ?? "");
        Number(hash, text is null ? -1 : bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Number(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
