using System.Text;
using System.Xml.Linq;

namespace Omaha.Catalog.Tests;

/// <summary>Releases that older machines must install first.</summary>
public sealed class FloorTests
{
    private static AppDocument App(string[] floors, string[]? stable = null, Action<AppDocument>? edit = null)
    {
        var document = Sample.App(alpha: floors, stable: stable ?? ["5.0"]);
        document.Spec!.Channels!["stable"].Floors = new() { ["any/amd64"] = [.. floors.Select(version => new FloorSpec { Version = version, Reason = $"because of {version}" })] };
        edit?.Invoke(document);
        return document;
    }

    private static Asking Machine(string version, string attributes = "") => new($"version=\"{version}\" board=\"amd64-usr\" {attributes}");

    [Theory]
    [InlineData("1.0", "2.0")]
    [InlineData("", "2.0")]
    [InlineData("2.0", "3.0")]
    [InlineData("2.5", "3.0")]
    [InlineData("3.0", "5.0")]
    [InlineData("4.0", "5.0")]
    public void Lowest_floor_above_the_version_comes_first(string version, string offered) =>
        Assert.Equal(offered, Machine(version).Offered(Sample.Snapshot(App(["3.0", "2.0"]))));

    [Fact]
    public void Floor_beyond_the_release_on_offer_does_not_count()
    {
        Assert.Equal("5.0", Machine("1.0").Offered(Sample.Snapshot(App(["6.0"]))));
        Assert.Equal("5.0", Machine("1.0").Offered(Sample.Snapshot(App(["5.0"]))));
        Assert.Equal(Decision.Current, Machine("5.0").Decide(Sample.Snapshot(App(["6.0"]))));
    }

    [Fact]
    public void Floor_that_cannot_be_offered_lets_nothing_past()
    {
        var blocked = App(["2.0", "3.0"], edit: document => document.State!.Blocks = new() { [RolloutSample.DigestOf(document, "3.0")] = RolloutSample.Mark(Sample.Now) });
        Assert.Equal("2.0", Machine("1.0").Offered(Sample.Snapshot(blocked)));
        Assert.Equal(Decision.Floor, Machine("2.0").Decide(Sample.Snapshot(blocked)));

        var gated = Sample.App(stable: ["5.0"]);
        var floor = Sample.Release("2.0");
        floor.Gates = new GatesSpec { Oems = ["ami"] };
        gated.Spec!.Releases!.Add(floor);
        gated.Spec.Channels!["stable"].Floors = new() { ["any/amd64"] = [new FloorSpec { Version = "2.0" }] };
        Assert.Equal(Decision.Floor, Machine("1.0").Decide(Sample.Snapshot(gated)));
        Assert.Equal("2.0", Machine("1.0", "oem=\"ami\"").Offered(Sample.Snapshot(gated)));
        Assert.Equal("5.0", Machine("2.0").Offered(Sample.Snapshot(gated)));
    }

    [Fact]
    public void Floor_takes_the_place_of_a_release_that_is_rolled_out_and_of_one_under_a_prefix()
    {
        var document = RolloutSample.Ramping(version: "5.0");
        document.Spec!.Releases!.Add(Sample.Release("2.0"));
        document.Spec.Channels!["stable"].Floors = new() { ["any/amd64"] = [new FloorSpec { Version = "2.0" }] };
        var snapshot = Sample.Snapshot(document);
        Assert.Equal("2.0", Asking.Node(RolloutSample.Node(1)).Offered(snapshot, Sample.Now.AddHours(24)));
        Assert.Equal(Decision.HeldRamp, Asking.Node(RolloutSample.Node(1)).Decide(snapshot, Sample.Now));
        Assert.Equal("2.0", new Asking("version=\"1.0\" board=\"amd64-usr\"", "targetversionprefix=\"5\"").Offered(Sample.Snapshot(App(["2.0"]))));
    }

    [Fact]
    public void Floors_do_not_stand_in_the_way_back()
    {
        var document = App(["2.0"], ["1.0", "5.0"]);
        document.Spec!.Channels!["stable"].Rollback = true;
        Assert.Equal("1.0", new Asking("version=\"5.0\" board=\"amd64-usr\"", "targetversionprefix=\"1\" rollback_allowed=\"true\"").Offered(Sample.Snapshot(document)));
    }

