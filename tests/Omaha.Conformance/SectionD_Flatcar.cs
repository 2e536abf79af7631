using System.Globalization;
using Omaha.Catalog;
using Omaha.Conformance.Clients;

namespace Omaha.Conformance;

/// <summary>Section D: what machines of CoreOS and Flatcar get.</summary>
public sealed class SectionD_Flatcar(LiveServer server)
{
    private async Task<AppReply> AskAppAsync(string request, ClientKinds except = ClientKinds.None) => (await server.AskAsync(request, except)).App;

    private async Task<AppReply> CheckAsync(string version = "3510.2.0", string track = "stable") => await AskAppAsync(new FlatcarMachine { Version = version, Track = track }.Check());

    /// <summary>Writes an app with one release for machines of Flatcar and asks for it.</summary>
    private async Task<AppReply> OfferOfAsync(string test, Action<ReleaseSpec> change, ClientKinds except = ClientKinds.None)
    {
        var id = AppDraft.IdFor(test);
        await server.WriteAsync(new AppDraft(id).Release("stable", "4081.3.1", change: change).Seal());
        return await AskAppAsync(new FlatcarMachine { Id = id }.Check(), except);
    }

    [Fact]
    public async Task D01_Ping_check_and_event_are_answered_in_this_order()
    {
        var app = await CheckAsync();
        Assert.Equal("ok", app.Status);
        Assert.Equal("ok", app.CheckStatus);
        Assert.Equal("ping updatecheck event", app.Children);
    }

    [Fact]
    public async Task D02_One_manifest_is_offered()
    {
        var app = await CheckAsync();
        Assert.Single(app.Xml.Descendants("manifest"));
        Assert.Equal("4081.3.1", app.Version);
    }

    [Fact]
    public async Task D03_Codebase_is_absolute_ends_with_a_slash_and_is_the_first_attribute()
    {
        var url = (await CheckAsync()).Xml.Descendants("url").Single();
        Assert.Equal("codebase", url.Attributes().First().Name);
        Assert.Equal("https://dl.example/stable/4081.3.1/", (string?)url.Attribute("codebase"));
    }

    [Fact]
    public async Task D04_First_package_is_the_payload()
    {
        var package = (await CheckAsync()).Packages[0];
        Assert.Equal("update.gz", (string?)package.Attribute("name"));
        Assert.Equal("100000000", (string?)package.Attribute("size"));
        Assert.Equal("true", (string?)package.Attribute("required"));
        Assert.Equal(20, Convert.FromBase64String((string)package.Attribute("hash")!).Length);
        Assert.Matches("^[0-9a-f]{64}$", (string)package.Attribute("hash_sha256")!);
    }

    [Fact]
    public async Task D05_Further_packages_are_optional_and_have_both_hashes()
    {
        var packages = (await CheckAsync()).Packages.Skip(1).ToList();
        Assert.Equal(["oem-vmware.gz", "flatcar-python.gz"], packages.Select(static package => (string?)package.Attribute("name")));
        Assert.All(packages, static package =>
        {
            Assert.Equal("false", (string?)package.Attribute("required"));
            Assert.Equal(20, Convert.FromBase64String((string)package.Attribute("hash")!).Length);
            Assert.Matches("^[0-9a-f]{64}$", (string)package.Attribute("hash_sha256")!);
        });
    }

    [Fact]
    public async Task D06_Only_action_is_postinstall_with_the_digest_of_the_payload()
    {
        var app = await CheckAsync();
        var action = app.Actions.Single();
        Assert.Equal("postinstall", (string?)action.Attribute("event"));
        Assert.Equal((string?)app.Packages[0].Attribute("hash_sha256"), Convert.ToHexStringLower(Convert.FromBase64String((string)action.Attribute("sha256")!)));
        Assert.Equal("true", (string?)action.Attribute("DisablePayloadBackoff"));
    }

    [Fact]
    public async Task D07_Unknown_SHA_1_is_left_out_instead_of_empty()
    {
        var app = await OfferOfAsync("D07", static release => release.Packages![0].Sha1 = null);
        Assert.Null(app.Packages.Single().Attribute("hash"));
    }

