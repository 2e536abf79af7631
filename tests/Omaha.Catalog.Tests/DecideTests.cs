namespace Omaha.Catalog.Tests;

public sealed class DecideTests
{
    private const string Amd64 = "board=\"amd64-usr\"";

    private static readonly CatalogSnapshot Three = Sample.Snapshot(Sample.App(alpha: ["1.0", "2.0", "3.0"], beta: ["1.0", "2.0"], stable: ["1.0"]));

    [Theory]
    [InlineData("track=\"alpha\" version=\"0.9\"", "3.0")]
    [InlineData("track=\"beta\" version=\"0.9\"", "2.0")]
    [InlineData("track=\"stable\" version=\"0.9\"", "1.0")]
    [InlineData("track=\"BETA\" version=\"0.9\"", "2.0")]
    [InlineData("track=\"beta-channel\" version=\"0.9\"", "2.0")]
    [InlineData("track=\" beta \" version=\"0.9\"", "2.0")]
    [InlineData("track=\"3fe10490-dd73-4b49-b72a-28ac19acfcdc\" version=\"0.9\"", "2.0")]
    [InlineData("track=\"{3FE10490-DD73-4B49-B72A-28AC19ACFCDC}\" version=\"0.9\"", "2.0")]
    [InlineData("track=\"e641708d-fb48-4260-8bdf-ba2074a1147a\" version=\"0.9\"", "3.0")]
    [InlineData("track=\"\" version=\"0.9\"", "1.0")]
    [InlineData("version=\"0.9\"", "1.0")]
    [InlineData("ap=\"alpha\" version=\"0.9\"", "3.0")]
    [InlineData("ap=\"-multi-chrome\" version=\"0.9\"", "1.0")]
    [InlineData("tag=\"beta\" ap=\"alpha\" version=\"0.9\"", "2.0")]
    [InlineData("cohort=\"beta\" version=\"0.9\"", "2.0")]
    [InlineData("track=\"stable\" ap=\"alpha\" version=\"0.9\"", "1.0")]
    [InlineData("release_channel=\"alpha\" track=\"stable\" version=\"0.9\"", "3.0")]
    public void Machine_gets_the_release_of_the_channel_it_follows(string app, string offered) =>
        Assert.Equal(offered, Sample.Offered(Three, $"{app} {Amd64}"));

