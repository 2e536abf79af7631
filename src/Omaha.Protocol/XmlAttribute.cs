using System.Runtime.CompilerServices;

namespace Omaha.Protocol;

/// <summary>One attribute of the start tag under an <see cref="XmlCursor"/>; its value is normalised, with references resolved.</summary>
internal struct XmlAttribute
{
    public XmlName Name;
    public Utf8Range Value;

    /// <summary>An id of <see cref="XmlNamespaces"/>; <see cref="XmlNamespaces.None"/> for every attribute without a prefix.</summary>
    public int Namespace;

    /// <summary>Room for the attributes of one start tag, without a heap object.</summary>
    [InlineArray(RequestLimits.AttributesPerElement)]
    public struct Table
    {
        private XmlAttribute _first;
    }
}
