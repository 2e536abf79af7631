using StackExchange.Redis.Configuration;

namespace Omaha.Redis;

/// <summary>Gives the password that a file holds now, whenever a connection is opened: who changes the password changes the file, and nothing is restarted.</summary>
/// <param name="path">The file.</param>
/// <param name="first">What it held at the start.</param>
internal sealed class PasswordFile(string path, string first) : DefaultOptionsProvider
{
    private volatile string _last = first;

    /// <summary>While the file cannot be read, as when it is being replaced, the last password counts.</summary>
    public override string? Password
    {
        get
        {
            try
            {
                return _last = Read(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return _last;
            }
        }
    }

    /// <summary>The first line of the file: editors end it with a line feed.</summary>
    public static string Read(string path)
    {
        using var file = File.OpenText(path);
        return file.ReadLine() ?? "";
    }
}
