using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Omaha.Conformance;

/// <summary>Section B: which documents are taken, and that all others are refused with a 400 and nothing worse.</summary>
public sealed class SectionB_Xml(LiveServer server)
{
    private const string Declaration = """<?xml version="1.0" encoding="UTF-8"?>""";

    /// <summary>A check of a machine that is behind, so that a reply with an offer shows that it was understood.</summary>
    private static readonly string Check = Plain.CheckOf(Catalogue.Flatcar, "3510.2.0", "board=\"amd64-usr\"");

    private async Task MustBeOfferedAsync(byte[] request) => Assert.NotNull((await server.AskAsync(request)).App.Version);

    private Task MustBeOfferedAsync(string request) => MustBeOfferedAsync(Encoding.UTF8.GetBytes(request));

    /// <summary>The text of a refusal begins with the name that it is counted under.</summary>
    private async Task MustBeRefusedAsync(byte[] request, string? refusal = null)
    {
        var reply = await server.PostAsync(request);
        Assert.Equal(400, reply.Status);
        Assert.StartsWith(refusal ?? "", reply.Text, StringComparison.Ordinal);
    }

    private Task MustBeRefusedAsync(string request, string? refusal = null) => MustBeRefusedAsync(Encoding.UTF8.GetBytes(request), refusal);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n\t\t  ")]
    public Task B01_White_space_before_the_declaration_is_skipped(string space) => MustBeOfferedAsync(space + Declaration + Check);

    [Fact]
    public Task B02_Byte_order_mark_of_UTF_8_is_skipped() => MustBeOfferedAsync("\uFEFF" + Declaration + Check);

    [Fact]
    public async Task B03_Single_quotes_may_hold_double_ones()
    {
        await MustBeOfferedAsync($"<?xml version='1.0' encoding='UTF-8'?><request protocol='3.0' version='it&apos;s'><app appid='{Catalogue.OddTracks}' version='1.0' track='a\"b'><updatecheck/></app></request>");
        await MustBeOfferedAsync(Plain.CheckOf(Catalogue.OddTracks, "1.0", "track=\"it's\""));
    }

    [Fact]
    public async Task B04_Attributes_and_elements_may_come_in_any_order_and_over_any_lines()
    {
        var app = (await server.AskAsync(
            $"{Declaration}\r\n<request\r\n\tismachine = \"1\"\r\n\tprotocol\t=\n\"3.0\"\r\n>\r\n<app board=\"amd64-usr\"\ntrack=\"stable\"  version =\"3510.2.0\"\r\nappid= \"{Catalogue.Flatcar}\"\r\n><event eventresult=\"1\" eventtype=\"14\"/><updatecheck\n/><ping active=\"1\"/></app><os sp=\"\" version=\"\" platform=\"CoreOS\"/></request>\r\n")).App;
        Assert.Equal("4081.3.1", app.Version);
    }

    [Fact]
    public async Task B05_Comments_instructions_and_CDATA_do_not_get_in_the_way()
    {
        var app = (await server.AskAsync(
            $"{Declaration}<!-- a --><?note to nobody?><request protocol=\"3.0\"><!-- <app appid=\"x\"/> --><app appid=\"{Catalogue.Counted}\" version=\"1\"><data name=\"untrusted\"><![CDATA[<data name=\"install\"/>&amp;]]></data><![CDATA[<event/>]]><updatecheck><!-- b --></updatecheck></app></request><!-- c --><?note?>")).App;
        Assert.Equal("updatecheck data", app.Children);
        Assert.Equal("4081.3.1", app.Version);
    }

    [Fact]
    public async Task B06_Character_references_are_resolved()
    {
        var app = (await server.AskAsync(Plain.CheckOf("&#123;e96281a6-d1af-4bde-9a0a-97b76e56dc57&#x7D;", "4081&#x2E;3&#46;1", "board=\"&#97;md64-us&#x72;\""))).App;
        Assert.Equal(Catalogue.Flatcar, app.Id);
        Assert.Equal("noupdate", app.CheckStatus);
        await MustBeOfferedAsync(Plain.CheckOf(Catalogue.OddTracks, "1.0", "track=\"a&amp;b&lt;c&gt;\""));
        await MustBeOfferedAsync(Plain.CheckOf(Catalogue.OddTracks, "1.0", "track=\"it&apos;s\""));
        await MustBeOfferedAsync(Plain.CheckOf(Catalogue.OddTracks, "1.0", "track=\"a&quot;b\""));
    }

