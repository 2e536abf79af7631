using System.Text;

namespace Omaha.Catalog.Tests;

public sealed class AppValidatorTests
{
    private static string[] Faults(string json)
    {
        var document = DocumentJson.ReadApp(Encoding.UTF8.GetBytes(json), out var fault);
        return fault is not null ? [fault.ToString()] : [.. AppValidator.Check(document!).Select(found => found.ToString())];
    }

    private static string WithRelease(string release) => $$"""{ "app": "a", "spec": { "channels": { "stable": {} }, "releases": [ {{release}} ] } }""";

    [Fact]
    public void Good_document_has_no_fault() => Assert.Empty(AppValidator.Check(Sample.App(alpha: ["1.0", "2.0"], stable: ["1.0"])));

    [Fact]
    public void Comments_and_trailing_commas_are_allowed() =>
        Assert.Empty(Faults("""
            { /* who */ "app": "a", // what
              "spec": { "channels": { "stable": {}, }, }, }
            """));

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var faults = Faults("""
            {
              "app": "",
              "spec": {
                "nmae": "typo",
                "pollInterval": 5,
                "defaultChannel": "gold",
                "channels": { "Stable": {}, "beta": { "promotesFrom": "alpha", "rolback": true } },
                "tracks": { "x": "nowhere" },
                "releases": [
                  { "version": "1..2", "target": "amd64", "codebases": ["ftp://x/", "https://x/y"], "packages": [ { "name": "a/b", "size": 0, "sha256": "zz", "sha1": "abc" } ], "actions": [ { "event": "launch" } ] }
                ]
              }
            }
            """);

        foreach (var path in (string[])["app", "spec.nmae", "spec.pollInterval", "spec.defaultChannel", "spec.channels.Stable", "spec.channels.beta.promotesFrom", "spec.channels.beta.rolback", "spec.tracks.x",
            "spec.releases[0].version", "spec.releases[0].target", "spec.releases[0].codebases[0]", "spec.releases[0].codebases[1]", "spec.releases[0].packages[0].name", "spec.releases[0].packages[0].size",
            "spec.releases[0].packages[0].sha256", "spec.releases[0].packages[0].sha1", "spec.releases[0].actions[0].event"])
        {
            Assert.Contains(faults, fault => fault.StartsWith(path + ": ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("""{ "app": "a", "spec": { "channels": { "a": { "promotesFrom": "b" }, "b": { "promotesFrom": "a" } }, "defaultChannel": "a" } }""", "spec.channels.a.promotesFrom: leads back to \"a\"")]
    [InlineData("""{ "app": "a", "spec": { "channels": { "a": {}, "b": {} } } }""", "spec.defaultChannel: is missing")]
    [InlineData("""{ "app": "a" }""", "spec: is missing")]
    [InlineData("""{ "app": "a", "spec": { "channels": { "stable": null } } }""", "spec.channels.stable: is null")]
    [InlineData("""{ "app": "a", "spec": { "channels": { "stable": {} }, "tracks": { "STABLE": "stable" } } }""", "is a channel's name already")]
    [InlineData("""{ "app": "a", "app": "b" }""", "uplicate")]
    [InlineData("""{ "app": "a", "spec": { "pollInterval": "soon" } }""", "spec.pollInterval")]
    [InlineData("""{ "app": "a", "spec": { "channels": { "stable": { "soak": "a day" } } } }""", "spec.channels.stable.soak: \"a day\" is no length of time above zero; write whole numbers with d, h, m or s, the larger unit first, such as 45m, 24h or 1d12h")]
    [InlineData("""{ "app": "a", "spec": { "channels": { "stable": { "soak": "0h" } } } }""", "spec.channels.stable.soak: \"0h\" is no length of time above zero")]
    [InlineData("not json", "line 1")]
    [InlineData("null", "must be a JSON object")]
    [InlineData("""{ "app": "a", "spec": { "aliases": [null] } }""", "spec.aliases[0]")]
    public void Fault_is_named_in_words(string json, string words) => Assert.Contains(Faults(json), fault => fault.Contains(words, StringComparison.Ordinal));

    [Theory]
    [InlineData("null", "spec.releases[0]: is null")]
    [InlineData("{}", "spec.releases[0].version: is missing")]
    [InlineData("""{ "version": "1", "codebases": ["https://x/"], "packages": [null] }""", "packages[0]: is null")]
    [InlineData("""{ "version": "1", "codebases": ["https://x/?y/"], "packages": [ { "name": "a", "size": 1 } ] }""", "must have no query")]
    [InlineData("""{ "version": "1", "codebases": ["https://x/"], "packages": [ { "name": "..", "size": 1 } ] }""", "is no file name")]
    [InlineData("""{ "version": "1", "codebases": ["https://x/"], "packages": [ { "name": "a", "size": 1, "sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709" } ] }""", "in base64")]
    [InlineData("""{ "version": "1", "codebases": ["https://x/"], "packages": [ { "name": "a", "size": 1 } ] }, { "version": "1.0", "codebases": ["https://x/"], "packages": [ { "name": "a", "size": 1 } ] }""", "is in the list already")]
    public void Fault_of_a_release_is_named_in_words(string release, string words) => Assert.Contains(Faults(WithRelease(release)), fault => fault.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void State_that_refers_to_a_changed_release_is_a_fault()
    {
        var document = Sample.App(stable: ["1.0"]);
        document.Spec!.Releases![0].Packages![0].Size++;
        Assert.Contains(AppValidator.Check(document), fault => fault.ToString().Contains("must stay there, unchanged", StringComparison.Ordinal));
    }

    [Fact]
    public void Document_survives_being_written_and_read()
    {
        var document = Sample.App(alpha: ["1.0", "2.0"], stable: ["1.0"]);
        var written = DocumentJson.Write(document);
        Assert.Equal(written, DocumentJson.Write(DocumentJson.ReadApp(written, out _)!));
    }

    [Fact]
    public void File_may_hold_one_app_or_many()
    {
        Assert.Single(DocumentJson.ReadFile("""{ "$schema": "x", "app": "a", "spec": {} }"""u8, out _)!.Apps!);
        Assert.Equal(2, DocumentJson.ReadFile("""{ "apps": [ { "app": "a" }, { "app": "b" } ] }"""u8, out _)!.Apps!.Count);
        Assert.Null(DocumentJson.ReadFile("[]"u8, out var fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void Id_that_two_apps_claim_is_a_fault()
    {
        var one = new AppDocument { App = "one", Spec = new AppSpec { Aliases = ["TWO"] } };
        var two = new AppDocument { App = "{two}", Spec = new AppSpec() };
        Assert.Contains(CatalogValidator.Check([one, two]), fault => fault.Message.Contains("already means the app one", StringComparison.Ordinal));
        Assert.Empty(CatalogValidator.Check([two]));
    }
}
