using System.Globalization;

namespace Omaha.Catalog;

/// <summary>The limit that keeps one app from slowing every replica's load.</summary>
internal static class DocumentSize
{
    public static Fault? Check(AppDocument document)
    {
        var size = DocumentJson.Write(document).Length;
        return size <= DocumentJson.MaxDocumentBytes ? null : new Fault("", string.Create(
            CultureInfo.InvariantCulture,
            $"the document has {size} bytes; at most {DocumentJson.MaxDocumentBytes} are allowed for one app, so remove releases that no channel ever offered"));
    }
}
