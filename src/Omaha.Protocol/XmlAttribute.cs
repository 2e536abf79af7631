namespace Omaha.Protocol;

/// <summary>One attribute of the start tag under an <see cref="XmlCursor"/>; its value is normalised, with references resolved.</summary>
internal struct XmlAttribute
{
    public XmlName Name;
    public Utf8Range Value;

    /// <summary>An id of <see cref="XmlNamespaces"/>; <see cref="XmlNamespaces.None"/> for every attribute without a prefix.</summary>
    public int Namespace;
}
