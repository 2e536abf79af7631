using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>Whether a Content-Type can be XML. Clients send text/xml, application/xml, form-urlencoded (curl, urllib) or nothing at all, so only what is surely something else is refused; what charset says is for the document to say.</summary>
internal static class RequestMediaType
{
    private static readonly string[] OtherMedia = ["image/", "audio/", "video/", "font/", "multipart/", "application/zip", "application/gzip", "application/pdf"];

    public static Refusal Judge(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType) || contentType.StartsWith("text/xml", StringComparison.OrdinalIgnoreCase)) return Refusal.None;

        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        if (end >= 0) type = type[..end];
        type = type.Trim();
        if (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)) return Refusal.JsonBody;
        foreach (var other in OtherMedia)
        {
            if (type.StartsWith(other, StringComparison.OrdinalIgnoreCase)) return Refusal.UnsupportedMediaType;
        }

        return Refusal.None;
    }
}
