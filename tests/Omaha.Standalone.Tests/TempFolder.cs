namespace Omaha.Standalone.Tests;

/// <summary>A new folder of its own for one test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("omaha-standalone-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Every file below a folder with its content, to see whether anything changed.</summary>
    public static Dictionary<string, string> Contents(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => System.IO.Path.GetRelativePath(folder, file), file => Convert.ToBase64String(File.ReadAllBytes(file)));

    public static void Copy(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
