using System.Globalization;
using System.Text;
using Omaha.Catalog;
using Omaha.Conformance.Clients;
using Omaha.Protocol;

namespace Omaha.Conformance;

/// <summary>Section I: what must hold whatever happens.</summary>
public sealed class SectionI_Robustness(LiveServer server)
{
    private const string ControlCharacters = "&#9;&#10;&#13;&#x80;&#x9F;";

    [Fact]
    public async Task I01_Reply_is_wholly_old_or_wholly_new_while_the_catalogue_changes()
    {
        var id = AppDraft.IdFor("I01");
        AppDocument Form(int number) => new AppDraft(id).Release("stable", string.Create(CultureInfo.InvariantCulture, $"2.{number}.0")).Seal();
        await server.WriteAsync(Form(0));

        var check = Encoding.UTF8.GetBytes(Plain.Request(string.Concat(Enumerable.Repeat(Plain.App(id, "1.0"), 16))));
        var writing = Task.Run(async () =>
        {
            for (var number = 1; number <= 40; number++) await server.WriteAsync(Form(number));
        });
        var asking = Enumerable.Range(0, 2).Select(async _ =>
        {
            do
            {
                var reply = await server.AskAsync(check);
                var version = Assert.Single(reply.Apps.Select(static app => app.Version).Distinct());
                Assert.All(reply.Apps, app => Assert.Equal([$"https://dl.example/stable/{version}/"], app.Codebases));
            }
            while (!writing.IsCompleted);
        });
        await Task.WhenAll([writing, .. asking]);
        Assert.Equal("2.40.0", (await server.AskAsync(Plain.CheckOf(id, "1.0"))).App.Version);
    }

