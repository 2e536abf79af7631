using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog;

/// <summary>The normalised form of an id that somebody typed.</summary>
public static class AppKey
{
    /// <summary>Null for a text that is no app id, or whose normalised form would itself be read as another id (<c>{{a}}</c>).</summary>
    public static string? Of(string id) => Normalize(id) is { } key && Normalize(key) == key ? key : null;

    private static string? Normalize(string id)
    {
        Span<byte> key = stackalloc byte[RequestLimits.AppIdBytes];
        return AppIds.TryNormalize(Encoding.UTF8.GetBytes(id), key, out var written) ? Encoding.UTF8.GetString(key[..written]) : null;
    }
}