    [Fact]
    public async Task D08_Payload_without_SHA_256_is_not_offered_and_counted()
    {
        Assert.Equal(1, await server.GrowthAsync(Counters.Checks("MissingHash"), async () =>
            Assert.Equal("noupdate", (await OfferOfAsync("D08", static release => release.Packages![0].Sha256 = null)).CheckStatus)));
    }

    [Fact]
    public async Task D08_Other_clients_are_told_that_the_hash_is_missing()
    {
        var id = AppDraft.IdFor("D08");
        await server.WriteAsync(new AppDraft(id).Release("stable", "4081.3.1", change: static release => release.Packages![0].Sha256 = null).Seal());
        Assert.Equal("error-hash", (await AskAppAsync(GoogleUpdate.Request(GoogleUpdate.App(id, "1.0.0.0", Plain.Check)))).CheckStatus);
    }

    [Fact]
    public async Task D09_Machine_that_has_the_release_gets_nothing()
    {
        var app = await CheckAsync("4081.3.1");
        Assert.Equal("noupdate", app.CheckStatus);
        Assert.Empty(app.Xml.Descendants("manifest"));
    }

    [Fact]
    public async Task D10_Machine_that_is_ahead_of_its_channel_gets_nothing() => Assert.Equal("noupdate", (await CheckAsync("4152.0.0")).CheckStatus);

    [Fact]
    public async Task D11_Build_metadata_does_not_count() => Assert.Equal("noupdate", (await CheckAsync("4081.3.1+nightly-20240507-2100")).CheckStatus);

    [Fact]
    public async Task D12_Release_candidate_is_lower_than_its_release() => Assert.Equal("4081.3.1", (await CheckAsync("4081.3.1-rc1")).Version);

    [Fact]
    public async Task D13_Version_may_have_four_parts() => Assert.Equal("4081.3.1", (await CheckAsync("3510.2.0.0")).Version);

    [Theory]
    [InlineData("ForcedUpdate")]
    [InlineData("lsb")]
    public async Task D14_What_is_no_version_is_offered_one(string version) => Assert.Equal("4081.3.1", (await CheckAsync(version)).Version);

    [Fact]
    public async Task D15_Ping_is_acknowledged_and_nothing_else()
    {
        var app = await AskAppAsync(new FlatcarMachine().Ping());
        Assert.Equal("ok", app.Status);
        Assert.Equal("ping", app.Children);
    }

    [Fact]
    public async Task D16_Ping_with_empty_attributes_is_acknowledged()
    {
        var app = await AskAppAsync(new FlatcarMachine { Version = "", MachineId = "", Board = "", Machine = "", DeltaOkay = "true" }.Ping());
        Assert.Equal("ok", app.Status);
        Assert.Equal("ping", app.Children);
    }

    [Theory]
    [InlineData(13, 1, null)]
    [InlineData(14, 1, null)]
    [InlineData(3, 1, null)]
    [InlineData(3, 0, "268435490")]
    [InlineData(3, 9, "268435496")]
    public async Task D17_Event_is_acknowledged_and_nothing_else(int type, int result, string? errorCode)
    {
        var app = await AskAppAsync(new FlatcarMachine().Event(type, result, errorCode));
        Assert.Equal("ok", app.Status);
        Assert.Equal("event", app.Children);
    }

    [Fact]
    public async Task D18_Event_of_an_ordinary_check_is_acknowledged() => Assert.Single((await AskAppAsync(new FlatcarMachine().Check(previous: ""))).Xml.Elements("event"));

    [Fact]
    public async Task D18_Event_of_an_ordinary_check_is_no_completed_update() =>
        Assert.Equal(0, await server.GrowthAsync(Counters.Events("Completed"), () => server.AskAsync(new FlatcarMachine().Check(previous: ""))));

    [Fact]
    public async Task D19_Event_of_the_first_check_is_acknowledged() => Assert.Single((await AskAppAsync(new FlatcarMachine().Check(previous: "0.0.0.0"))).Xml.Elements("event"));

    [Fact]
    public async Task D19_Event_of_the_first_check_is_no_completed_update() =>
        Assert.Equal(0, await server.GrowthAsync(Counters.Events("Completed"), () => server.AskAsync(new FlatcarMachine().Check(previous: "0.0.0.0"))));

