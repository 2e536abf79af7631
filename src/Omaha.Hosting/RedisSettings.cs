using Omaha.Redis;

namespace Omaha.Hosting;

/// <summary>Reads where the store is, alike in every program: section <c>Redis</c>.</summary>
public static class RedisSettings
{
    /// <summary>The section.</summary>
    public const string Section = "Redis";

    /// <summary>Reads <c>Redis:Configuration</c>, <c>Redis:PasswordFile</c>, <c>Redis:CaFile</c>, <c>Redis:CertificateFile</c> and <c>Redis:KeyFile</c>. What is wrong with them is a fault of the settings.</summary>
    public static RedisOptions Redis(this SettingsReader settings)
    {
        var options = new RedisOptions
        {
            Configuration = settings.Text($"{Section}:{nameof(RedisOptions.Configuration)}", "127.0.0.1:6379"),
            PasswordFile = Optional(nameof(RedisOptions.PasswordFile)),
            CaFile = Optional(nameof(RedisOptions.CaFile)),
            CertificateFile = Optional(nameof(RedisOptions.CertificateFile)),
            KeyFile = Optional(nameof(RedisOptions.KeyFile)),
        };
        try
        {
            StoreOptions.Read(options);
        }
        catch (RedisOptionException error)
        {
            settings.Fault($"{Section}:{error.Name}", error.Name == nameof(RedisOptions.Configuration) ? "(not shown)" : Optional(error.Name) ?? "", error.Allowed);
        }

        return options;

        string? Optional(string name) => settings.Text($"{Section}:{name}", "") is { Length: > 0 } value ? value : null;
    }
}
