namespace Omaha.Catalog;

/// <summary>One release: immutable, identified by app, version and target, sealed by its digest.</summary>
public sealed class ReleaseSpec : DocumentNode
{
    /// <summary>Dotted version, one to eight numbers, e.g. <c>4081.3.1</c>.</summary>
    public string? Version { get; set; }

    /// <summary><c>platform/arch</c>, <c>any</c> as wildcard. Default: <c>any/any</c>.</summary>
    public string? Target { get; set; }

    /// <summary>The target as a text, with the default in its place.</summary>
    internal string TargetText => Target ?? "any/any";

    /// <summary>Absolute URLs of the folder that holds the packages, each ending with a slash, in order of preference. Not part of the digest: they may move.</summary>
    public List<string>? Codebases { get; set; }

    /// <summary>The files; the main payload is the first.</summary>
    public List<PackageSpec>? Packages { get; set; }

    /// <summary>What the client runs. Default: one postinstall action, which every update_engine needs.</summary>
    public List<ActionSpec>? Actions { get; set; }

    /// <summary>Machines that the release must not be offered to. Part of the digest.</summary>
    public GatesSpec? Gates { get; set; }

    /// <summary>Lowest browser version that takes the release (Chromium's <c>prodversionmin</c>, which the client checks itself).</summary>
    public string? ProdVersionMin { get; set; }

    /// <summary>Format of the packages, e.g. <c>crx3</c>: clients that list the formats they take (<c>acceptformat</c>) get it only if they list this one.</summary>
    public string? Format { get; set; }

    /// <summary>Key versions of firmware and kernel, e.g. <c>1.1</c>, which ChromeOS checks before it goes back to a lower version.</summary>
    public string? FirmwareVersion { get; set; }

    /// <inheritdoc cref="FirmwareVersion"/>
    public string? KernelVersion { get; set; }
}

/// <summary>What a machine must have for a release. A machine that does not tell passes: only what is known to be missing excludes it.</summary>
public sealed class GatesSpec : DocumentNode
{
    /// <summary>Memory in GiB, 1 to 1024.</summary>
    public int? MinMemory { get; set; }

    /// <summary>CPU features: <c>sse2</c>, <c>sse3</c>, <c>avx</c>.</summary>
    public List<string>? Cpu { get; set; }

    /// <summary>Lowest version of the operating system, as a dotted version; a system whose version is no dotted version passes.</summary>
    public string? MinOsVersion { get; set; }

    /// <summary>The only OEMs that get the release, without regard to case; <c>""</c> stands for machines without one.</summary>
    public List<string>? Oems { get; set; }
}

/// <summary>One file of a release.</summary>
public sealed class PackageSpec : DocumentNode
{
    /// <summary>File name below the codebase: one path segment.</summary>
    public string? Name { get; set; }

    /// <summary>Size in bytes, above zero.</summary>
    public long Size { get; set; }

    /// <summary>SHA-256 of the file, 64 hexadecimal digits.</summary>
    public string? Sha256 { get; set; }

    /// <summary>SHA-1 of the file in base64 (20 bytes), which older clients check.</summary>
    public string? Sha1 { get; set; }

    /// <summary>Whether the client must have the file. Default: true for the first package, false for others.</summary>
    public bool? Required { get; set; }

    /// <summary>Size in bytes of the payload's metadata (ChromeOS).</summary>
    public long? MetadataSize { get; set; }

    /// <summary>Signature of the payload's metadata in base64 (ChromeOS).</summary>
    public string? MetadataSignature { get; set; }

    /// <summary>True for a delta payload.</summary>
    public bool Delta { get; set; }
}

/// <summary>One action of a release, e.g. the installer that Google Update runs.</summary>
public sealed class ActionSpec : DocumentNode
{
    /// <summary><c>preinstall</c>, <c>install</c>, <c>update</c> or <c>postinstall</c>.</summary>
    public string? Event { get; set; }

    /// <summary>Name of the package to run.</summary>
    public string? Run { get; set; }

    public string? Arguments { get; set; }

    /// <summary><c>default</c>, <c>exitsilently</c> or <c>exitsilentlyonlaunchcmd</c>.</summary>
    public string? OnSuccess { get; set; }

    public string? SuccessUrl { get; set; }

    public bool? TerminateAllBrowsers { get; set; }
}
