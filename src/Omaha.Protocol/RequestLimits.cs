namespace Omaha.Protocol;

/// <summary>What one request may hold. Beyond any of these the whole request is refused, so that no input can cost more than a bounded time.</summary>
public static class RequestLimits
{
    /// <summary>Body size in bytes (64 KiB): thirty Chromium components need about 12 KiB.</summary>
    public const int BodyBytes = 64 * 1024;

    /// <summary>Apps in one request.</summary>
    public const int Apps = 64;

    /// <summary>Events in one app.</summary>
    public const int EventsPerApp = 128;

    /// <summary>Data elements in one app; clients send at most two (install, untrusted).</summary>
    public const int DataPerApp = 16;

    /// <summary>Nesting of elements; the protocol needs five.</summary>
    public const int Depth = 16;

    /// <summary>Attributes of one element, namespace declarations included.</summary>
    public const int AttributesPerElement = 64;

    /// <summary>Bytes of one attribute value as sent, before references are resolved. The longest legal value is a cohort of 1 024 characters.</summary>
    public const int ValueBytes = 8 * 1024;

    /// <summary>Elements, comments, processing instructions and text runs in one document.</summary>
    public const int Nodes = 4096;

    /// <summary>Namespace prefixes declared on the path from the root to any element.</summary>
    public const int NamespaceDeclarations = 32;

    /// <summary>Bytes of an app id; a longer one is answered with <c>error-invalidAppId</c> and not echoed.</summary>
    public const int AppIdBytes = 256;
}
