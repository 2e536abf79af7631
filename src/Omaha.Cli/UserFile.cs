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
