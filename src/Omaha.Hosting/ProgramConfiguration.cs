using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Omaha.Hosting;

/// <summary>Where every program of the product reads its settings from; later sources win.</summary>
/// <remarks>
/// 1. <c>appsettings.json</c> beside the program; 2. <c>appsettings.json</c> in the working directory; 3. environment variables with the
/// prefix <c>OMAHA_</c>, e.g. <c>OMAHA_Redis__Configuration</c>; 4. the command line, e.g. <c>--Redis:Configuration=…</c>. The files are
/// read again when they change; of all settings only brakes are heeded then, the others at the next start.
/// </remarks>
public static class ProgramConfiguration
{
    /// <summary>Reads all sources.</summary>
    /// <exception cref="SettingsException">A file is not JSON, or the command line is not of the form above.</exception>
    public static IConfigurationRoot Read(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var named = args[i].StartsWith("--", StringComparison.Ordinal);
            if (named && args[i].Contains('=', StringComparison.Ordinal)) continue;
            if (named && i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) i++;
            else throw new SettingsException($"\"{args[i]}\" is not understood: settings are given as --Section:Key=value, e.g. --Redis:Configuration=127.0.0.1:6379.");
        }

        try
        {
            var configuration = new ConfigurationBuilder()
                .Add(SettingsFile.In(AppContext.BaseDirectory))
                .Add(SettingsFile.In(Directory.GetCurrentDirectory()))
                .AddEnvironmentVariables("OMAHA_")
                .AddCommandLine(args)
                .Build();
            CheckLevels(configuration);
            return configuration;
        }
        catch (Exception error) when (error is FormatException or InvalidDataException)
        {
            throw new SettingsException($"{error.Message} {error.InnerException?.Message}".Trim());
        }
    }

    /// <summary>The logging library ends the program with a stack trace for a level that it does not know.</summary>
    private static void CheckLevels(IConfiguration configuration)
    {
        foreach (var level in configuration.GetSection("Logging:LogLevel").GetChildren())
        {
            if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _)) throw new SettingsException($"{level.Path} = \"{level.Value}\" is not usable: it must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
        }
    }
}
