using Omaha.Hosting;

namespace Omaha.Standalone;

/// <summary>The folder that the embedded default keeps everything in, held by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>Where the operator's token is written, readable by its owner only.</summary>
    public string TokenPath => System.IO.Path.Combine(Path, "operator-token");

    /// <summary>Opens the folder, or makes it, for this process alone.</summary>
    /// <exception cref="SettingsException">It cannot be made or written, or another process uses it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var held = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(path, held);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"Data = \"{path}\" is not usable: {error.Message} It must be a folder that this program may write and that no other Omaha.Standalone uses.");
        }
    }

    /// <summary>Writes the token so that only the owner of the process can read it, beside and then moved into place.</summary>
    public void WriteToken(string token)
    {
        // A start that was killed may have left one.
        File.Delete(TokenPath + ".new");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(TokenPath + ".new", options);
        file.WriteLine(token);
        file.Close();
        File.Move(TokenPath + ".new", TokenPath);
    }

    public void Dispose() => _lock.Dispose();
}