    [Fact]
    public async Task B07_Line_break_in_an_attribute_is_a_space_and_its_reference_is_not()
    {
        await MustBeOfferedAsync(Plain.CheckOf(Catalogue.OddTracks, "1.0", "track=\"sta\nble\""));
        await MustBeOfferedAsync(Plain.CheckOf(Catalogue.OddTracks, "1.0", "track=\"sta\r\nble\""));
        await MustBeOfferedAsync(Plain.CheckOf(Catalogue.OddTracks, "1.0", "track=\"sta&#32;ble\" cohort=\"a&#10;b\""));
        Assert.Equal("noupdate", (await server.AskAsync(Plain.CheckOf(Catalogue.OddTracks, "1.0", "track=\"sta&#10;ble\""))).App.CheckStatus);
    }

    [Fact]
    public Task B08_Raw_characters_of_every_plane_are_read() => MustBeOfferedAsync(Plain.CheckOf(Catalogue.OddTracks, "1.0", "track=\"stra\u00dfe-\u96ea-\U0001F600\""));

    [Fact]
    public Task B09_Values_as_update_engine_escapes_them_are_read() =>
        MustBeOfferedAsync(new FlatcarMachine { Id = Catalogue.OddTracks, Version = "1.0", Track = "a&amp;b&lt;c&gt;", Alias = "B&#xFC;ro&#x2116;&#x1F600;" }.Check());

    [Fact]
    public async Task B09_Track_is_found_by_the_spelling_of_the_catalogue()
    {
        var id = AppDraft.IdFor("B09");
        await server.WriteAsync(new AppDraft(id).Release("nightly", "2.0").Channel("stable").With(static spec => spec.Tracks = new() { ["B\u00dcRO"] = "nightly" }).Seal());
        await MustBeOfferedAsync(Plain.CheckOf(id, "1.0", "track=\"B&#xDC;RO\""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<?xml version=\"1.0\"?>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>")]
    [InlineData("<?xml version=\"1.0\" standalone='no' ?>\n")]
    [InlineData("<?xml version=\"1.0\" encoding=\"US-ASCII\"?>")]
    public Task B10_Declaration_may_be_missing_or_longer(string declaration) => MustBeOfferedAsync(declaration + Check);

    [Fact]
    public async Task B11_UTF_16_is_refused()
    {
        const string document = """<?xml version="1.0" encoding="UTF-16"?><request protocol="3.0"/>""";
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            await MustBeRefusedAsync([.. encoding.GetPreamble(), .. encoding.GetBytes(document)], "UnsupportedEncoding");
        }
    }

    [Fact]
    public Task B12_UTF_8_that_is_declared_to_be_UTF_16_is_refused() => MustBeRefusedAsync("""<?xml version="1.0" encoding="UTF-16"?>""" + Check, "UnsupportedEncoding");

