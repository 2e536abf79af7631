namespace Omaha.Protocol.Tests;

/// <summary>What a request means once it is XML.</summary>
public class XmlRequestReaderTests
{
    [Fact]
    public void Flatcar_check_is_read_in_full()
    {
        var request = Reading.Accept(Samples.Flatcar);
        Assert.Equal(ProtocolVersion.Xml30, request.Protocol);
        Assert.Equal("update_engine-0.4.10", request.Text(request.ClientVersion));
        Assert.Equal("update_engine-0.4.10", request.Text(request.UpdaterVersion));
        Assert.Equal("scheduler", request.Text(request.InstallSource));
        Assert.True(request.IsMachine);
        Assert.Equal("CoreOS", request.Text(request.OsPlatform));
        Assert.Equal("Chateau", request.Text(request.OsVersion));
        Assert.Equal("4081.2.1_x86_64", request.Text(request.OsServicePack));
        Assert.Equal(-1, request.PhysicalMemory);

        var app = request.OnlyApp();
        Assert.Equal("{0a1b2c3d-0000-4111-8222-333344445555}", request.Text(app.Id));
        Assert.Equal("4081.2.1", request.Text(app.Version));
        Assert.Equal("stable", request.Text(app.Track));
        Assert.Equal("00112233445566778899aabbccddeeff", request.Text(app.MachineId));
        Assert.Equal("rack-7", request.Text(app.MachineAlias));
        Assert.Equal("qemu", request.Text(app.Oem));
        Assert.Equal("3815.2.0", request.Text(app.AlephVersion));
        Assert.Equal("amd64-usr", request.Text(app.Board));
        Assert.False(app.DeltaOkay);
        Assert.True(app.HasUpdateCheck);
        Assert.True(app.HasPing);
        Assert.True(app.PingActive);
        Assert.Equal(RequestedEvent.Unknown, app.PingRollCallDay);

        var events = request.EventsOf(app);
        Assert.Equal(2, events.Length);
        Assert.Equal((3, 2), (events[0].EventType, events[0].EventResult));
        Assert.True(events[0].PreviousVersion.IsEmpty);
        Assert.Equal((14, 1), (events[1].EventType, events[1].EventResult));
        Assert.Equal("4081.2.0", request.Text(events[1].PreviousVersion));
    }

    [Theory]
    [InlineData("3.0", ProtocolVersion.Xml30)]
    [InlineData("3.1", ProtocolVersion.Xml31)]
    [InlineData("3&#46;1", ProtocolVersion.Xml31)]
    public void Protocol_is_kept_when_it_is(string sent, ProtocolVersion read) =>
        Assert.Equal(read, Reading.Accept($"<request protocol='{sent}'/>").Protocol);

    [Theory]
    [InlineData("<request/>")]
    [InlineData("<request protocol=''/>")]
    [InlineData("<request protocol='3'/>")]
    [InlineData("<request protocol='2.0'/>")]
    [InlineData("<request protocol='4.0'/>")]
    [InlineData("<request protocol=' 3.0'/>")]
    [InlineData("<request protocol='3.00'/>")]
    [InlineData("<request Protocol='3.0'/>")]
    [InlineData("<request xmlns:o='urn:o' o:protocol='3.0'/>")]
    public void Protocol_is_unsupported_when_it_is_another(string xml) => Assert.Equal(Refusal.UnsupportedProtocol, Reading.Refusal(xml));

    [Theory]
    [InlineData("<update protocol='3.0'/>")]
    [InlineData("<Request protocol='3.0'/>")]
    [InlineData("<gupdate protocol='2.0' xmlns='http://www.google.com/update2/request'/>")]
    [InlineData("<request protocol='3.0' xmlns='http://www.google.com/update2/response'/>")]
    [InlineData("<request protocol='3.0' xmlns='HTTP://www.google.com/update2/request'/>")]
    [InlineData("<o:request protocol='3.0' xmlns:o='urn:o'/>")]
    public void Root_is_wrong_when_it_is_another(string xml) => Assert.Equal(Refusal.WrongRoot, Reading.Refusal(xml));

