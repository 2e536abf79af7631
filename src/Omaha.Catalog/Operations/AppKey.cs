using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>The normalised form of an id that somebody typed.</summary>
public static class AppKey
{
    /// <summary>Null for a text that is no app id at all.</summary>
    public static string? Of(string id)
    {
        var bytes = Encoding.UTF8.GetBytes(id);
        Span<byte> key = stackalloc byte[RequestLimits.AppIdBytes];
        return AppIds.TryNormalize(bytes, key, out var written) ? Encoding.UTF8.GetString(key[..written]) : null;
    }
}
