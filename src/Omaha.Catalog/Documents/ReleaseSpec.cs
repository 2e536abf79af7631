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
