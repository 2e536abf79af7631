namespace Omaha.Protocol;

/// <summary>The dialects a request can be in. A reply always repeats the version of its request: Chromium compares them exactly.</summary>
public enum ProtocolVersion
{
    /// <summary>XML, <c>protocol="3.0"</c>.</summary>
    Xml30,

    /// <summary>XML, <c>protocol="3.1"</c>.</summary>
    Xml31,
}