    [Theory]
    [InlineData("track=\"foo\"")]
    [InlineData("track=\"edge-channel\"")]
    [InlineData("track=\"72834a2b-ad86-4d6d-b498-e08a19ebe54e\"")]
    [InlineData("release_channel=\"foo\" track=\"stable\"")]
    [InlineData("track=\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"")]
    public void Track_that_the_app_does_not_have_is_unknown(string app) =>
        Assert.Equal(Decision.UnknownTrack, Sample.Check(Three, $"{app} version=\"0.9\" {Amd64}").Decision);

    [Fact]
    public void Track_of_the_document_leads_to_its_channel()
    {
        var document = Sample.App(beta: ["2.0"]);
        document.Spec!.Tracks = new() { ["Preview-2026"] = "beta" };
        Assert.Equal("2.0", Sample.Offered(Sample.Snapshot(document), $"track=\"preview-2026\" version=\"1.0\" {Amd64}"));
    }

    [Theory]
    [InlineData("0.9", "1.0")]
    [InlineData("", "1.0")]
    [InlineData("0.0.0.0", "1.0")]
    [InlineData("ForcedUpdate", "1.0")]
    [InlineData("1.0-rc1", "1.0")]
    [InlineData("1.0", null)]
    [InlineData("1.0.0.0", null)]
    [InlineData("01.0", null)]
    [InlineData("1.0+nightly-1", null)]
    [InlineData("1.0.1", null)]
    [InlineData("2", null)]
    public void Only_a_higher_version_is_offered(string current, string? offered) =>
        Assert.Equal(offered, Sample.Offered(Three, $"version=\"{current}\" {Amd64}"));

    [Fact]
    public void Same_version_is_offered_when_the_client_asks_for_it()
    {
        Assert.Equal("1.0", Sample.Offered(Three, $"version=\"1.0\" {Amd64}", "sameversionupdate=\"true\""));
        Assert.Null(Sample.Offered(Three, $"version=\"1.1\" {Amd64}", "sameversionupdate=\"true\""));
    }

    [Fact]
    public void Client_that_ignores_offers_gets_none() =>
        Assert.Equal(Decision.UpdateDisabled, Sample.Check(Three, $"version=\"0.9\" {Amd64}", "updatedisabled=\"1\"").Decision);

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("2", "2.0")]
    [InlineData("2.", "2.0")]
    [InlineData("2.0$", "2.0")]
    [InlineData("3", "3.0")]
    [InlineData("", "3.0")]
    public void Prefix_chooses_among_all_that_was_ever_complete_on_the_channel(string prefix, string offered) =>
        Assert.Equal(offered, Sample.Offered(Three, $"track=\"alpha\" version=\"0.9\" {Amd64}", $"targetversionprefix=\"{prefix}\""));

    [Theory]
    [InlineData("2", Decision.NoPrefixMatch)]
    [InlineData("*", Decision.NoPrefixMatch)]
    [InlineData("1", Decision.Offered)]
    public void Prefix_never_reaches_beyond_the_channel(string prefix, Decision decision) =>
        Assert.Equal(decision, Sample.Check(Three, $"track=\"stable\" version=\"0.9\" {Amd64}", $"targetversionprefix=\"{prefix}\"").Decision);

    [Fact]
    public void Lower_version_needs_the_channels_permission_and_the_clients_wish()
    {
        var permitted = Sample.App(stable: ["1.0", "2.0"]);
        permitted.Spec!.Channels!["stable"].Rollback = true;
        var snapshot = Sample.Snapshot(permitted);
        const string app = "version=\"2.0\" " + Amd64;

        Assert.Equal("1.0", Sample.Offered(snapshot, app, "targetversionprefix=\"1\" rollback_allowed=\"true\""));
        Assert.Null(Sample.Offered(snapshot, app, "targetversionprefix=\"1\""));
        Assert.Null(Sample.Offered(snapshot, "version=\"3.0\" " + Amd64, "rollback_allowed=\"true\""));
        Assert.Null(Sample.Offered(Sample.Snapshot(Sample.App(stable: ["1.0", "2.0"])), app, "targetversionprefix=\"1\" rollback_allowed=\"true\""));
    }

    [Fact]
    public void Pointer_may_stand_at_an_older_version_and_is_still_what_is_offered() =>
        Assert.Equal("1.0", Sample.Offered(Sample.Snapshot(Sample.App(stable: ["2.0", "1.0"])), $"version=\"0.9\" {Amd64}"));

    [Theory]
    [InlineData("board=\"amd64-usr\"", "platform=\"CoreOS\"", "1.0")]
    [InlineData("", "platform=\"CoreOS\" sp=\"0.9_x86_64\"", "1.0")]
    [InlineData("", "platform=\"CoreOS\" sp=\"3340.0.0+nightly-20220823-2100_x86_64\"", "1.0")]
    [InlineData("", "platform=\"linux\" arch=\"x64\"", "1.0")]
    [InlineData("", "platform=\"linux\" arch=\"AMD64\"", "1.0")]
    [InlineData("board=\"nocturne-signed-mpkeys\"", "platform=\"Chrome OS\" sp=\"12499.51.0_x86_64\"", "1.0")]
    [InlineData("board=\"arm64-usr\"", "platform=\"CoreOS\"", null)]
    [InlineData("board=\"arm64-usr\"", "platform=\"CoreOS\" arch=\"x64\" sp=\"0.9_x86_64\"", null)]
    [InlineData("", "platform=\"CoreOS\" sp=\"0.9_aarch64\"", null)]
    [InlineData("", "platform=\"CoreOS\" sp=\"Service Pack 1\"", null)]
    [InlineData("", "", null)]
    public void Release_goes_only_to_machines_of_its_architecture(string app, string os, string? offered) =>
        Assert.Equal(offered, Sample.Offered(Three, $"version=\"0.9\" {app}", os: os));

    [Fact]
    public void Machine_that_tells_no_architecture_gets_the_apps_default_target()
    {
        var document = Sample.App(stable: ["1.0"]);
        document.Spec!.DefaultTarget = "any/amd64";
        var snapshot = Sample.Snapshot(document);

        Assert.Equal("1.0", Sample.Offered(snapshot, "version=\"0.9\"", os: ""));
        Assert.Null(Sample.Offered(snapshot, "version=\"0.9\" board=\"arm64-usr\"", os: ""));
        Assert.Null(Sample.Offered(snapshot, "version=\"0.9\"", os: "arch=\"riscv64\""));
    }

    [Theory]
    [InlineData("platform=\"win\" arch=\"x64\"", "4.0")]
    [InlineData("platform=\"Windows\" arch=\"x86_64\"", "4.0")]
    [InlineData("platform=\"linux\" arch=\"x64\"", "3.0")]
    [InlineData("platform=\"win\" arch=\"arm64\"", "2.0")]
    [InlineData("platform=\"Mac OS X\" arch=\"arm64\"", "1.0")]
    public void Most_specific_target_wins(string os, string offered)
    {
        var document = Sample.App();
        var byTarget = new Dictionary<string, ReleaseSpec>
        {
            ["win/amd64"] = Sample.Release("4.0", "win/amd64"),
            ["any/amd64"] = Sample.Release("3.0"),
            ["win/any"] = Sample.Release("2.0", "win/any"),
            ["any/any"] = Sample.Release("1.0", "any/any"),
        };
        document.Spec!.Releases = [.. byTarget.Values];
        document.State!.Channels = new() { ["stable"] = new() { Targets = byTarget.ToDictionary(entry => entry.Key, entry => new List<CompleteRelease> { Sample.Complete(entry.Value) }) } };

        Assert.Equal(offered, Sample.Offered(Sample.Snapshot(document), "version=\"0.9\"", os: os));
    }

    [Fact]
    public void Every_pause_holds_every_check()
    {
        var mark = new Mark { At = Sample.Now, By = "someone", Reason = "smoke" };
        var appPaused = Sample.App(stable: ["1.0"]);
        appPaused.State!.Paused = mark;
        var channelPaused = Sample.App(alpha: ["1.0"], stable: ["1.0"]);
        channelPaused.State!.Channels!["stable"].Paused = mark;
        var allPaused = Sample.Snapshot(Sample.App(stable: ["1.0"])).Edit();
        allPaused.Brakes = new Brakes { PauseAll = mark };
        const string app = "version=\"0.9\" " + Amd64;

        Assert.Equal(Decision.Paused, Sample.Check(Sample.Snapshot(appPaused), app).Decision);
        Assert.Equal(Decision.Paused, Sample.Check(Sample.Snapshot(channelPaused), app).Decision);
        Assert.Equal("1.0", Sample.Offered(Sample.Snapshot(channelPaused), app + " track=\"alpha\""));
        Assert.Equal(Decision.Paused, Sample.Check(allPaused.Build(), app).Decision);
    }

    [Fact]
    public void Blocked_release_is_not_offered_and_leaves_older_ones_for_a_prefix()
    {
        var document = Sample.App(stable: ["1.0", "1.1"]);
        document.State!.Blocks = new() { [ReleaseDigest.Of(document.Spec!.Releases![1])] = new Mark { At = Sample.Now } };
        var snapshot = Sample.Snapshot(document);

        Assert.Equal(Decision.Blocked, Sample.Check(snapshot, $"version=\"0.9\" {Amd64}").Decision);
        Assert.Equal("1.0", Sample.Offered(snapshot, $"version=\"0.9\" {Amd64}", "targetversionprefix=\"1\""));
    }

    [Fact]
    public void Release_without_sha256_is_not_offered()
    {
        var document = Sample.App();
        var release = Sample.Release("1.0");
        release.Packages![0].Sha256 = null;
        document.Spec!.Releases = [release];
        document.State!.Channels = new() { ["stable"] = new() { Targets = new() { ["any/amd64"] = [Sample.Complete(release)] } } };

        Assert.Equal(Decision.MissingHash, Sample.Check(Sample.Snapshot(document), $"version=\"0.9\" {Amd64}").Decision);
    }

    [Fact]
    public void Poll_interval_of_the_channel_wins_over_the_apps()
    {
        var document = Sample.App(alpha: ["1.0"], stable: ["1.0"]);
        document.Spec!.PollInterval = 7200;
        document.Spec.Channels!["alpha"].PollInterval = 3600;
        var snapshot = Sample.Snapshot(document);

        Assert.Equal(3600, Sample.Check(snapshot, $"track=\"alpha\" {Amd64}").PollInterval);
        Assert.Equal(7200, Sample.Check(snapshot, $"track=\"stable\" version=\"0.9\" {Amd64}").PollInterval);
        Assert.Equal(7200, Sample.Check(snapshot, "track=\"beta\" board=\"arm64-usr\"").PollInterval);
        Assert.Equal(0, Sample.Check(Three, Amd64).PollInterval);
    }

    [Fact]
    public void Document_that_requires_an_unknown_feature_is_answered_without_an_offer()
    {
        var document = Sample.App(stable: ["1.0"]);
        document.Requires = ["teleportation"];
        Assert.Equal(Decision.Unsupported, Sample.Check(Sample.Snapshot(document), $"version=\"0.9\" {Amd64}").Decision);
    }

    [Fact]
    public void App_that_cannot_be_read_is_answered_without_an_offer()
    {
        var editor = CatalogSnapshot.Empty.Edit();
        editor.Put(CatalogApp.NotServed(Sample.AppId, AppStanding.Unreadable));
        Assert.Equal(Decision.Unreadable, Sample.Check(editor.Build(), $"version=\"0.9\" {Amd64}").Decision);
    }
}