    [Theory]
    [InlineData("<request protocol='3.0' xmlns='http://www.google.com/update2/request'><app appid='a'><updatecheck/></app></request>")]
    [InlineData("<o:request protocol='3.0' xmlns:o='http://www.google.com/update2/request'><o:app appid='a'><o:updatecheck/></o:app></o:request>")]
    [InlineData("<o:request protocol='3.0' xmlns:o='http://www.google.com/update2/request'><app xmlns='http://www.google.com/update2/request' appid='a'><o:updatecheck/></app></o:request>")]
    public void Request_is_read_when_it_is_in_the_namespace_of_the_protocol(string xml)
    {
        var request = Reading.Accept(xml);
        Assert.Equal("a", request.Text(request.OnlyApp().Id));
        Assert.True(request.OnlyApp().HasUpdateCheck);
    }

    [Theory]
    [InlineData("<request protocol='3.0' xmlns:o='urn:o'><o:app appid='b'/><app appid='a'><o:updatecheck/></app></request>")]
    [InlineData("<request protocol='3.0'><app xmlns='urn:o' appid='b'/><app appid='a'/></request>")]
    [InlineData("<o:request protocol='3.0' xmlns:o='http://www.google.com/update2/request'><app appid='b'/><o:app appid='a'><updatecheck/></o:app></o:request>")]
    public void Element_is_skipped_when_it_is_in_another_namespace(string xml)
    {
        var request = Reading.Accept(xml);
        Assert.Equal("a", request.Text(request.OnlyApp().Id));
        Assert.False(request.OnlyApp().HasUpdateCheck);
    }

    [Fact]
    public void Attribute_is_skipped_when_it_has_a_prefix()
    {
        var app = Reading.Accept(Samples.App("o:track='b' xmlns:o='http://www.google.com/update2/request'")).OnlyApp();
        Assert.True(app.Track.IsEmpty);
    }

    [Theory]
    [InlineData("<unknown><app appid='b'><updatecheck/></app></unknown>")]
    [InlineData("<os><app appid='b'/></os>")]
    [InlineData("<App appid='b'/>")]
    [InlineData("text")]
    public void Content_of_the_root_is_skipped_with_all_in_it_when_it_is_unknown(string content)
    {
        var request = Reading.Accept(Samples.Request(content + "<app appid='a'/>"));
        Assert.Equal("a", request.Text(request.OnlyApp().Id));
    }

    [Theory]
    [InlineData("<unknown><updatecheck/><ping active='1'/><event eventtype='3'/></unknown>")]
    [InlineData("<app appid='b'><updatecheck/></app>")]
    [InlineData("<data><updatecheck/><ping/><event/></data>")]
    [InlineData("<packages><updatecheck/><event/></packages>")]
    [InlineData("<os platform='x'/><hw physmemory='3'/>")]
    public void Content_of_an_app_is_skipped_with_all_in_it_when_it_does_not_belong_there(string content)
    {
        var request = Reading.Accept(Samples.App(content: content));
        var app = request.OnlyApp();
        Assert.False(app.HasUpdateCheck || app.HasPing);
        Assert.Equal(0, request.Events.Length);
        Assert.True(request.OsPlatform.IsEmpty);
        Assert.Equal(-1, request.PhysicalMemory);
    }

    [Theory]
    [InlineData("<request protocol='3.0'/>")]
    [InlineData("<request protocol='3.0'>\n</request>")]
    [InlineData("<request protocol='3.0'><hw physmemory='0'/><os/></request>")]
    public void Request_is_read_when_it_has_no_app(string xml) => Assert.Equal(0, Reading.Accept(xml).Apps.Length);

