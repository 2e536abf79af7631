using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Omaha.Hosting;

/// <summary>Where every program of the product has its settings from; later sources win.</summary>
/// <remarks>
/// 1. Defaults of the program; 2. <c>appsettings.json</c> beside the program; 3. <c>appsettings.json</c> in the working directory; 4. environment
/// variables with the prefix <c>OMAHA_</c>, e.g. <c>OMAHA_Redis__Configuration</c>; 5. the command line, e.g.
/// <c>--Redis:Configuration=…</c>. The files are read again when they change, where a <see cref="SettingsFollower"/> looks after it.
/// </remarks>
public sealed class ProgramConfiguration
{
    /// <summary>The setting that says how lines of the log look: <c>simple</c> or <c>json</c>.</summary>
    internal const string FormatterKey = "Logging:Console:FormatterName";

    private static readonly string[] Formatters = [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json];

    private ProgramConfiguration(IConfigurationRoot sources)
    {
        Sources = sources;
        Adopted.Adopt(sources);
        InForce = new ConfigurationBuilder().Add(Adopted).Build();
    }

    /// <summary>The settings that the program goes by.</summary>
    public IConfigurationRoot InForce { get; }

    internal SettingsInForce Adopted { get; } = new();

    /// <summary>What the sources say now, which nobody has checked.</summary>
    internal IConfigurationRoot Sources { get; }

    /// <summary>What is wrong with a settings file, which then still has its last good content in <see cref="Sources"/>, or none.</summary>
    internal string? FileFault => Sources.Providers.OfType<SettingsFile.Content>().Select(static file => file.Fault).FirstOrDefault(static fault => fault is not null);

    /// <summary>Reads all sources.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="defaults">What holds where no source says otherwise.</param>
    /// <param name="folder">The working directory, when it is not the process's.</param>
    /// <exception cref="SettingsException">A file is not JSON, or the command line is not of the form above.</exception>
    public static ProgramConfiguration Read(string[] args, IEnumerable<KeyValuePair<string, string?>>? defaults = null, string? folder = null)
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
            var sources = new ConfigurationBuilder()
                .AddInMemoryCollection(defaults)
                .Add(SettingsFile.In(AppContext.BaseDirectory))
                .Add(SettingsFile.In(folder ?? Directory.GetCurrentDirectory()))
                .AddEnvironmentVariables("OMAHA_")
                .AddCommandLine(args)
                .Build();
            CheckLogging(sources);
            return new ProgramConfiguration(sources);
        }
        catch (Exception error) when (error is FormatException or InvalidDataException)
        {
            throw new SettingsException($"{error.Message} {error.InnerException?.Message}".Trim());
        }
    }

    /// <summary>Reads the settings files again now, not some seconds after they changed.</summary>
    public void ReadAgain() => Sources.Reload();

    /// <summary>The logging library ends the program with a stack trace for a level that it does not know, and takes a misspelt format for another one.</summary>
    /// <exception cref="SettingsException">A level or the format is none.</exception>
    internal static void CheckLogging(IConfiguration configuration)
    {
        foreach (var section in (ReadOnlySpan<string>)["Logging:LogLevel", "Logging:Console:LogLevel"])
        {
            foreach (var level in configuration.GetSection(section).GetChildren())
            {
                if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _)) throw new SettingsException($"{level.Path} = \"{level.Value}\" is not usable: it must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
            }
        }

        if (configuration[FormatterKey] is { } formatter && !Formatters.Contains(formatter, StringComparer.OrdinalIgnoreCase)) throw new SettingsException($"{FormatterKey} = \"{formatter}\" is not usable: it must be one of {string.Join(", ", Formatters)}.");
    }
}
