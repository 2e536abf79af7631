using System.Security.Cryptography;

namespace Omaha.Standalone;

/// <summary>Checksums of the store's files, taken when the program ends and held against them when it starts again.</summary>
/// <remarks>
/// Garnet's log carries none: bytes that flipped inside a document are replayed as they are. The seal is broken before the store is opened,
/// since an open log changes; after a kill there is none, and the replay alone has to tell. <c>sha256sum --check store-seal</c> in the data
/// folder makes the same check.
/// </remarks>
internal static class StoreSeal
{
    /// <summary>Seals the files of a store that has been closed.</summary>
    public static void Write(string data)
    {
        var path = PathIn(data);
        File.WriteAllLines(path + ".new", Directory.EnumerateFiles(EmbeddedStore.Folder(data), "*", SearchOption.AllDirectories).Select(file => Line(data, file)).Order(StringComparer.Ordinal));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>The first file that is not what was sealed; null when all are, or nothing is sealed.</summary>
    public static string? FindDamaged(string data)
    {
        if (!File.Exists(PathIn(data))) return null;
        foreach (var line in File.ReadLines(PathIn(data)))
        {
            var name = line.Split("  ", 2)[^1];
            var file = Path.Combine(data, name);
            if (!File.Exists(file) || Line(data, file) != line) return name;
        }

        return null;
    }

    /// <summary>Removes the seal: from here on the files change.</summary>
    public static void Break(string data) => File.Delete(PathIn(data));

    private static string Line(string data, string file)
    {
        using var stream = File.OpenRead(file);
        return $"{Convert.ToHexStringLower(SHA256.HashData(stream))}  {Path.GetRelativePath(data, file)}";
    }

    private static string PathIn(string data) => Path.Combine(data, "store-seal");
}
