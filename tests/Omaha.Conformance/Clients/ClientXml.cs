using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Omaha.Conformance.Clients;

/// <summary>Documents as the XML libraries of clients read them: any encoding, and a DTD does no harm.</summary>
internal static class ClientXml
{
    /// <summary>The document, or null when the bytes are not well-formed.</summary>
    public static XDocument? Load(byte[] bytes)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null, MaxCharactersFromEntities = 4096 });
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    public static XDocument LoadOrReject(byte[] bytes) => Load(bytes) ?? throw new RejectedReplyException("well-formed XML");

    /// <summary>An attribute's value, empty when there is none.</summary>
    public static string Value(this XElement element, string name) => (string?)element.Attribute(name) ?? "";

    /// <summary>Child elements by local name, in whatever namespace.</summary>
    public static IEnumerable<XElement> Named(this XElement element, string name) => element.Elements().Where(child => child.Name.LocalName == name);

    /// <summary>A whole decimal number of 32 bits.</summary>
    public static bool IsInt32(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    /// <summary>Base64 of a digest of that many bytes.</summary>
    public static bool IsBase64(string text, int bytes)
    {
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out var written) && written == bytes;
    }

    public static bool IsHexSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);

    public static bool IsAbsoluteUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0;
}