    [Fact]
    public void Os_is_the_first_when_there_are_several_even_behind_the_apps()
    {
        var request = Reading.Accept(Samples.Request("<app appid='a'/><os platform='one' version='1'/><os platform='two' sp='2' arch='z'/>"));
        Assert.Equal("one", request.Text(request.OsPlatform));
        Assert.Equal("1", request.Text(request.OsVersion));
        Assert.True(request.OsServicePack.IsEmpty);
        Assert.True(request.OsArch.IsEmpty);
    }

    [Fact]
    public void Os_is_that_of_the_root_when_there_is_no_element()
    {
        var request = Reading.Accept("<request protocol='3.1' os='mac' arch='arm64'><app appid='a'/></request>");
        Assert.Equal("mac", request.Text(request.OsPlatform));
        Assert.Equal("arm64", request.Text(request.OsArch));
    }

    [Fact]
    public void Os_is_that_of_the_element_when_the_root_has_one_too()
    {
        var request = Reading.Accept(Samples.Chromium);
        Assert.Equal("Linux", request.Text(request.OsPlatform));
        Assert.Equal("x86_64", request.Text(request.OsArch));
        Assert.Equal("5.10", request.Text(request.OsVersion));
    }

    [Fact]
    public void Chromium_root_is_read_in_full()
    {
        var request = Reading.Accept(Samples.Chromium);
        Assert.Equal(ProtocolVersion.Xml31, request.Protocol);
        Assert.Equal("75.0.1.2", request.Text(request.ProductVersion));
        Assert.Equal("{51}", request.Text(request.SessionId));
        Assert.Equal("{52}", request.Text(request.RequestId));
        Assert.Equal("cacheable", request.Text(request.DownloadPreference));
        Assert.Equal("crx2,crx3", request.Text(request.AcceptFormat));
        Assert.Equal("de", request.Text(request.Apps[0].Lang));
        Assert.Equal("1.00ff", request.Text(request.Apps[0].Fingerprint));
        Assert.Equal(4190, request.Apps[0].PingRollCallDay);
        Assert.False(request.Apps[0].PingActive);
        Assert.True(request.Apps[1].UpdateDisabled);
    }

    [Fact]
    public void Google_request_is_read_in_full()
    {
        var request = Reading.Accept(Samples.GoogleUpdate);
        Assert.Equal("Omaha", request.Text(request.Updater));
        Assert.Equal("1.3.40.1", request.Text(request.UpdaterVersion));
        Assert.Equal("{62}", request.Text(request.UserId));
        Assert.Equal("qa", request.Text(request.TestSource));
        var app = request.OnlyApp();
        Assert.True(app.Version.IsEmpty);
        Assert.Equal("beta&x", request.Text(app.Ap));
        Assert.Equal("t-app", request.Text(app.Tag));
        Assert.Equal("dev", request.Text(app.ReleaseChannel));
        Assert.Equal("C1 H1 N1", $"{request.Text(app.Cohort)} {request.Text(app.CohortHint)} {request.Text(app.CohortName)}");
        Assert.Equal("ABCD", request.Text(app.Brand));
        Assert.True(app.SameVersionUpdate);
        Assert.Equal("55.2", request.Text(app.TargetVersionPrefix));
        var reported = request.EventsOf(app)[0];
        Assert.Equal(-2147219440, reported.ErrorCode);
        Assert.Equal(268435463, reported.ExtraCode1);
        Assert.Equal("2.0", request.Text(reported.NextVersion));
        Assert.Equal("some <text>", request.Text(request.DataOf(app)[1].Text));
    }

    [Fact]
    public void ChromeOS_request_is_read_in_full()
    {
        var request = Reading.Accept(Samples.ChromeOs);
        Assert.Equal(8, request.PhysicalMemory);
        var platform = request.Apps[0];
        Assert.Equal("16002.4.0", request.Text(platform.FromVersion));
        Assert.Equal("beta-channel", request.Text(platform.FromTrack));
        Assert.Equal("BOARD A1-B2", request.Text(platform.HardwareClass));
        Assert.True(platform.DeltaOkay);
        Assert.True(platform.PingActive);
        Assert.False(platform.HasUpdateCheck);
        var module = request.Apps[1];
        Assert.True(module.RollbackAllowed);
        Assert.Equal("16002.", request.Text(module.TargetVersionPrefix));
        Assert.Equal(-2, module.PingRollCallDay);
    }

