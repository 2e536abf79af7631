namespace Omaha.Protocol;

/// <summary>What an <see cref="XmlCursor"/> stands on.</summary>
internal enum XmlNode
{
    None,
    StartElement,
    EndElement,
    Text,
}
