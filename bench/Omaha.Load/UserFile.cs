using System.Globalization;

namespace Omaha.Load;

/// <summary>Reads and writes the files that a user names; one that cannot be used is wrong usage, not a crash.</summary>
internal static class UserFile
{
    public static byte[] Read(string path, string what, int mostBytes)
    {
        try
        {
            var size = new FileInfo(path).Length;
            return size <= mostBytes ? File.ReadAllBytes(path)
                : throw new LoadException(LoadException.Usage, string.Create(CultureInfo.InvariantCulture, $"{what} \"{path}\" has {size} bytes; at most {mostBytes} are taken"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LoadException(LoadException.Usage, $"cannot read {what} \"{path}\": {error.Message}");
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
            throw new LoadException(LoadException.Usage, $"cannot write \"{path}\": {error.Message}");
        }
    }
}
