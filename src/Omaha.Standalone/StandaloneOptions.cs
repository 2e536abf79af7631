using Microsoft.Extensions.Configuration;
using Omaha.Hosting;

namespace Omaha.Standalone;

/// <summary>Settings of the embedded default: those of the server and the control plane, with everything on loopback.</summary>
internal sealed class StandaloneOptions
{
    /// <summary><c>Data</c>: the folder that everything is kept in. Default <c>./omaha-data</c>.</summary>
    public required string Data { get; init; }

    /// <summary>False when <c>Redis:Configuration</c> names a store of one's own.</summary>
    public required bool UsesEmbeddedStore { get; init; }

    /// <summary><c>--load-sample</c>: put the sample catalogue into an empty store of one's own.</summary>
    public required bool LoadSample { get; init; }

    /// <summary>Where all settings come from.</summary>
    public required ProgramConfiguration Settings { get; init; }

    public IConfiguration Configuration => Settings.InForce;

    private const string LoadSampleFlag = "--load-sample";

    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Data"] = "omaha-data",
        ["Listen:Public"] = "http://127.0.0.1:8080",
        ["Listen:Ops"] = "http://127.0.0.1:9090",
        ["Listen:Control"] = "http://127.0.0.1:8081",
        // There is no load balancer to wait for.
        ["Drain:Time"] = "0",
    };

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingsException">Something is wrong with them.</exception>
    public static StandaloneOptions Read(string[] args)
    {
        var given = args.Where(static arg => arg != LoadSampleFlag).ToArray();
        foreach (var arg in given) RefuseUnknownOption(arg);
        var settings = ProgramConfiguration.Read(given, Defaults);
        var configuration = settings.InForce;

        var data = configuration["Data"]!;
        if (string.IsNullOrWhiteSpace(data)) throw new SettingsException($"Data = \"{data}\" is not usable: it must be a folder, such as ./omaha-data.");

        var options = new StandaloneOptions
        {
            Data = Path.GetFullPath(data),
            UsesEmbeddedStore = configuration["Redis:Configuration"] is null,
            LoadSample = args.Contains(LoadSampleFlag),
            Settings = settings,
        };
        if (options.LoadSample && options.UsesEmbeddedStore)
        {
            throw new SettingsException($"{LoadSampleFlag} goes with Redis:Configuration: a new data folder gets the sample catalogue by itself.");
        }

        return options;
    }

    /// <summary>Without a section it would be a setting that nobody reads, most likely a misspelt option.</summary>
    private static void RefuseUnknownOption(string arg)
    {
        var name = arg.Split('=')[0];
        if (!name.StartsWith("--", StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal) || string.Equals(name, "--Data", StringComparison.OrdinalIgnoreCase)) return;
        throw new SettingsException($"\"{arg}\" is not understood: there are {LoadSampleFlag}, --Data=FOLDER, and settings as --Section:Key=value, e.g. --Listen:Public=http://127.0.0.1:8080.");
    }
}