    [Fact]
    public async Task I02_App_that_fails_does_not_keep_the_next_from_its_answer()
    {
        var reply = await server.AskAsync(Plain.Request(Plain.App("no-such-app", "1") + Plain.App("", "1") + Plain.App(Catalogue.Flatcar, "1", attributes: "track=\"no-such-track\"") + Plain.App(Catalogue.Extension, "0.9")));
        Assert.Equal(["error-unknownApplication", "error-invalidAppId", "ok", "ok"], reply.Apps.Select(static app => app.Status));
        Assert.Equal([null, null, "noupdate", "ok"], reply.Apps.Select(static app => app.CheckStatus));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(128)]
    public async Task I03_Every_event_is_acknowledged(int count)
    {
        var events = string.Concat(Enumerable.Range(0, count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"<event eventtype=\"{i * 7}\" eventresult=\"{i % 12}\"/>")));
        Assert.Equal(count, (await server.AskAsync(Plain.CheckOf(Catalogue.Extension, "1.0", check: events))).App.Xml.Elements("event").Count());
    }

    [Fact]
    public async Task I03_More_events_than_any_client_sends_are_refused() =>
        Assert.Equal(400, (await server.PostAsync(Plain.CheckOf(Catalogue.Extension, "1.0", check: string.Concat(Enumerable.Repeat("<event/>", 129))))).Status);

    [Fact]
    public async Task I04_Host_header_has_no_say_in_the_reply()
    {
        var check = new FlatcarMachine().Check();
        Assert.Equal((await server.PostAsync(check)).Body, (await server.PostAsync(check, headers: [("Host", "evil.example")])).Body);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7, 10.0.0.1")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Forwarded", "for=203.0.113.7;host=evil.example")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    public async Task I05_Forwarding_headers_of_anybody_have_no_say_in_the_reply(string name, string value)
    {
        var check = new FlatcarMachine().Check();
        Assert.Equal((await server.PostAsync(check)).Body, (await server.PostAsync(check, headers: [(name, value)])).Body);
    }

    [Fact]
    public async Task I06_Alias_of_4_KiB_of_control_characters_changes_nothing()
    {
        var alias = string.Concat(Enumerable.Repeat(ControlCharacters, 4096 / ControlCharacters.Length));
        var reply = await server.AskAsync(new FlatcarMachine { Alias = alias }.Check());
        Assert.Equal((await server.AskAsync(new FlatcarMachine().Check())).Body, reply.Body);
    }

    [Fact]
    public async Task I09_Offer_to_a_machine_of_Flatcar_suits_every_client_of_its_kind()
    {
        var check = new FlatcarMachine().Check();
        var reply = await server.AskAsync(check);
        var verdict = UpdateEngine.Judge(reply.Status, reply.Body);
        Assert.Equal("UPDATE 4081.3.1 size=100000000 urls=1 max=10 poll=0 delta=0", verdict.ToString());
        Assert.Equal(["https://dl.example/stable/4081.3.1/update.gz"], verdict.Offer!.Urls);
        Assert.True(verdict.Offer.BackoffDisabled);
        Assert.Null(UpdateEngine.WhyDownloadFails(verdict.Offer));
        Assert.Equal(["update.gz", "oem-vmware.gz", "flatcar-python.gz"], UeRs.Read(reply.Body).Select(static url => url.Segments[^1]));
        Assert.Equal("ok", GoOmaha.Read(reply.Body, "text/xml; charset=utf-8", Catalogue.Flatcar));

        var helper = await server.AskAsync(new FlatcarMachine().CheckByHelper());
        Assert.Equal(UeRs.Read(reply.Body), UeRs.Read(helper.Body));
    }

    [Fact]
    public async Task I09_Offer_to_the_Go_library_is_read_by_it()
    {
        var reply = await server.AskAsync(GoOmahaClient.Check(Catalogue.Flatcar, "3510.2.0"));
        Assert.Equal("ok", GoOmaha.Read(reply.Body, reply.ContentHeaders.ContentType?.ToString(), Catalogue.Flatcar));
        reply = await server.AskAsync(GoOmahaClient.Check(Catalogue.Flatcar, "4081.3.1"));
        Assert.Equal("noupdate", GoOmaha.Read(reply.Body, reply.ContentHeaders.ContentType?.ToString(), Catalogue.Flatcar));
    }

    [Fact]
    public async Task I09_Offer_to_Google_Update_is_read_by_it()
    {
        var reply = await server.AskAsync(GoogleUpdate.Request(GoogleUpdate.App(Catalogue.Browser, "139.0.0.0", "<updatecheck/><data name=\"untrusted\">x</data><ping r=\"1\"/>")));
        var app = GoogleUpdateClient.Read(reply.Body).Single();
        Assert.Equal("ok", app.Status);
        Assert.Equal(["installer.exe"], app.Packages);
        Assert.Equal(1, app.UntrustedAnswers);
    }

    [Theory]
    [InlineData("3.0")]
    [InlineData("3.1")]
    public async Task I09_Offer_to_Chromium_is_read_by_it(string protocol)
    {
        var reply = await server.AskAsync(Chromium.Request(Chromium.App(Catalogue.Extension, "0.9") + Chromium.App(Catalogue.Extension, "1.0.0"), protocol));
        Assert.Equal([(Catalogue.Extension, "ok", null), (Catalogue.Extension, "noupdate", null)], ChromiumUpdater.Read(reply.Body, protocol));
    }

    [Fact]
    public async Task I09_Offer_to_a_device_of_ChromeOS_is_read_by_it()
    {
        var reply = await server.AskAsync(ChromeOsDevice.Request(ChromeOsDevice.App(Catalogue.ChromeOs)));
        Assert.Equal(1, ChromeOsEngine.Read(reply.Body, Catalogue.ChromeOs));
        reply = await server.AskAsync(ChromeOsDevice.Request(ChromeOsDevice.App(Catalogue.ChromeOs, "15572.63.0")));
        Assert.Equal(0, ChromeOsEngine.Read(reply.Body, Catalogue.ChromeOs));
    }

    [Fact]
    public async Task I09_Package_without_a_hash_does_not_spoil_the_reply_for_clients_that_need_one()
    {
        var id = AppDraft.IdFor("I09");
        var document = new AppDraft(id).Release("stable", "2.0.0", change: static release => release.Packages!.Add(new PackageSpec { Name = "extra.bin", Size = 5 })).Seal();
        if (AppValidator.Check(document).Count > 0) return; // Refused when it is written: as good as an answer that all can read.

        await server.WriteAsync(document);
        await server.AskAsync(GoogleUpdate.Request(GoogleUpdate.App(id, "1.0.0.0", Plain.Check)));
        await server.AskAsync(ChromeOsDevice.Request(ChromeOsDevice.App(id, "1.0.0")));
    }

    [Fact]
    public async Task I10_Character_that_XML_forbids_never_gets_into_a_reply()
    {
        var id = AppDraft.IdFor("I10");
        await server.WriteAsync(new AppDraft(id).Release("stable", "2.0", change: static release =>
            release.Actions = [new ActionSpec { Event = "install", Run = "payload.bin", Arguments = "--name=\"a\uFFFEb\uFFFF<&>\"" }]).Seal());
        var app = (await server.AskAsync(Plain.CheckOf(id, "1.0"))).App;
        Assert.Equal("--name=\"ab<&>\"", (string?)app.Actions[0].Attribute("arguments"));
    }

    [Fact]
    public void I10_Writer_drops_what_no_document_can_hold() => Assert.Equal("abc\U0001F600d", XmlText.Escape("a\u0001b\ud800c\U0001F600\udc00d\u0000"));
}
