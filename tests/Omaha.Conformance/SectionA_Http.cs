using System.Globalization;
using System.Text;

namespace Omaha.Conformance;

/// <summary>Section A: what clients and proxies see of HTTP.</summary>
public sealed class SectionA_Http(LiveServer server)
{
    private static readonly string Check = new FlatcarMachine().Check();

    private static byte[] Request(string line, string headers = "") =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{line}\r\nHost: localhost\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(Check)}\r\n\r\n{Check}"));

    private static bool HasReply(string received) => received.Contains("</response>", StringComparison.Ordinal);

    [Fact]
    public async Task A01_Update_path_answers_the_same_with_and_without_a_slash()
    {
        var with = await server.PostAsync(Check, "/v1/update/");
        var without = await server.PostAsync(Check, "/v1/update");
        Assert.Equal(200, with.Status);
        Assert.Equal(200, without.Status);
        Assert.Equal(with.Body, without.Body);
    }

    [Theory]
    [InlineData("/service/update2")]
    [InlineData("/service/update2/")]
    [InlineData("/update")]
    [InlineData("/update/")]
    [InlineData("/extensions")]
    [InlineData("/extensions/")]
    public async Task A02_Paths_of_other_clients_answer_as_well(string path)
    {
        var reply = await server.PostAsync(Check, path);
        Assert.Equal(200, reply.Status);
        Assert.Equal((await server.PostAsync(Check)).Body, reply.Body);
    }

    [Fact]
    public async Task A03_Content_type_may_be_missing() =>
        Assert.Equal(200, (await server.PostAsync(new FlatcarMachine().CheckByHelper(), contentType: null)).Status);

    [Theory]
    [InlineData("text/xml")]
    [InlineData("application/xml")]
    [InlineData("text/xml; charset=UTF-8")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A04_Content_types_that_clients_send_are_taken(string contentType) =>
        Assert.Equal("4081.3.1", (await server.PostAsync(Check, contentType: contentType)).App.Version);

    [Fact]
    public async Task A05_Charset_of_the_header_gives_way_to_the_document() =>
        Assert.Equal("conformance.stra\u00dfe", (await server.PostAsync("""<?xml version="1.0" encoding="UTF-8"?>""" + Plain.CheckOf("conformance.stra\u00dfe"), contentType: "text/xml; charset=iso-8859-1")).App.Id);

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    public async Task A06_XML_that_is_called_JSON_is_refused(string contentType) =>
        Assert.Equal(400, (await server.PostAsync(Check, contentType: contentType)).Status);

    [Theory]
    [InlineData("/v1/update")]
    [InlineData("/v1/update/")]
    public async Task A07_GET_on_the_update_path_is_told_to_post(string path)
    {
        var reply = await server.SendAsync(HttpMethod.Get, path);
        Assert.Equal(405, reply.Status);
        Assert.Equal(["POST"], reply.ContentHeaders.Allow);
    }

    [Theory]
    [InlineData("/service/update2?cup2key=9:314&cup2hreq=0badcafe")]
    [InlineData("/v1/update/?")]
    [InlineData("/v1/update?x=%00&x=&=")]
    public async Task A08_Query_parameters_are_ignored(string path)
    {
        var reply = await server.PostAsync(Check, path);
        Assert.Equal(200, reply.Status);
        Assert.Equal((await server.PostAsync(Check)).Body, reply.Body);
    }

    [Fact]
    public async Task A09_Body_above_64_KiB_is_refused_and_the_connection_lives_on()
    {
        var tooLarge = Encoding.ASCII.GetBytes(new string(' ', (64 * 1024) + 1));
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"POST /v1/update HTTP/1.1\r\nHost: localhost\r\nContent-Length: {tooLarge.Length}\r\n\r\n"));
        var received = await server.SendRawAsync([head, tooLarge, Request("POST /v1/update HTTP/1.1")], HasReply);
        Assert.StartsWith("HTTP/1.1 413 ", received, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 ", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A09_Body_of_exactly_64_KiB_is_answered() =>
        Assert.Equal(200, (await server.PostAsync(Check.TrimEnd().PadRight(64 * 1024))).Status);

    [Fact]
    public async Task A09_Body_above_64_KiB_in_chunks_is_refused()
    {
        var chunk = Encoding.ASCII.GetBytes("2000\r\n" + new string(' ', 0x2000) + "\r\n");
        var received = await server.SendRawAsync(
            [Encoding.ASCII.GetBytes("POST /v1/update HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"), .. Enumerable.Repeat(chunk, 9), "0\r\n\r\n"u8.ToArray()],
            static text => text.Contains("\r\n\r\n", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 413 ", received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("\r\n")]
    public async Task A10_Empty_body_is_refused(string rest)
    {
        var received = await server.SendRawAsync([Encoding.ASCII.GetBytes("POST /v1/update HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + rest)], static _ => false);
        Assert.StartsWith("HTTP/1.1 400 ", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A11_Reply_has_its_type_and_length_and_is_not_to_be_stored()
    {
        var reply = await server.PostAsync(Check);
        Assert.Equal("text/xml; charset=utf-8", reply.ContentHeaders.ContentType?.ToString());
        Assert.Equal(reply.Body.Length, reply.ContentHeaders.ContentLength);
        Assert.True(reply.Headers.CacheControl?.NoStore);
        Assert.Null(reply.Headers.ETag);
    }

    [Fact]
    public async Task A12_Reply_to_a_client_that_accepts_no_encoding_is_not_compressed()
    {
        var received = await server.SendRawAsync([Request("POST /v1/update HTTP/1.1")], HasReply);
        Assert.StartsWith("HTTP/1.1 200 ", received, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Encoding", received, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<?xml", received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scheduler", "fg")]
    [InlineData("scheduler", "bg")]
    [InlineData("ondemandupdate", "bg")]
    public async Task A14_Interactivity_header_decides_nothing(string source, string header)
    {
        var check = new FlatcarMachine { Source = source }.Check();
        var reply = await server.PostAsync(check, headers: [("X-Goog-Update-Interactivity", header), ("X-GoogleUpdate-Interactivity", header), ("X-Goog-Update-AppId", "{00000000-0000-0000-0000-000000000000}")]);
        Assert.Equal((await server.PostAsync(check)).Body, reply.Body);
    }

    [Fact]
    public async Task A15_HEAD_is_told_to_post()
    {
        var reply = await server.SendAsync(HttpMethod.Head, "/v1/update");
        Assert.Equal(405, reply.Status);
        Assert.Equal(["POST"], reply.ContentHeaders.Allow);
    }

    [Theory]
    [InlineData("POST /v1/update/ HTTP/1.0", "")]
    [InlineData("POST /v1/update/ HTTP/1.1", "Connection: close\r\n")]
    public async Task A16_Client_that_wants_one_reply_gets_it_and_the_connection_is_closed(string line, string headers)
    {
        var received = await server.SendRawAsync([Request(line, headers)], static _ => false);
        Assert.StartsWith("HTTP/1.1 200 ", received, StringComparison.Ordinal);
        Assert.EndsWith("</response>", received, StringComparison.Ordinal);
    }
}