    [Fact]
    public async Task D20_Event_of_the_check_after_an_update_is_acknowledged() => Assert.Single((await AskAppAsync(new FlatcarMachine().Check(previous: "3510.1.0"))).Xml.Elements("event"));

    [Fact]
    public async Task D20_Check_after_an_update_counts_it_as_completed() =>
        Assert.Equal(1, await server.GrowthAsync(Counters.Events("Completed"), () => server.AskAsync(new FlatcarMachine().Check(previous: "3510.1.0"))));

    [Fact]
    public async Task D21_Machine_that_fell_back_is_offered_the_release_again()
    {
        var app = await AskAppAsync(new FlatcarMachine().CheckAfterRollback());
        Assert.Equal("ping updatecheck event", app.Children);
        Assert.Equal("4081.3.1", app.Version);
    }

    [Fact]
    public async Task D21_Machine_that_fell_back_is_counted_as_one_that_did()
    {
        Task Check() => server.AskAsync(new FlatcarMachine().CheckAfterRollback());
        Assert.Equal(1, await server.GrowthAsync(Counters.Events("RolledBack"), Check));
        Assert.Equal(0, await server.GrowthAsync(Counters.Events("Completed"), Check));
    }

    [Theory]
    [InlineData("268435490")]
    [InlineData("805306378")]
    [InlineData("1342177298")]
    [InlineData("2147483648")]
    public async Task D22_Error_codes_with_flags_are_acknowledged(string errorCode) => Assert.Equal("event", (await AskAppAsync(new FlatcarMachine().Event(3, 0, errorCode))).Children);

    [Fact]
    public async Task D22_Error_code_is_counted_without_its_flags() =>
        Assert.Equal(1, await server.GrowthAsync(Counters.FailuresWith(34), () => server.AskAsync(new FlatcarMachine().Event(3, 0, "268435490"))));

    [Fact]
    public async Task D23_Paused_app_gets_nothing_and_no_error()
    {
        var id = AppDraft.IdFor("D23 app");
        var draft = new AppDraft(id).Release("stable", "4081.3.1");
        draft.State.Paused = new Mark { By = "tests" };
        await server.WriteAsync(draft.Seal());
        await MustBeHeldAsync(id);
    }

    [Fact]
    public async Task D23_Paused_channel_gets_nothing_and_no_error()
    {
        var id = AppDraft.IdFor("D23 channel");
        var draft = new AppDraft(id).Release("stable", "4081.3.1").Release("beta", "4152.2.0");
        draft.State.Channels!["stable"].Paused = new Mark { By = "tests" };
        await server.WriteAsync(draft.Seal());
        await MustBeHeldAsync(id);
        Assert.Equal("4152.2.0", (await AskAppAsync(new FlatcarMachine { Id = id, Track = "beta" }.Check())).Version);
    }

    [Fact]
    public async Task D23_Pause_of_everything_gets_nothing_and_no_error()
    {
        await server.BrakeAsync(new Brakes { PauseAll = new Mark { By = "tests" } });
        try
        {
            await MustBeHeldAsync(Catalogue.Flatcar);
        }
        finally
        {
            await server.BrakeAsync(Brakes.None);
        }

        Assert.NotNull((await CheckAsync()).Version);
    }

    [Fact]
    public async Task D23_Blocked_release_gets_nothing_and_no_error()
    {
        var id = AppDraft.IdFor("D23 block");
        var draft = new AppDraft(id).Release("stable", "4081.3.1");
        draft.State.Blocks = new() { [draft.DigestOf("4081.3.1")] = new Mark { By = "tests" } };
        await server.WriteAsync(draft.Seal());
        await MustBeHeldAsync(id);
    }

    [Fact]
    public async Task D23_Machine_beyond_the_ramp_or_outside_the_window_gets_nothing_and_no_error()
    {
        await server.WriteAsync(HeldApps.Ramped(exposure: 0, server.Time.GetUtcNow()), HeldApps.Timed(frozen: false, server.Time.GetUtcNow()));
        foreach (var id in (string[])[HeldApps.RampedId, HeldApps.TimedId])
        {
            var app = await AskAppAsync(new FlatcarMachine { Id = id, Version = "1.0.0" }.Check());
            Assert.Equal("ok", app.Status);
            Assert.Equal("noupdate", app.CheckStatus);
        }
    }

