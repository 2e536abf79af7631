using System.Text;
using System.Xml.Linq;

namespace Omaha.Catalog.Tests;

public sealed class ManifestXmlTests
{
    private static XElement Render(Action<ReleaseSpec> change)
    {
        var release = Sample.Release("1.2.3");
        change(release);
        var document = Sample.App();
        document.Spec!.Releases = [release];
        document.State!.Channels = new() { ["stable"] = new() { Targets = new() { ["any/amd64"] = [Sample.Complete(release)] } } };
        var offered = Sample.Check(Sample.Snapshot(document)).Release!;
        return XElement.Parse($"<updatecheck>{Encoding.UTF8.GetString(offered.ManifestFor(ManifestForm.Common))}</updatecheck>");
    }

    [Fact]
    public void Plain_release_has_one_manifest_and_one_postinstall_action()
    {
        var xml = Render(release => release.Packages![0].Sha1 = "I6DGNAOrJRUxPbCuLw+AITfiVMo=");
        var sha256 = (string)xml.Descendants("package").Single().Attribute("hash_sha256")!;

        Assert.Equal("1.2.3", (string?)xml.Elements("manifest").Single().Attribute("version"));
        Assert.Equal("codebase", xml.Descendants("url").Single().Attributes().First().Name.LocalName);
        Assert.Equal(["name", "size", "required", "hash", "hash_sha256", "fp"], xml.Descendants("package").Single().Attributes().Select(attribute => attribute.Name.LocalName));
        Assert.Equal($"1.{sha256}", (string?)xml.Descendants("package").Single().Attribute("fp"));
        var action = xml.Descendants("action").Single();
        Assert.Equal("postinstall", (string?)action.Attribute("event"));
        Assert.Equal(Convert.ToBase64String(Convert.FromHexString(sha256)), (string?)action.Attribute("sha256"));
        Assert.Equal("true", (string?)action.Attribute("DisablePayloadBackoff"));
        Assert.Null(action.Attribute("IsDeltaPayload"));
    }

    [Fact]
    public void Hash_that_is_not_known_is_left_out_and_never_empty() =>
        Assert.Null(Render(release => release.Packages![0].Sha1 = null).Descendants("package").Single().Attribute("hash"));

    [Fact]
    public void Hash_is_written_in_lower_case()
    {
        var xml = Render(release => release.Packages![0].Sha256 = new string('A', 64));
        Assert.Equal(new string('a', 64), (string?)xml.Descendants("package").Single().Attribute("hash_sha256"));
    }

    [Fact]
    public void Further_packages_are_optional_and_come_after_the_main_one()
    {
        var xml = Render(release => release.Packages!.Add(new PackageSpec { Name = "oem-vmware.gz", Size = 123_123_123_123_123, Sha256 = new string('a', 64) }));
        Assert.Equal(["true", "false"], xml.Descendants("package").Select(package => (string?)package.Attribute("required")));
        Assert.Equal("123123123123123", (string?)xml.Descendants("package").Last().Attribute("size"));
    }

    [Fact]
    public void Codebases_keep_their_order_and_are_escaped()
    {
        string[] codebases = ["https://b.example.test/a&b/", "http://a.example.test/"];
        Assert.Equal(codebases, Render(release => release.Codebases = [.. codebases]).Descendants("url").Select(url => (string?)url.Attribute("codebase")));
    }

    [Fact]
    public void Installer_actions_carry_the_hash_and_a_postinstall_action_is_added()
    {
        var xml = Render(release => release.Actions = [new ActionSpec { Event = "install", Run = "setup.exe", Arguments = "--quiet \"now\"", OnSuccess = "exitsilently" }]);
        var actions = xml.Descendants("action").ToList();

        Assert.Equal(["install", "postinstall"], actions.Select(action => (string?)action.Attribute("event")));
        Assert.Equal("--quiet \"now\"", (string?)actions[0].Attribute("arguments"));
        Assert.Equal("exitsilently", (string?)actions[0].Attribute("onsuccess"));
        Assert.All(actions, action => Assert.NotNull(action.Attribute("sha256")));
    }

    [Fact]
    public void Payload_metadata_is_listed_for_each_package()
    {
        var xml = Render(release =>
        {
            release.Packages![0].MetadataSize = 11;
            release.Packages[0].MetadataSignature = "AAAA";
            release.Packages.Add(new PackageSpec { Name = "second.bin", Size = 1, Sha256 = new string('b', 64), Delta = true, MetadataSize = 22, MetadataSignature = "BBBB" });
        });
        var action = xml.Descendants("action").Single();

        Assert.Equal("false:true", (string?)action.Attribute("IsDeltaPayload"));
        Assert.Equal("11:22", (string?)action.Attribute("MetadataSize"));
        Assert.Equal("AAAA:BBBB", (string?)action.Attribute("MetadataSignatureRsa"));
    }
}
