namespace Omaha.Protocol;

/// <summary>Why a request as a whole is not answered. The names are the values of the metric tag <c>refusal</c>, so they are part of the public contract.</summary>
/// <remarks>A fault of one app is never a refusal: that app gets a status of its own and its neighbours their answers.</remarks>
public enum Refusal
{
    /// <summary>The request is answered.</summary>
    None,

    /// <summary>No bytes, or only white space.</summary>
    EmptyBody,

    /// <summary>More than <see cref="RequestLimits.BodyBytes"/>.</summary>
    BodyTooLarge,

    /// <summary>The body ended early, came too slowly, or the connection was lost.</summary>
    BodyIncomplete,

    /// <summary>Invalid UTF-8, UTF-16, or a declared encoding other than UTF-8 and US-ASCII.</summary>
    UnsupportedEncoding,

    /// <summary>Not well-formed XML 1.0.</summary>
    Malformed,

    /// <summary>A quote inside an attribute value was not escaped, as update_engine sends it when GROUP or an OEM value holds one.</summary>
    UnescapedQuote,

    /// <summary>A document type declaration, of any kind.</summary>
    DocumentType,

    /// <summary>The same attribute twice on one element.</summary>
    DuplicateAttribute,

    /// <summary>A namespace prefix that is not declared, or a declaration that namespaces forbid.</summary>
    BadNamespace,

    /// <summary>Well-formed XML whose root is not <c>request</c> in no namespace or the update2 request namespace.</summary>
    WrongRoot,

    /// <summary>A protocol version other than 3.x, or none.</summary>
    UnsupportedProtocol,

    /// <summary>Deeper than <see cref="RequestLimits.Depth"/>.</summary>
    TooDeep,

    /// <summary>More attributes on one element than <see cref="RequestLimits.AttributesPerElement"/>.</summary>
    TooManyAttributes,

    /// <summary>An attribute value or a name longer than <see cref="RequestLimits.ValueBytes"/>.</summary>
    ValueTooLong,

    /// <summary>More apps than <see cref="RequestLimits.Apps"/>.</summary>
    TooManyApps,

    /// <summary>More events in one app than <see cref="RequestLimits.EventsPerApp"/>.</summary>
    TooManyEvents,

    /// <summary>More nodes than <see cref="RequestLimits.Nodes"/>, or more data elements or namespace declarations than allowed.</summary>
    TooManyNodes,

    /// <summary>A content type or a content encoding that cannot be XML as it is.</summary>
    UnsupportedMediaType,

    /// <summary>A content type that says JSON; the JSON dialects are not served on this path.</summary>
    JsonBody,

    /// <summary>The server has only started and has no catalogue yet, so it cannot tell which apps exist.</summary>
    NoCatalog,

    /// <summary>The server is about to stop and has told its load balancer so for a while; another one answers.</summary>
    Stopping,
}