    [Fact]
    public async Task D24_Interactive_check_passes_ramp_and_window_but_no_freeze()
    {
        await server.WriteAsync(HeldApps.Ramped(exposure: 0, server.Time.GetUtcNow()), HeldApps.Timed(frozen: false, server.Time.GetUtcNow()));
        foreach (var id in (string[])[HeldApps.RampedId, HeldApps.TimedId])
        {
            Assert.Equal("2.0.0", (await AskAppAsync(new FlatcarMachine { Id = id, Version = "1.0.0", Source = "ondemandupdate" }.Check())).Version);
        }

        await server.WriteAsync(HeldApps.Timed(frozen: true, server.Time.GetUtcNow()));
        Assert.Equal("noupdate", (await AskAppAsync(new FlatcarMachine { Id = HeldApps.TimedId, Version = "1.0.0", Source = "ondemandupdate" }.Check())).CheckStatus);
    }

    [Fact]
    public async Task D25_Unknown_track_gets_nothing_and_is_counted()
    {
        AppReply? app = null;
        Assert.Equal(1, await server.GrowthAsync(Counters.Checks("UnknownTrack"), async () => app = await CheckAsync(track: "foo")));
        Assert.Equal("ok", app!.Status);
        Assert.Equal("noupdate", app.CheckStatus);
    }

    [Theory]
    [InlineData("5b810680-e36a-4879-b98a-4f989e80b899", "4230.0.0")]
    [InlineData("{5B810680-E36A-4879-B98A-4F989E80B899}", "4230.0.0")]
    [InlineData("e641708d-fb48-4260-8bdf-ba2074a1147a", "4230.0.0")]
    [InlineData("3fe10490-dd73-4b49-b72a-28ac19acfcdc", "4152.2.0")]
    [InlineData("9a2deb70-37be-4026-853f-bfdd6b347bbe", "4081.3.1")]
    [InlineData("72834a2b-ad86-4d6d-b498-e08a19ebe54e", "4012.0.1")]
    public async Task D26_Group_id_of_old_machines_is_a_channel(string track, string version) => Assert.Equal(version, (await CheckAsync(track: track)).Version);

    [Fact]
    public async Task D27_Unknown_app_gets_its_status_which_the_client_reports_as_an_invalid_reply()
    {
        var reply = await server.AskAsync(new FlatcarMachine { Id = "{00000000-dead-4bee-8f00-000000000000}" }.Check());
        Assert.Equal("error-unknownApplication", reply.App.Status);
        Assert.Equal(UpdateEngine.InvalidResponse, UpdateEngine.Judge(reply.Status, reply.Body).Code);
    }

    [Fact]
    public Task D28_Poll_interval_is_sent_with_and_without_an_offer() => MustBeToldToPollAsync(7200);

    [Fact]
    public Task D29_Poll_interval_is_sent_as_configured_although_clients_limit_it() => MustBeToldToPollAsync(86_400);

    [Fact]
    public async Task D30_Identical_checks_get_identical_replies()
    {
        var check = new FlatcarMachine().Check();
        Assert.Equal((await server.AskAsync(check)).Body, (await server.AskAsync(check)).Body);
    }

    [Fact]
    public async Task D31_Mirrors_keep_their_order_for_every_machine()
    {
        string[] mirrors = ["https://c.example/", "https://a.example/", "http://b.example/x/"];
        var id = AppDraft.IdFor("D31");
        await server.WriteAsync(new AppDraft(id).Release("stable", "4081.3.1", change: release => release.Codebases = [.. mirrors]).Seal());
        for (var machine = 0; machine < 20; machine++)
        {
            var app = await AskAppAsync(new FlatcarMachine { Id = id, MachineId = machine.ToString("x32", CultureInfo.InvariantCulture) }.Check());
            Assert.Equal(mirrors, app.Codebases);
        }
    }

    [Fact]
    public async Task D32_Reply_ends_with_its_closing_tag_and_has_neither_namespace_nor_comment()
    {
        var text = (await server.AskAsync(new FlatcarMachine().Check())).Text;
        Assert.EndsWith("</response>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("xmlns", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<!", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Split("<?").Length - 1);
    }