    [Theory]
    [InlineData("ISO-8859-1")]
    [InlineData("windows-1252")]
    public Task B13_Other_encodings_are_refused(string encoding) =>
        MustBeRefusedAsync(Encoding.Latin1.GetBytes($"<?xml version=\"1.0\" encoding=\"{encoding}\"?>" + Plain.CheckOf("b\u00fcro")), "UnsupportedEncoding");

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3, (byte)'x' })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public Task B14_Invalid_UTF_8_is_refused(byte[] bytes)
    {
        byte[] document = [.. "<request protocol=\"3.0\"><app appid=\"a"u8, .. bytes, .. "\"/></request>"u8];
        return MustBeRefusedAsync(document, "UnsupportedEncoding");
    }

    [Fact]
    public Task B15_XML_1_1_is_refused() => MustBeRefusedAsync("""<?xml version="1.1" encoding="UTF-8"?>""" + Check);

    [Fact]
    public Task B16_Attribute_given_twice_is_refused() => MustBeRefusedAsync(Plain.Request($"<app appid=\"{Catalogue.Flatcar}\" version=\"1\" version=\"2\"/>"), "DuplicateAttribute");

    [Theory]
    [InlineData("garbage")]
    [InlineData("<request protocol=\"3.0\"/>")]
    [InlineData("&amp;")]
    [InlineData("<")]
    public Task B17_Anything_after_the_root_is_refused(string rest) => MustBeRefusedAsync(Check + rest);

    [Theory]
    [InlineData("\0")]
    [InlineData("\r\n\0\0")]
    [InlineData(" \n")]
    public Task B18_White_space_and_NUL_after_the_root_do_not_count(string rest) => MustBeOfferedAsync(Check + rest);

    [Fact]
    public Task B18_Text_after_a_NUL_is_refused() => MustBeRefusedAsync(Check + "\0x");

    [Theory]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a\"><updatech")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a\">")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a&b\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a&nbsp;b\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a\u0001\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a&#1;\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a&#xD800;\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a&#x110000;\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a<b\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a\uFFFE\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a&#xFFFF;\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a&#;\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a&amp\"/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a\"version=\"1\"/></request>")]
    [InlineData("<request protocol=\"3.0\">]]></request>")]
    [InlineData("<request protocol=\"3.0\"><!-- a -- b --></request>")]
    [InlineData("<request protocol=\"3.0\"><?xml version=\"1.0\"?></request>")]
    [InlineData("<request protocol=\"3.0\"><![CDATA[x</request>")]
    [InlineData("<request protocol=\"3.0\"><1app/></request>")]
    [InlineData("<request protocol=\"3.0\"><app appid=a/></request>")]
    [InlineData("<request protocol=\"3.0\"><app></request></app>")]
    public Task B19_What_is_not_well_formed_is_refused(string document) => MustBeRefusedAsync(document);

    [Fact]
    public async Task B20_Quote_that_was_not_escaped_is_refused_counted_and_kept_out_of_the_log()
    {
        const string machine = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
        var check = new FlatcarMachine { Track = "\"stable\"", Oem = "\"ami\"", MachineId = machine }.Check();
        Assert.Equal(1, await server.GrowthAsync(Counters.Refusals("UnescapedQuote"), () => MustBeRefusedAsync(check, "UnescapedQuote")));
        Assert.DoesNotContain(server.Log.All, static line => line.Contains(machine, StringComparison.Ordinal) || line.Contains("<app", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<app appid=\"a\" enabled=\"0\"<disabled reason=\"1\"/>><updatecheck/></app>")]
    [InlineData("<app appid=\"a\"><event eventtype=\"14\" url=\"http://dl.example/a?b=1&c=2\"/></app>")]
    public Task B21_Documents_that_Chromium_spoils_are_refused(string app) => MustBeRefusedAsync(Plain.Request(app, "3.1"));

    [Theory]
    [InlineData("<!DOCTYPE request>")]
    [InlineData("<!DOCTYPE request []>")]
    [InlineData("<!doctype request>")]
    [InlineData("<!DOCTYPE request [<!ENTITY a \"stable\">]>")]
    [InlineData("<!DOCTYPE request [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>")]
    [InlineData("<!DOCTYPE request [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>")]
    [InlineData("<!DOCTYPE request [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>")]
    public async Task B22_Document_type_declaration_of_any_kind_is_refused(string declaration)
    {
        var reply = await server.PostAsync(Declaration + declaration + Plain.CheckOf("&a;&d;"));
        Assert.Equal(400, reply.Status);
        Assert.DoesNotContain("root:", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("aaaa", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B22_External_subset_is_never_fetched()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}/request.dtd";
        await MustBeRefusedAsync($"<!DOCTYPE request SYSTEM \"{url}\">" + Check, "DocumentType");
        await MustBeRefusedAsync($"<!DOCTYPE request [<!ENTITY a SYSTEM \"{url}\">]>" + Plain.CheckOf("&a;"), "DocumentType");
        Assert.False(listener.Pending());
    }

    [Fact]
    public Task B23_Elements_nested_too_deep_are_refused() =>
        MustBeRefusedAsync(Plain.Request(string.Concat(Enumerable.Repeat("<a>", 2000)) + string.Concat(Enumerable.Repeat("</a>", 2000))), "TooDeep");

    [Fact]
    public Task B24_Too_many_attributes_are_refused() =>
        MustBeRefusedAsync(Plain.Request("", attributes: string.Concat(Enumerable.Range(0, 1500).Select(static i => $" a{i}=\"\""))), "TooManyAttributes");

    [Theory]
    [InlineData("appid")]
    [InlineData("cohort")]
    [InlineData("x")]
    public async Task B25_Attribute_of_20_000_characters_is_never_echoed(string name)
    {
        var reply = await server.PostAsync(Plain.Request($"<app {name}=\"{new string('q', 20_000)}\"><updatecheck/></app>"));
        Assert.True(reply.Status is 200 or 400);
        Assert.DoesNotContain("qqqq", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B26_Unknown_elements_are_ignored_with_all_that_is_in_them()
    {
        var reply = await server.AskAsync(Plain.Request(
            $"<extra a=\"1\"><app appid=\"evil\"><updatecheck/></app><request><app appid=\"evil\"/></request></extra><app appid=\"{Catalogue.Counted}\" version=\"1\" new=\"1\"><extra><updatecheck targetversionprefix=\"9\"/><ping/><event/></extra><updatecheck newer=\"1\"><future><updatecheck/></future></updatecheck></app>"));
        Assert.Equal("updatecheck", reply.App.Children);
        Assert.Equal("4081.3.1", reply.App.Version);

        reply = await server.AskAsync(Plain.Request(Plain.App(Catalogue.Counted, "1", "<extra><updatecheck/></extra>")));
        Assert.Equal("", reply.App.Children);
    }

    [Theory]
    [InlineData("<Request Protocol=\"3.0\"/>")]
    [InlineData("<REQUEST protocol=\"3.0\"/>")]
    [InlineData("<response protocol=\"3.0\"/>")]
    [InlineData("<gupdate protocol=\"3.0\"/>")]
    [InlineData("<html><body/></html>")]
    public Task B27_Other_roots_are_refused(string document) => MustBeRefusedAsync(document, "WrongRoot");

    [Theory]
    [InlineData("<request protocol=\"3.0\" xmlns=\"http://www.google.com/update2/request\"><app appid=\"{0}\"><updatecheck/></app></request>")]
    [InlineData("<o:request protocol=\"3.0\" xmlns:o=\"http://www.google.com/update2/request\"><o:app appid=\"{0}\"><o:updatecheck/></o:app></o:request>")]
    [InlineData("<request protocol=\"3.0\" xmlns=\"\"><app appid=\"{0}\"><updatecheck/></app></request>")]
    [InlineData("<request protocol=\"3.0\" xmlns:v=\"urn:vendor\" v:protocol=\"9\"><v:app appid=\"evil\"/><app v:appid=\"evil\" appid=\"{0}\"><updatecheck/><v:ping/></app></request>")]
    public async Task B28_Namespace_of_requests_and_none_are_the_same(string document)
    {
        var app = (await server.AskAsync(document.Replace("{0}", Catalogue.Counted, StringComparison.Ordinal))).App;
        Assert.Equal("updatecheck", app.Children);
        Assert.Equal("4081.3.1", app.Version);
    }

    [Fact]
    public Task B28_Other_namespace_is_refused() => MustBeRefusedAsync("<request protocol=\"3.0\" xmlns=\"http://www.google.com/update2/response\"/>", "WrongRoot");

    [Theory]
    [InlineData("<o:request protocol=\"3.0\"/>")]
    [InlineData("<request protocol=\"3.0\" o:a=\"1\"/>")]
    [InlineData("<request protocol=\"3.0\"><app appid=\"a\"><o:x/></app></request>")]
    public Task B29_Prefix_that_is_not_declared_is_refused(string document) => MustBeRefusedAsync(document, "BadNamespace");

    [Theory]
    [InlineData("please update me")]
    [InlineData("<request without an end")]
    [InlineData("{\"request\":{\"protocol\":\"3.1\",\"app\":[]}}")]
    [InlineData(" \r\n\t ")]
    [InlineData(")]}'\n<request protocol=\"3.0\"/>")]
    [InlineData("\0")]
    public Task B30_What_is_no_XML_at_all_is_refused(string document) => MustBeRefusedAsync(document);

    [Fact]
    public async Task B31_Request_in_segments_of_one_byte_gets_the_same_reply()
    {
        var body = Encoding.UTF8.GetBytes(new FlatcarMachine { Alias = "B\u00fcro \U0001F600" }.Check());
        var received = await server.SendRawAsync(
            [Encoding.ASCII.GetBytes($"POST /v1/update HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n"), .. body.Select(static b => new[] { b })],
            static text => text.Contains("</response>", StringComparison.Ordinal));
        Assert.EndsWith((await server.PostAsync(body)).Text, received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B32_Empty_element_may_be_written_in_every_way()
    {
        var reference = await server.AskAsync(Plain.CheckOf(Catalogue.Counted, "1"));
        foreach (var check in (string[])["<updatecheck></updatecheck>", "<updatecheck />", "<updatecheck\n></updatecheck >", "<updatecheck> </updatecheck>"])
        {
            Assert.Equal(reference.Body, (await server.AskAsync(Plain.CheckOf(Catalogue.Counted, "1", check: check))).Body);
        }
    }
}
