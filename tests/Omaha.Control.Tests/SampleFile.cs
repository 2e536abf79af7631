namespace Omaha.Control.Tests;

/// <summary>Catalogue files as operators write them.</summary>
internal static class SampleFile
{
    public const string AppId = "{11112222-3333-4444-5555-666677778888}";

    /// <summary>The id as it stands in a path.</summary>
    public static readonly string AppPath = Uri.EscapeDataString(AppId);

    /// <summary>alpha > beta > stable, and the given versions for amd64 and arm64.</summary>
    public static string With(params string[] versions) => $$"""
        {
          // one app; comments and a trailing comma are allowed
          "apps": [ {{App(AppId, versions)}}, ],
        }
        """;

    public static string App(string id, params string[] versions) => $$"""
        {
          "app": "{{id}}",
          "spec": {
            "channels": { "alpha": {}, "beta": { "promotesFrom": "alpha" }, "stable": { "promotesFrom": "beta" } },
            "releases": [ {{string.Join(", ", versions.SelectMany(version => new[] { Release(version, "any/amd64"), Release(version, "any/arm64") }))}} ]
          }
        }
        """;

    public static string Release(string version, string target, int size = 1000) => $$"""
        {
          "version": "{{version}}", "target": "{{target}}",
          "codebases": [ "https://dl.example.test/{{version}}/" ],
          "packages": [ { "name": "payload.gz", "size": {{size}}, "sha256": "{{new string('a', 64)}}" } ]
        }
        """;
}
