using Microsoft.Extensions.Configuration;
using Omaha.Hosting;
using Omaha.Server;

namespace Omaha.Standalone;

/// <summary>Settings of the embedded default: those of the server and the control plane, with everything on loopback.</summary>
internal sealed class StandaloneOptions
{
    /// <summary><c>Data</c>: the folder that everything is kept in. Default <c>./omaha-data</c>.</summary>
    public required string Data { get; init; }

    /// <summary><c>Redis:Configuration</c>: a store to use instead of the embedded one; null for the embedded one.</summary>
    public required string? Redis { get; init; }

    /// <summary><c>--load-sample</c>: put the sample catalogue into an empty store of one's own.</summary>
    public required bool LoadSample { get; init; }

    public required IConfiguration Configuration { get; init; }

    private const string LoadSampleFlag = "--load-sample";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingsException">Something is wrong with them.</exception>
    public static StandaloneOptions Read(string[] args)
    {
        var given = ProgramConfiguration.Read([.. args.Where(static arg => arg != LoadSampleFlag)]);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Listen:Public"] = "http://127.0.0.1:8080",
                ["Listen:Ops"] = "http://127.0.0.1:9090",
                ["Listen:Control"] = "http://127.0.0.1:8081",
            })
            .AddConfiguration(given)
            .Build();
        var options = new StandaloneOptions
        {
            Data = Path.GetFullPath(configuration["Data"] ?? "omaha-data"),
            Redis = configuration["Redis:Configuration"],
            LoadSample = args.Contains(LoadSampleFlag),
            Configuration = configuration,
        };
        if (options.LoadSample && options.Redis is null)
        {
            throw new SettingsException($"{LoadSampleFlag} goes with Redis:Configuration: a new data folder gets the sample catalogue by itself.");
        }

        return options;
    }
}