    [Fact]
    public async Task D33_Codebase_is_escaped()
    {
        var id = AppDraft.IdFor("D33");
        await server.WriteAsync(new AppDraft(id).Release("stable", "4081.3.1", change: static release => release.Codebases = ["https://dl.example/a&b/'c'/"]).Seal());
        var reply = await server.AskAsync(new FlatcarMachine { Id = id }.Check());
        Assert.Contains("https://dl.example/a&amp;b/", reply.Text, StringComparison.Ordinal);
        Assert.Equal(["https://dl.example/a&b/'c'/"], reply.App.Codebases);
    }

    [Fact]
    public async Task D34_Size_is_a_plain_number_however_large()
    {
        var app = await OfferOfAsync("D34", static release => release.Packages![0].Size = 123_123_123_123_123, ClientKinds.GoogleUpdate);
        Assert.Equal("123123123123123", (string?)app.Packages.Single().Attribute("size"));
    }

    /// <summary>Flatcar at 4081.3.1, and 3815.2.0 that machines must have installed before.</summary>
    private static AppDraft WithFloor(string test) => new AppDraft(AppDraft.IdFor(test)).Floor("3815.2.0", "boot loader").Release("stable", "4081.3.1");

    /// <summary>The versions of the manifests that a machine gets.</summary>
    private async Task<IEnumerable<string?>> OffersAsync(AppDraft draft, string version)
    {
        var document = draft.Seal();
        await server.WriteAsync(document);
        return (await AskAppAsync(new FlatcarMachine { Id = document.App!, Version = version }.Check())).Xml.Descendants("manifest").Select(static manifest => (string?)manifest.Attribute("version"));
    }

    [Fact]
    public async Task D35_Machine_below_a_floor_gets_the_floor_alone() => Assert.Equal(["3815.2.0"], await OffersAsync(WithFloor("D35"), "3510.2.0"));

    [Fact]
    public async Task D36_Machine_at_the_floor_gets_the_target() => Assert.Equal(["4081.3.1"], await OffersAsync(WithFloor("D36"), "3815.2.0"));

    [Fact]
    public async Task D37_Machine_between_floor_and_target_gets_the_target() => Assert.Equal(["4081.3.1"], await OffersAsync(WithFloor("D37"), "3975.2.0"));

    [Fact]
    public async Task D38_Target_that_is_a_floor_is_offered_once() => Assert.Equal(["4081.3.1"], await OffersAsync(new AppDraft(AppDraft.IdFor("D38")).Floor("4081.3.1").Release("stable", "4081.3.1"), "3510.2.0"));

    [Fact]
    public async Task D39_Client_that_understands_several_manifests_gets_every_step()
    {
        var draft = new AppDraft(AppDraft.IdFor("D39")).Floor("3602.2.0", "partitions").Floor("3815.2.0", "boot loader").Release("stable", "4081.3.1");
        await server.WriteAsync(draft.Seal());
        var check = (await server.AskAsync(SyncerOf("D39", "3510.2.0"))).App.Check!;
        var manifests = check.Elements("manifest").ToList();
        Assert.Equal(["3602.2.0", "3815.2.0", "4081.3.1"], manifests.Select(static manifest => (string?)manifest.Attribute("version")));
        Assert.Equal(["true", "true", null], manifests.Select(static manifest => (string?)manifest.Attribute("is_floor")));
        Assert.Equal(["partitions", "boot loader", null], manifests.Select(static manifest => (string?)manifest.Attribute("floor_reason")));
        Assert.Equal([null, null, "true"], manifests.Select(static manifest => (string?)manifest.Attribute("is_target")));

        var codebase = (string?)check.Descendants("url").Single().Attribute("codebase");
        Assert.Equal("https://dl.example/stable/3602.2.0/payload.bin", codebase + (string?)manifests[0].Descendants("package").Single().Attribute("name"));
        Assert.Equal("https://dl.example/stable/4081.3.1/payload.bin", codebase + (string?)manifests[2].Descendants("package").Single().Attribute("name"));
    }

