using System.Reflection;
using Omaha.Catalog;

namespace Omaha.Standalone;

/// <summary>The made-up Flatcar catalogue that a new data folder gets, to have something to try at once.</summary>
internal static class SampleCatalog
{
    /// <summary>Which versions each channel completed, oldest first. They moved from alpha to beta to stable, as promotions would have moved them.</summary>
    private static readonly (string Channel, string? From, string[] Versions)[] Histories =
    [
        ("alpha", null, ["4459.2.0", "4459.2.1", "4515.1.0", "4547.0.0"]),
        ("beta", "alpha", ["4459.2.0", "4459.2.1", "4515.1.0"]),
        ("stable", "beta", ["4459.2.0", "4459.2.1"]),
        ("lts", null, ["4081.3.6"]),
    ];

    /// <summary>The sample app with channels that have a past.</summary>
    public static AppDocument Create(DateTimeOffset now)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("sample-catalog.jsonc")!;
        using var json = new MemoryStream();
        resource.CopyTo(json);
        var document = DocumentJson.ReadApp(json.ToArray(), out var fault) ?? throw new InvalidOperationException($"The sample catalogue is broken: {fault}");

        var releases = document.Spec!.Releases!;
        document.State = new AppState
        {
            Channels = Histories.ToDictionary(static history => history.Channel, history => new ChannelState
            {
                Targets = releases.Select(static release => release.Target!).Distinct().ToDictionary(static target => target, target => history.Versions.Select(version => new CompleteRelease
                {
                    Version = version,
                    Digest = ReleaseDigest.Of(releases.Single(release => release.Version == version && release.Target == target)),
                    At = now,
                    By = "sample",
                    From = history.From,
                }).ToList()),
            }),
        };
        return document;
    }
}