    [Theory]
    [InlineData("<hw sse2='0' sse3='0' avx='0' physmemory='0'/>", true, 0)]
    [InlineData("<hw sse2='1' sse3='1' avx='1' physmemory='64'/>", false, 64)]
    [InlineData("<hw sse2='-1' sse3='-1' avx='-1' physmemory='-1'/>", false, -1)]
    [InlineData("<hw sse2='' sse3='no' avx='?' physmemory='much'/>", false, -1)]
    [InlineData("<hw/>", false, -1)]
    [InlineData("", false, -1)]
    public void Hardware_lacks_something_only_when_it_says_so(string hardware, bool lacks, int memory)
    {
        var request = Reading.Accept(Samples.Request(hardware));
        Assert.Equal((lacks, lacks, lacks), (request.LacksSse2, request.LacksSse3, request.LacksAvx));
        Assert.Equal(memory, request.PhysicalMemory);
    }

    [Fact]
    public void Updater_element_counts_when_the_root_says_nothing()
    {
        var request = Reading.Accept(Samples.Request("<updater name='Omaha' version='1.3' ismachine='1'/>"));
        Assert.Equal("Omaha 1.3 True", $"{request.Text(request.Updater)} {request.Text(request.UpdaterVersion)} {request.IsMachine}");
    }

