using Omaha.Conformance.Clients;

namespace Omaha.Conformance;

/// <summary>Section F: what devices of ChromeOS get.</summary>
public sealed class SectionF_ChromeOs(LiveServer server)
{
    private const string Image = Catalogue.ChromeOs;
    private const string Current = "15572.63.0";

    private Task<Reply> AskAsync(string apps, string source = "scheduler", string attributes = "", ClientKinds except = ClientKinds.None) =>
        server.AskAsync(ChromeOsDevice.Request(apps, source, attributes), except);

    private async Task<AppReply> CheckAsync(string version, string check = "<updatecheck></updatecheck>", string attributes = "", string track = "stable-channel") =>
        (await AskAsync(ChromeOsDevice.App(Image, version, check, attributes, track))).App;

    [Fact]
    public async Task F01_Offer_has_everything_that_a_device_checks()
    {
        var reply = await AskAsync(ChromeOsDevice.App(Image));
        var package = reply.App.Packages.Single();
        var hash = (string)package.Attribute("hash_sha256")!;
        Assert.Matches("^[0-9a-f]{64}$", hash);
        Assert.Equal("1." + hash, (string?)package.Attribute("fp"));
        Assert.Equal("65824", (string?)reply.App.PostInstall.Attribute("MetadataSize"));
        Assert.Equal("c2lnbmVk", (string?)reply.App.PostInstall.Attribute("MetadataSignatureRsa"));
        Assert.Equal("false", (string?)reply.App.PostInstall.Attribute("IsDeltaPayload"));
        Assert.Equal(1, ChromeOsEngine.Read(reply.Body, Image));
    }

    [Fact]
    public async Task F02_Offer_without_metadata_or_declared_actions_has_a_postinstall_action_too()
    {
        var id = AppDraft.IdFor("F02");
        await server.WriteAsync(new AppDraft(id).Release("stable", Current).Seal());
        Assert.NotNull((await AskAsync(ChromeOsDevice.App(id))).App.PostInstall);
    }

    [Fact]
    public async Task F03_Device_that_is_up_to_date_gets_no_packages()
    {
        var app = await CheckAsync(Current);
        Assert.Equal("noupdate", app.CheckStatus);
        Assert.Empty(app.Packages);
    }

    [Fact]
    public async Task F04_Content_is_installed_while_the_image_is_left_alone()
    {
        var reply = await AskAsync(ChromeOsDevice.App(Image, Current, "") + ChromeOsDevice.App(Catalogue.Dlc, "0.0.0.0", "<ping active=\"1\" ad=\"-2\" rd=\"-2\"></ping><updatecheck></updatecheck>"), "ondemandupdate");
        Assert.Equal(["", "ping updatecheck"], reply.Apps.Select(static app => app.Children));
        Assert.Equal(Current, reply.Apps[1].Version);
        Assert.Equal(1, ChromeOsEngine.Read(reply.Body, Image, isInstall: true));
    }

    [Fact]
    public async Task F05_Content_is_updated_together_with_the_image()
    {
        var reply = await AskAsync(ChromeOsDevice.App(Image) + ChromeOsDevice.App(Catalogue.Dlc) + ChromeOsDevice.App(Catalogue.MiniOs));
        Assert.Equal([Current, Current, Current], reply.Apps.Select(static app => app.Version));
        Assert.Equal(3, ChromeOsEngine.Read(reply.Body, Image));
    }

    [Fact]
    public async Task F05_Content_alone_is_not_offered_beside_an_image_that_stays()
    {
        var reply = await AskAsync(ChromeOsDevice.App(Image, Current) + ChromeOsDevice.App(Catalogue.Dlc) + ChromeOsDevice.App(Catalogue.MiniOs));
        Assert.Equal(["noupdate", "noupdate", "noupdate"], reply.Apps.Select(static app => app.CheckStatus));
    }

    [Fact]
    public async Task F06_Unknown_content_beside_a_known_image_gets_nothing_instead_of_an_error()
    {
        var reply = await AskAsync(ChromeOsDevice.App(Image) + ChromeOsDevice.App(Image + "_no-such-dlc"));
        Assert.Equal(["ok", "noupdate"], reply.Apps.Select(static app => app.CheckStatus));
        Assert.Equal("ok", reply.Apps[1].Status);
        Assert.Equal(1, ChromeOsEngine.Read(reply.Body, Image));
    }

    [Fact]
    public async Task F07_Device_may_go_back_where_it_and_the_channel_allow_it()
    {
        const string back = "<updatecheck targetversionprefix=\"15474.\" rollback_allowed=\"true\" fsi_version=\"15000.1.1\" ltstag=\"lts\"></updatecheck>";
        Assert.Equal("15474.84.0", (await CheckAsync(Current, back)).Version);
        Assert.Equal("noupdate", (await CheckAsync("15699.1.0", back.Replace("15474", "15572", StringComparison.Ordinal), track: "dev-channel")).CheckStatus);
    }

    [Fact]
    public async Task F07_Offer_to_go_back_is_marked_and_has_the_key_versions()
    {
        var check = (await CheckAsync(Current, "<updatecheck targetversionprefix=\"15474.\" rollback_allowed=\"true\"></updatecheck>")).Check!;
        Assert.Equal("true", (string?)check.Attribute("_rollback"));
        Assert.Equal("1.1", (string?)check.Attribute("_firmware_version"));
        Assert.Equal("2.3", (string?)check.Attribute("_kernel_version"));
        Assert.Null((await CheckAsync("15474.84.0")).Check!.Attribute("_rollback"));
    }

