namespace Omaha.Catalog.Tests;

/// <summary>Tracks with settings of their own.</summary>
public sealed class GroupTests
{
    private const string Machine = "version=\"0.5\" board=\"amd64-usr\"";

    private static CatalogSnapshot With(GroupSpec group, Action<AppDocument>? edit = null)
    {
        var document = Sample.App(alpha: ["0.9", "1.0", "2.0"], stable: ["0.9", "1.0"]);
        document.Spec!.Groups = new() { ["Rack-7"] = group };
        document.Spec.Tracks = new() { ["{9A2DEB70-0000-4026-853F-BFDD6B347BBE}"] = "Rack-7" };
        edit?.Invoke(document);
        return Sample.Snapshot(document);
    }

    [Theory]
    [InlineData("rack-7")]
    [InlineData("RACK-7")]
    [InlineData("rack-7-channel")]
    [InlineData("{9a2deb70-0000-4026-853f-bfdd6b347bbe}")]
    public void Track_leads_to_the_group_and_by_it_to_a_channel(string track) =>
        Assert.Equal("2.0", Sample.Offered(With(new GroupSpec { Channel = "alpha" }), $"{Machine} track=\"{track}\""));

    [Fact]
    public void Pause_of_a_group_holds_the_group_alone()
    {
        var snapshot = With(new GroupSpec { Channel = "stable" }, document => document.State!.Groups = new() { ["Rack-7"] = new() { Paused = RolloutSample.Mark(Sample.Now) } });
        Assert.Equal(Decision.Paused, RolloutSample.Decide(snapshot, $"{Machine} track=\"rack-7\"", attributes: "installsource=\"ondemandupdate\""));
        Assert.Equal(Decision.Offered, RolloutSample.Decide(snapshot, $"{Machine} track=\"stable\""));
    }

    [Fact]
    public void Pause_of_a_channel_holds_its_groups_as_well() =>
        Assert.Equal(Decision.Paused, RolloutSample.Decide(With(new GroupSpec { Channel = "stable" }, document => document.State!.Channels!["stable"].Paused = RolloutSample.Mark(Sample.Now)), $"{Machine} track=\"rack-7\""));

    [Fact]
    public void Pinned_group_gets_its_version_and_no_other()
    {
        var snapshot = With(new GroupSpec { Channel = "alpha", Version = "1.0" });
        Assert.Equal("1.0", Sample.Offered(snapshot, $"{Machine} track=\"rack-7\""));
        Assert.Equal(Decision.Current, RolloutSample.Decide(snapshot, "version=\"1.0\" board=\"amd64-usr\" track=\"rack-7\""));
        Assert.Equal(Decision.Current, RolloutSample.Decide(snapshot, "version=\"2.0\" board=\"amd64-usr\" track=\"rack-7\""));
        Assert.Equal(Decision.NoPrefixMatch, RolloutSample.Decide(snapshot, $"{Machine} track=\"rack-7\"", updateCheck: "targetversionprefix=\"2\""));
        Assert.Equal("1.0", Sample.Offered(snapshot, $"{Machine} track=\"rack-7\"", "targetversionprefix=\"1\""));
    }

    [Fact]
    public void Group_can_only_be_given_what_was_complete_on_its_channel() =>
        Assert.Equal(Decision.NoPrefixMatch, RolloutSample.Decide(With(new GroupSpec { Channel = "stable", Version = "2.0" }), $"{Machine} track=\"rack-7\""));

    [Theory]
    [InlineData("ami", "dell", "ami", Decision.Offered)]
    [InlineData("ami", "dell", "AMI", Decision.Offered)]
    [InlineData("ami", null, "", Decision.OemExcluded)]
    [InlineData("", null, "", Decision.Offered)]
    [InlineData(null, "dell", "dell", Decision.OemExcluded)]
    [InlineData(null, "dell", "Dell ", Decision.OemExcluded)]
    [InlineData(null, "dell", "ami", Decision.Offered)]
    public void Group_may_be_for_some_OEMs_only(string? only, string? except, string oem, Decision decision) =>
        Assert.Equal(decision, RolloutSample.Decide(With(new GroupSpec { Channel = "stable", Oems = only is null ? null : [only], ExceptOems = except is null ? null : [except] }), $"{Machine} track=\"rack-7\" oem=\"{oem}\""));
}