    [Fact]
    public void Updater_element_does_not_count_when_the_root_says_it_already()
    {
        var request = Reading.Accept("<request protocol='3.0' updater='chrome' updaterversion='71' ismachine='0'><updater name='Omaha' version='1.3' ismachine='1'/></request>");
        Assert.Equal("chrome 71 False", $"{request.Text(request.Updater)} {request.Text(request.UpdaterVersion)} {request.IsMachine}");
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("True", true)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData(" Yes ", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("", false)]
    [InlineData("2", false)]
    [InlineData("truely", false)]
    [InlineData("on", false)]
    public void Boolean_is_read_leniently_when_it_is(string sent, bool read)
    {
        var request = Reading.Accept($"<request protocol='3.0' ismachine='{sent}'><app appid='a' delta_okay='{sent}' multi_manifest_ok='{sent}'><updatecheck updatedisabled='{sent}' rollback_allowed='{sent}' sameversionupdate='{sent}'/><ping active='{sent}'/></app></request>");
        var app = request.OnlyApp();
        bool[] all = [request.IsMachine, app.DeltaOkay, app.MultiManifestOk, app.UpdateDisabled, app.RollbackAllowed, app.SameVersionUpdate, app.PingActive];
        Assert.All(all, value => Assert.Equal(read, value));
    }

    [Theory]
    [InlineData("13", 13)]
    [InlineData(" 13 ", 13)]
    [InlineData("+13", 13)]
    [InlineData("-1", -1)]
    [InlineData("0013", 13)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("2147483648", RequestedEvent.Unknown)]
    [InlineData("99999999999999999999999", RequestedEvent.Unknown)]
    [InlineData("1.5", RequestedEvent.Unknown)]
    [InlineData("13x", RequestedEvent.Unknown)]
    [InlineData("0x0D", RequestedEvent.Unknown)]
    [InlineData("-", RequestedEvent.Unknown)]
    [InlineData("done", RequestedEvent.Unknown)]
    public void Event_is_kept_with_its_number_or_as_unknown_when_that_is(string sent, int read)
    {
        var request = Reading.Accept(Samples.App(content: $"<event eventtype='{sent}' eventresult='{sent}'/>"));
        var reported = request.EventsOf(request.OnlyApp())[0];
        Assert.Equal((read, read), (reported.EventType, reported.EventResult));
    }

    [Theory]
    [InlineData("268435490", 268435490L)]
    [InlineData("2147483648", 2147483648L)]
    [InlineData("-2147219440", -2147219440L)]
    [InlineData("9223372036854775808", (long)RequestedEvent.Unknown)]
    [InlineData("", (long)RequestedEvent.Unknown)]
    [InlineData("E_FAIL", (long)RequestedEvent.Unknown)]
    public void Error_code_is_kept_when_it_is(string sent, long read)
    {
        var request = Reading.Accept(Samples.App(content: $"<event errorcode='{sent}' extracode1='{sent}'/>"));
        var reported = request.EventsOf(request.OnlyApp())[0];
        Assert.Equal((read, read), (reported.ErrorCode, reported.ExtraCode1));
    }

    [Theory]
    [InlineData("<event/>")]
    [InlineData("<event eventtype='' eventresult=''/>")]
    public void Event_is_kept_when_it_says_nothing(string xml)
    {
        var request = Reading.Accept(Samples.App(content: xml));
        var reported = request.EventsOf(request.OnlyApp())[0];
        Assert.Equal((RequestedEvent.Unknown, 0), (reported.EventType, reported.EventResult));
        Assert.Equal((RequestedEvent.Unknown, RequestedEvent.Unknown), (reported.ErrorCode, reported.ExtraCode1));
    }

    [Fact]
    public void Events_and_data_stay_with_their_app_in_order()
    {
        var request = Reading.Accept(Samples.Request(
            "<app appid='a'><event eventtype='1'/><data index='x'/><event eventtype='2'/></app><app appid='b'/><app appid='c'><data index='y'/><event eventtype='3'/></app>"));
        Assert.Equal([1, 2], request.EventsOf(request.Apps[0]).ToArray().Select(reported => reported.EventType));
        Assert.Equal(0, request.EventsOf(request.Apps[1]).Length);
        Assert.Equal(3, request.EventsOf(request.Apps[2])[0].EventType);
        Assert.Equal("y", request.Text(request.DataOf(request.Apps[2])[0].Index));
    }

    [Fact]
    public void Updatecheck_is_the_first_when_there_are_two()
    {
        var request = Reading.Accept(Samples.App(content: "<updatecheck targetversionprefix='1'/><updatecheck targetversionprefix='2' updatedisabled='1' tag='t'/>"));
        Assert.Equal("1", request.Text(request.OnlyApp().TargetVersionPrefix));
        Assert.False(request.OnlyApp().UpdateDisabled);
        Assert.True(request.OnlyApp().Tag.IsEmpty);
    }

    [Fact]
    public void Ping_is_the_first_when_there_are_two()
    {
        var app = Reading.Accept(Samples.App(content: "<ping rd='1'/><ping rd='2' active='1'/>")).OnlyApp();
        Assert.Equal((1, false), (app.PingRollCallDay, app.PingActive));
    }

    [Theory]
    [InlineData("active='1'", true)]
    [InlineData("active='0' r='5' rd='2'", false)]
    [InlineData("a='-1'", true)]
    [InlineData("ad='2535'", true)]
    [InlineData("rd='3'", false)]
    [InlineData("", false)]
    public void Ping_is_active_when_it_holds(string attributes, bool active) =>
        Assert.Equal(active, Reading.Accept(Samples.App(content: $"<ping {attributes}/>")).OnlyApp().PingActive);

    [Theory]
    [InlineData("tag='a' release_channel='b'", "tag='c' release_channel='d'", "c d")]
    [InlineData("tag='a' release_channel='b'", "tag='' release_channel=''", "a b")]
    [InlineData("tag='a' release_channel='b'", "", "a b")]
    [InlineData("", "tag='c' release_channel='d'", "c d")]
    public void Channel_wishes_of_the_updatecheck_come_first(string app, string updatecheck, string read)
    {
        var request = Reading.Accept(Samples.App(app, $"<updatecheck {updatecheck}/>"));
        Assert.Equal(read, $"{request.Text(request.OnlyApp().Tag)} {request.Text(request.OnlyApp().ReleaseChannel)}");
    }

    [Theory]
    [InlineData("fp='a'", "<packages><package fp='b'/></packages>", "a")]
    [InlineData("", "<packages><package/><package fp='b'/><package fp='c'/></packages>", "b")]
    [InlineData("", "<package fp='b'/><packages fp='c'/>", "")]
    public void Fingerprint_is_read_from_the_app_or_its_first_package(string app, string content, string read)
    {
        var request = Reading.Accept(Samples.App(app, content));
        Assert.Equal(read, request.Text(request.OnlyApp().Fingerprint));
    }

    [Fact]
    public void Cohort_is_kept_when_it_has_1024_characters_and_not_with_one_more()
    {
        Assert.Equal(1024, Reading.Accept(Samples.App($"cohort='{new string('c', 1024)}'")).OnlyApp().Cohort.Length);
        Assert.True(Reading.Accept(Samples.App($"cohort='{new string('c', 1025)}'")).OnlyApp().Cohort.IsEmpty);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("a&#10;b")]
    [InlineData("a&#9;b")]
    [InlineData("\u007F")]
    public void Cohort_counts_as_absent_when_it_holds(string value)
    {
        var app = Reading.Accept(Samples.App($"cohort='{value}' cohorthint='{value}' cohortname='{value}' brand='{value}'")).OnlyApp();
        Assert.True(app.Cohort.IsEmpty && app.CohortHint.IsEmpty && app.CohortName.IsEmpty);
        Assert.False(app.Brand.IsEmpty);
    }

    [Fact]
    public void Cohort_keeps_the_space_that_a_line_end_in_it_becomes()
    {
        var request = Reading.Accept(Samples.App("cohort='a\nb'"));
        Assert.Equal("a b", request.Text(request.OnlyApp().Cohort));
    }

    [Theory]
    [InlineData("<app/>")]
    [InlineData("<app appid=''/>")]
    public void App_is_kept_when_its_id_is_missing(string xml) => Assert.True(Reading.Accept(Samples.Request(xml)).OnlyApp().Id.IsEmpty);

    [Fact]
    public void Apps_are_kept_in_order_when_one_comes_again()
    {
        var request = Reading.Accept(Samples.Request("<app appid='a'/><app appid='b'/><app appid='a'/>"));
        Assert.Equal(["a", "b", "a"], request.Apps.ToArray().Select(app => request.Text(app.Id)));
    }

    [Fact]
    public void Install_source_is_read_from_the_root_and_from_the_app()
    {
        var request = Reading.Accept("<request protocol='3.1' installsource='scheduler'><app appid='a' installsource='ondemand'/></request>");
        Assert.Equal("scheduler ondemand", $"{request.Text(request.InstallSource)} {request.Text(request.OnlyApp().InstallSource)}");
    }

    [Fact]
    public void Lang_of_the_app_comes_before_that_of_the_root()
    {
        var request = Reading.Accept("<request protocol='3.1' lang='de'><app appid='a' lang='fr'/><app appid='b' lang=''/></request>");
        Assert.Equal("fr de", $"{request.Text(request.Apps[0].Lang)} {request.Text(request.Apps[1].Lang)}");
    }

    [Fact]
    public void Nothing_of_the_last_request_is_left_when_the_next_is_read()
    {
        var request = new UpdateRequest();
        foreach (var sample in Samples.All)
        {
            request.Load(System.Text.Encoding.UTF8.GetBytes(sample));
            Assert.Equal(Refusal.None, XmlRequestReader.Read(request));
            Assert.Equal(Reading.Describe(Reading.Accept(sample)), Reading.Describe(request));
        }
    }
}