    [Fact]
    public async Task D40_Old_syncer_without_the_flag_is_an_ordinary_client()
    {
        await server.WriteAsync(WithFloor("D40").Seal());
        var request = SyncerOf("D40", "3510.2.0").Replace(" multi_manifest_ok=\"true\"", "", StringComparison.Ordinal);
        Assert.Equal("3815.2.0", (await AskAppAsync(request)).Version);
    }

    [Fact]
    public async Task D41_More_floors_than_fit_come_without_the_target()
    {
        var draft = new AppDraft(AppDraft.IdFor("D41")).Release("stable", "4081.3.1");
        for (var i = 1; i <= 7; i++) draft.Floor(string.Create(CultureInfo.InvariantCulture, $"3{i}00.2.0"));
        await server.WriteAsync(draft.Seal());
        var manifests = (await server.AskAsync(SyncerOf("D41", "3000.0.0"))).App.Xml.Descendants("manifest").ToList();
        Assert.Equal(["3100.2.0", "3200.2.0", "3300.2.0", "3400.2.0", "3500.2.0"], manifests.Select(static manifest => (string?)manifest.Attribute("version")));
        Assert.DoesNotContain(manifests, static manifest => manifest.Attribute("is_target") is not null);
        Assert.Equal(["3600.2.0", "3700.2.0", "4081.3.1"], (await server.AskAsync(SyncerOf("D41", "3500.2.0"))).App.Xml.Descendants("manifest").Select(static manifest => (string?)manifest.Attribute("version")));
    }

    /// <summary>What a server sends that keeps a copy of our catalogue.</summary>
    private static string SyncerOf(string test, string version) =>
        $"""<request protocol="3.0" installsource="scheduler" ismachine="1" sessionid="f6c6c1fb-3c8d-4bb6-93fd-6d8f6fd3d3a2" userid="8a2a8a2e-7d4e-4f8f-8cb7-6f0fbf1ec1a4" version="example-0.0.1"><os platform="linux" arch="x64"></os><app appid="{AppDraft.IdFor(test)}" version="{version}" track="stable" bootid="f6c6c1fb-3c8d-4bb6-93fd-6d8f6fd3d3a2" machineid="8a2a8a2e-7d4e-4f8f-8cb7-6f0fbf1ec1a4" multi_manifest_ok="true"><updatecheck></updatecheck></app></request>""";

    [Fact]
    public async Task D42_Package_for_the_machines_OEM_is_listed_as_optional()
    {
        var app = await AskAppAsync(new FlatcarMachine { Oem = "vmware" }.Check());
        Assert.Equal("false", (string?)app.Packages.Single(static package => ((string)package.Attribute("name")!).EndsWith("oem-vmware.gz", StringComparison.Ordinal)).Attribute("required"));
    }

    [Fact]
    public async Task D43_Full_payload_goes_to_a_machine_that_would_take_a_delta()
    {
        var app = await AskAppAsync(new FlatcarMachine { DeltaOkay = "true" }.Check());
        Assert.Equal("4081.3.1", app.Version);
        Assert.NotEqual("true", (string?)app.PostInstall.Attribute("IsDeltaPayload"));
    }

    /// <summary>Holding everybody back holds back those as well who ask by hand.</summary>
    private async Task MustBeHeldAsync(string id)
    {
        foreach (var source in (string[])["scheduler", "ondemandupdate"])
        {
            var app = await AskAppAsync(new FlatcarMachine { Id = id, Source = source }.Check());
            Assert.Equal("ok", app.Status);
            Assert.Equal("noupdate", app.CheckStatus);
        }
    }

    private async Task MustBeToldToPollAsync(int seconds)
    {
        var interval = seconds.ToString(CultureInfo.InvariantCulture);
        var id = AppDraft.IdFor("D28 " + interval);
        await server.WriteAsync(new AppDraft(id).Release("stable", "4081.3.1").With(spec => spec.PollInterval = seconds).Seal());
        foreach (var version in (string[])["3510.2.0", "4081.3.1"])
        {
            var reply = await server.AskAsync(new FlatcarMachine { Id = id, Version = version }.Check());
            Assert.Equal(interval, (string?)reply.App.Check!.Attribute("PollInterval"));
            Assert.Equal(seconds, UpdateEngine.Judge(reply.Status, reply.Body).PollInterval);
        }
    }
}