    [Fact]
    public async Task F08_Device_that_does_not_allow_it_stays_where_it_is() =>
        Assert.Equal("noupdate", (await CheckAsync(Current, "<updatecheck targetversionprefix=\"15474.\"></updatecheck>")).CheckStatus);

    [Fact]
    public async Task F09_Device_that_leaves_a_channel_is_offered_the_newest_of_the_other() =>
        Assert.Equal(Current, (await CheckAsync("0.0.0.0", attributes: "from_version=\"15699.1.0\" from_track=\"dev-channel\"")).Version);

    [Fact]
    public async Task F10_Events_are_acknowledged_and_nothing_else()
    {
        var reply = await AskAsync(
            ChromeOsDevice.App(Image, inside: "<event eventtype=\"54\" eventresult=\"1\" previousversion=\"15400.1.0\"></event><event eventtype=\"14\" eventresult=\"1\"></event>")
            + ChromeOsDevice.App(Catalogue.Dlc, inside: "<event eventtype=\"3\" eventresult=\"0\" errorcode=\"62\"></event>"));
        Assert.Equal(["event event", "event"], reply.Apps.Select(static app => app.Children));
    }

    [Theory]
    [InlineData("UTC", 7002, 72_000)]
    [InlineData("America/Los_Angeles", 7002, 43_200)]
    [InlineData("Asia/Tokyo", 7003, 18_000)]
    public async Task F11_Day_is_that_of_the_configured_zone(string zone, int days, int seconds)
    {
        await using var another = await server.StartAnotherAsync(("Daystart:TimeZone", zone));
        var daystart = (await another.AskAsync(ChromeOsDevice.Request(ChromeOsDevice.App(Image)))).Xml.Element("daystart")!;
        Assert.Equal(days, (int)daystart.Attribute("elapsed_days")!);
        Assert.Equal(seconds, (int)daystart.Attribute("elapsed_seconds")!);
    }

    [Fact]
    public async Task F12_Lists_of_two_packages_are_joined_by_colons_in_their_order()
    {
        var id = AppDraft.IdFor("F12");
        await server.WriteAsync(new AppDraft(id).Release("stable", Current, "chromeos/amd64", static release =>
        {
            release.Packages = [AppDraft.Package("one.signed", 100), AppDraft.Package("two.signed", 200)];
            (release.Packages[0].MetadataSize, release.Packages[0].MetadataSignature) = (11, "b25l");
            (release.Packages[1].MetadataSize, release.Packages[1].MetadataSignature) = (22, "dHdv");
        }).Seal());
        var app = (await AskAsync(ChromeOsDevice.App(id), except: ClientKinds.GoOmaha)).App;
        Assert.Equal(["one.signed", "two.signed"], app.Packages.Select(static package => (string?)package.Attribute("name")));
        Assert.Equal("11:22", (string?)app.PostInstall.Attribute("MetadataSize"));
        Assert.Equal("b25l:dHdv", (string?)app.PostInstall.Attribute("MetadataSignatureRsa"));
        Assert.Equal("false:false", (string?)app.PostInstall.Attribute("IsDeltaPayload"));
    }

    [Fact]
    public async Task F13_Recovery_is_offered_the_full_payload()
    {
        var app = (await AskAsync(ChromeOsDevice.App(Image, "0.0.0.0"), "ondemandupdate", "recoverykeyversion=\"1\" isminios=\"1\"")).App;
        Assert.Equal(Current, app.Version);
        Assert.Equal("false", (string?)app.PostInstall.Attribute("IsDeltaPayload"));
    }

    [Fact]
    public async Task F13_Recovery_is_never_offered_a_delta()
    {
        var id = AppDraft.IdFor("F13");
        await server.WriteAsync(new AppDraft(id).Release("stable", "2.0.0", change: static release => release.Packages![0].Delta = true).Seal());
        var app = (await AskAsync(ChromeOsDevice.App(id, "1.0.0"), "ondemandupdate", "isminios=\"1\"")).App;
        Assert.Equal("noupdate", app.CheckStatus);
    }

    [Fact]
    public async Task F14_Digest_is_in_lower_case_however_it_was_declared()
    {
        var id = AppDraft.IdFor("F14");
        await server.WriteAsync(new AppDraft(id).Release("stable", Current, change: static release => release.Packages![0].Sha256 = release.Packages[0].Sha256!.ToUpperInvariant()).Seal());
        var package = (await AskAsync(ChromeOsDevice.App(id))).App.Packages.Single();
        Assert.Matches("^[0-9a-f]{64}$", (string)package.Attribute("hash_sha256")!);
        Assert.Matches("^1\\.[0-9a-f]{64}$", (string)package.Attribute("fp")!);
    }

    [Fact]
    public async Task F15_Image_built_by_a_developer_is_an_unknown_app_until_it_is_configured()
    {
        var check = ChromeOsDevice.App("{DEV-BUILD}", "11.254.2011_03_09_1814", track: "developer-build");
        Assert.Equal("error-unknownApplication", (await AskAsync(check)).App.Status);

        await server.WriteAsync(new AppDraft("{DEV-BUILD}").Release("developer-build", Current).Seal());
        Assert.Equal(Current, (await AskAsync(check)).App.Version);
    }
}
