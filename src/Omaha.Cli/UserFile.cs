namespace Omaha.Cli;

/// <summary>Reads and writes the files that a user names; one that cannot be used is wrong usage, not a crash.</summary>
internal static class UserFile
{
    public static byte[] Read(string path, string what)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OmahactlException(OmahactlException.Usage, $"cannot read {what} \"{path}\": {error.Message}");
        }
    }

    public static Stream Open(string path, string what) => Try(() => File.OpenRead(path), $"cannot read {what}", path);

    /// <summary>Writes a file beside the named one, and gives it the name when it is whole.</summary>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        var part = path + ".part";
        try
        {
            await using (var file = Try(() => File.Create(part), "cannot write", path)) await write(file);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OmahactlException(OmahactlException.Usage, $"cannot write \"{path}\": {error.Message}");
        }
        finally
        {
            if (File.Exists(part)) File.Delete(part);
        }
    }

    private static Stream Try(Func<Stream> open, string failed, string path)
    {
        try
        {
            return open();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OmahactlException(OmahactlException.Usage, $"{failed} \"{path}\": {error.Message}");
        }
    }

    public static void Write(string path, byte[] content)
    {
        try
        {
            File.WriteAllBytes(path, content);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OmahactlException(OmahactlException.Usage, $"cannot write \"{path}\": {error.Message}");
        }
    }
}