    [Fact]
    public void Client_that_understands_several_manifests_gets_the_floors_and_the_target()
    {
        var check = Several(App(["2.0", "3.0"]), "1.0");
        Assert.Equal(["2.0", "3.0", "5.0"], Versions(check));
        Assert.Equal(["true", "true", null], check.Elements("manifest").Select(manifest => (string?)manifest.Attribute("is_floor")));
        Assert.Equal(["because of 2.0", "because of 3.0", null], check.Elements("manifest").Select(manifest => (string?)manifest.Attribute("floor_reason")));
        Assert.Equal([null, null, "true"], check.Elements("manifest").Select(manifest => (string?)manifest.Attribute("is_target")));
    }

    [Fact]
    public void Every_manifest_leads_to_its_own_files()
    {
        var document = App(["2.0", "3.0"], edit: static document =>
        {
            foreach (var release in document.Spec!.Releases!) release.Codebases!.Add($"http://mirror.example.test/os/{release.Version}/");
            document.Spec.Releases.Single(static release => release.Version == "3.0").Codebases![1] = "http://mirror.example.test/elsewhere/";
        });
        var check = Several(document, "1.0");
        var urls = check.Descendants("url").Select(static url => (string?)url.Attribute("codebase"));
        var joined = check.Elements("manifest").Select(manifest => urls.Single() + (string?)manifest.Element("packages")!.Element("package")!.Attribute("name"));
        Assert.Equal(["https://dl.example.test/any/amd64/2.0/payload.gz", "https://dl.example.test/any/amd64/3.0/payload.gz", "https://dl.example.test/any/amd64/5.0/payload.gz"], joined);
    }

    [Fact]
    public void Manifests_that_share_no_folder_with_the_first_are_left_for_the_next_check()
    {
        var document = App(["2.0", "3.0"], edit: static document => document.Spec!.Releases!.Single(static release => release.Version == "3.0").Codebases = ["https://other.example.test/3.0/"]);
        Assert.Equal(["2.0"], Versions(Several(document, "1.0")));
        Assert.DoesNotContain(Several(document, "1.0").Elements("manifest"), static manifest => manifest.Attribute("is_target") is not null);
    }

    [Fact]
    public void More_floors_than_fit_come_without_the_target()
    {
        var check = Several(App(["2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6"]), "1.0");
        Assert.Equal(["2.0", "2.1", "2.2", "2.3", "2.4"], Versions(check));
        Assert.DoesNotContain(check.Elements("manifest"), static manifest => manifest.Attribute("is_target") is not null);
        Assert.Equal(["2.5", "2.6", "5.0"], Versions(Several(App(["2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6"]), "2.4")));
    }

    [Fact]
    public void Blocked_floor_ends_what_is_sent()
    {
        var document = App(["2.0", "3.0"], edit: document => document.State!.Blocks = new() { [RolloutSample.DigestOf(document, "3.0")] = RolloutSample.Mark(Sample.Now) });
        var check = Several(document, "1.0");
        Assert.Equal(["2.0"], Versions(check));
        Assert.Null(check.Element("manifest")!.Attribute("is_target"));
    }

    [Fact]
    public void Target_that_is_a_floor_itself_comes_once_and_is_both()
    {
        var check = Several(App(["2.0", "5.0"]), "1.0");
        Assert.Equal(["2.0", "5.0"], Versions(check));
        Assert.Equal(("true", "true"), ((string?)check.Elements("manifest").Last().Attribute("is_floor"), (string?)check.Elements("manifest").Last().Attribute("is_target")));
    }

    [Theory]
    [InlineData("3.0")]
    [InlineData("4.0")]
    public void Without_a_floor_ahead_the_release_comes_alone(string version)
    {
        var check = Several(App(["2.0", "3.0"]), version);
        Assert.Equal(["5.0"], Versions(check));
        Assert.Null(check.Element("manifest")!.Attribute("is_target"));
    }

    private static IEnumerable<string?> Versions(XElement check) => check.Elements("manifest").Select(static manifest => (string?)manifest.Attribute("version"));

    private static XElement Several(AppDocument document, string version)
    {
        var outcome = Machine(version, "multi_manifest_ok=\"true\"").Of(Sample.Snapshot(document));
        Assert.Equal(Decision.Offered, outcome.Decision);
        return XElement.Parse($"<updatecheck>{Encoding.UTF8.GetString(outcome.ManifestFor(ManifestForm.Common))}</updatecheck>");
    }
}
