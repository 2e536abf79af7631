namespace Omaha.Protocol;

/// <summary>One data element of an app: a request for install data, or untrusted data to be acknowledged.</summary>
public struct RequestedData
{
    /// <summary><c>install</c> or <c>untrusted</c>.</summary>
    public Utf8Range Name { get; internal set; }

    /// <summary>Which install data is wanted.</summary>
    public Utf8Range Index { get; internal set; }

    /// <summary>The text inside, with references resolved and CDATA unwrapped.</summary>
    public Utf8Range Text { get; internal set; }
}
