using System.Text;

namespace Omaha.Catalog.Tests;

/// <summary>What keeps a release from a machine or a client that cannot take it.</summary>
public sealed class ReleaseConditionsTests
{
    private static CatalogSnapshot With(Action<ReleaseSpec> change, params string[] older)
    {
        var document = Sample.App();
        var release = Sample.Release("9.0");
        change(release);
        List<ReleaseSpec> releases = [.. older.Select(version => Sample.Release(version)), release];
        document.Spec!.Releases = releases;
        document.State!.Channels = new() { ["stable"] = new() { Targets = new() { ["any/amd64"] = [.. releases.Select(Sample.Complete)] } } };
        return Sample.Snapshot(document);
    }

    private static Decision Decide(CatalogSnapshot snapshot, string hardware = "", string os = "platform=\"win\"", string app = "", string root = "", string updateCheck = "")
    {
        var request = new Protocol.UpdateRequest();
        request.Load(Encoding.UTF8.GetBytes($"<request protocol=\"3.0\" {root}><hw {hardware}/><os {os} arch=\"x64\"/><app appid=\"{Sample.AppId}\" version=\"1.0\" {app}><updatecheck {updateCheck}/></app></request>"));
        Assert.Equal(Protocol.Refusal.None, Protocol.XmlRequestReader.Read(request));
        var found = snapshot.Find(Encoding.UTF8.GetBytes(Sample.AppId.Trim('{', '}')));
        return Catalog.Decide.Check(snapshot, found!, request, request.Apps[0], Protocol.ClientKinds.Of(request), new CheckMoment(Sample.Now)).Decision;
    }

    [Theory]
    [InlineData("physmemory=\"3\"", Decision.HardwareNotSupported)]
    [InlineData("physmemory=\"0\"", Decision.HardwareNotSupported)]
    [InlineData("physmemory=\"4\"", Decision.Offered)]
    [InlineData("physmemory=\"-1\"", Decision.Offered)]
    [InlineData("physmemory=\"lots\"", Decision.Offered)]
    [InlineData("", Decision.Offered)]
    public void Memory_that_is_known_to_be_too_small_excludes(string hardware, Decision decision) =>
        Assert.Equal(decision, Decide(With(release => release.Gates = new GatesSpec { MinMemory = 4 }), hardware));

    [Theory]
    [InlineData("sse2=\"0\"", Decision.HardwareNotSupported)]
    [InlineData("sse2=\"1\"", Decision.Offered)]
    [InlineData("sse2=\"-1\"", Decision.Offered)]
    [InlineData("avx=\"0\"", Decision.HardwareNotSupported)]
    [InlineData("sse3=\"0\"", Decision.Offered)]
    public void Missing_cpu_feature_excludes(string hardware, Decision decision) =>
        Assert.Equal(decision, Decide(With(release => release.Gates = new GatesSpec { Cpu = ["sse2", "avx"] }), hardware));

    [Theory]
    [InlineData("6.1", Decision.OsNotSupported)]
    [InlineData("10.0.19045", Decision.Offered)]
    [InlineData("10.0", Decision.Offered)]
    [InlineData("Chateau", Decision.Offered)]
    [InlineData("", Decision.Offered)]
    public void Older_operating_system_excludes(string version, Decision decision) =>
        Assert.Equal(decision, Decide(With(release => release.Gates = new GatesSpec { MinOsVersion = "10.0" }), os: $"platform=\"win\" version=\"{version}\""));

    [Theory]
    [InlineData("oem=\"AMI\"", Decision.Offered)]
    [InlineData("", Decision.Offered)]
    [InlineData("oem=\"azure\"", Decision.OemExcluded)]
    public void Only_named_OEMs_get_the_release(string app, Decision decision) =>
        Assert.Equal(decision, Decide(With(release => release.Gates = new GatesSpec { Oems = ["ami", ""] }), app: app));

    [Theory]
    [InlineData("", Decision.Offered)]
    [InlineData("acceptformat=\"crx2,crx3\"", Decision.Offered)]
    [InlineData("acceptformat=\"CRX3\"", Decision.Offered)]
    [InlineData("acceptformat=\"crx2\"", Decision.FormatNotAccepted)]
    public void Format_must_be_one_that_the_client_lists(string root, Decision decision) =>
        Assert.Equal(decision, Decide(With(release => release.Format = "crx3"), root: root));

    [Theory]
    [InlineData("updater=\"Omaha\"", Decision.TooLargeForClient)]
    [InlineData("version=\"chrome-66.0\"", Decision.TooLargeForClient)]
    [InlineData("version=\"update_engine-0.4.10\"", Decision.Offered)]
    public void Package_over_2_GiB_is_kept_from_clients_that_count_in_32_bits(string root, Decision decision) =>
        Assert.Equal(decision, Decide(With(release => release.Packages![0].Size = 2_147_483_648), root: root));

    [Theory]
    [InlineData("version=\"update_engine-0.4.10\"", "delta_okay=\"false\"", Decision.FormatNotAccepted)]
    [InlineData("version=\"update_engine-0.4.10\"", "delta_okay=\"true\"", Decision.Offered)]
    [InlineData("updater=\"Omaha\"", "", Decision.Offered)]
    public void Delta_is_kept_from_an_engine_that_takes_full_payloads_only(string root, string app, Decision decision) =>
        Assert.Equal(decision, Decide(With(release => release.Packages![0].Delta = true), root: root, app: app));

    [Fact]
    public void Machine_that_has_the_release_already_is_current_whatever_its_hardware() =>
        Assert.Equal(Decision.Current, Decide(With(release => { release.Version = "1.0"; release.Gates = new GatesSpec { MinMemory = 4 }; }), "physmemory=\"1\""));

    [Fact]
    public void Prefix_falls_back_to_the_newest_release_that_the_machine_can_take()
    {
        var snapshot = With(release => release.Gates = new GatesSpec { MinMemory = 4 }, "9.0-beta");
        Assert.Equal(Decision.Offered, Decide(snapshot, "physmemory=\"1\"", updateCheck: "targetversionprefix=\"9\""));
        Assert.Equal(Decision.HardwareNotSupported, Decide(With(release => release.Gates = new GatesSpec { MinMemory = 4 }, "8.0"), "physmemory=\"1\"", updateCheck: "targetversionprefix=\"9\""));
    }

    [Fact]
    public void Digest_sees_every_condition_and_older_digests_stay()
    {
        var plain = ReleaseDigest.Of(Sample.Release("1.0"));
        var digests = new Action<ReleaseSpec>[]
        {
            release => release.Gates = new GatesSpec(),
            release => release.Gates = new GatesSpec { MinMemory = 1 },
            release => release.Gates = new GatesSpec { Cpu = ["avx"] },
            release => release.Gates = new GatesSpec { MinOsVersion = "1" },
            release => release.Gates = new GatesSpec { Oems = ["a"] },
            release => release.ProdVersionMin = "1",
            release => release.Format = "1",
            release => release.FirmwareVersion = "1",
            release => release.KernelVersion = "1",
        }.Select(change =>
        {
            var release = Sample.Release("1.0");
            change(release);
            return ReleaseDigest.Of(release);
        }).Append(plain).ToList();
        Assert.Equal(digests.Count, digests.Distinct().Count());
    }
}
