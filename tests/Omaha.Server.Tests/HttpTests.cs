using System.Globalization;
using System.Net;
using System.Text;

namespace Omaha.Server.Tests;

/// <summary>What clients and proxies see of HTTP.</summary>
public sealed class HttpTests(UpdateServer server) : IClassFixture<UpdateServer>
{
    private static readonly byte[] Check = Encoding.UTF8.GetBytes(Fleet.FlatcarCheck());

    private static byte[] Head(string line, string headers, int length) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{line}\r\nHost: localhost\r\n{headers}Content-Length: {length}\r\n\r\n"));

    private static bool HasReply(string received) => received.Contains("</response>", StringComparison.Ordinal);

    [Theory]
    [InlineData("/v1/update")]
    [InlineData("/v1/update/")]
    [InlineData("/service/update2")]
    [InlineData("/service/update2/")]
    [InlineData("/update")]
    [InlineData("/extensions")]
    [InlineData("/service/update2?cup2key=7:1&cup2hreq=ab")]
    public async Task Every_path_of_a_known_client_answers_without_a_redirect(string path)
    {
        using var reply = await server.PostAsync(Check, path);
        using var reference = await server.PostAsync(Check);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(await reference.Content.ReadAsStringAsync(), await reply.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/xml")]
    [InlineData("application/xml")]
    [InlineData("text/xml; charset=UTF-8")]
    [InlineData("text/xml; charset=iso-8859-1")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/atom+xml")]
    [InlineData("application/octet-stream")]
    [InlineData("nonsense")]
    public async Task Content_type_that_can_be_XML_is_taken(string? contentType)
    {
        using var reply = await server.PostAsync(Check, contentType: contentType);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.BadRequest)]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.BadRequest)]
    [InlineData("image/png", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/form-data; boundary=x", HttpStatusCode.UnsupportedMediaType)]
    public async Task Content_type_that_cannot_be_XML_is_refused(string contentType, HttpStatusCode status)
    {
        using var reply = await server.PostAsync(Check, contentType: contentType);
        Assert.Equal(status, reply.StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    public async Task Other_methods_are_told_which_one_to_use(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/update");
        using var reply = await server.Machines.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, reply.StatusCode);
        Assert.Equal(["POST"], reply.Content.Headers.Allow);
    }

    [Fact]
    public async Task Reply_has_its_length_and_type_and_is_not_to_be_stored()
    {
        using var reply = await server.PostAsync(Check);
        Assert.Equal("text/xml; charset=utf-8", reply.Content.Headers.ContentType?.ToString());
        Assert.Equal((await reply.Content.ReadAsByteArrayAsync()).Length, reply.Content.Headers.ContentLength);
        Assert.True(reply.Headers.CacheControl?.NoStore);
        Assert.Null(reply.Headers.ETag);
        Assert.Empty(reply.Content.Headers.ContentEncoding);
        Assert.Empty(reply.Headers.Server);
    }

    [Fact]
    public async Task Body_of_exactly_64_KiB_is_taken_and_one_byte_more_is_refused_without_losing_the_connection()
    {
        var padded = Fleet.FlatcarCheck().TrimEnd();
        var fits = Encoding.UTF8.GetBytes(padded + new string(' ', (64 * 1024) - Encoding.UTF8.GetByteCount(padded)));
        byte[] tooLarge = [.. fits, (byte)' '];

        var received = await server.SendRawAsync(
            [Head("POST /v1/update HTTP/1.1", "", tooLarge.Length), tooLarge, Head("POST /v1/update HTTP/1.1", "", fits.Length), fits],
            HasReply);

        Assert.StartsWith("HTTP/1.1 413 ", received, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 OK", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunked_body_is_answered_and_a_chunked_one_that_is_too_large_is_refused()
    {
        var chunked = Encoding.ASCII.GetBytes($"POST /v1/update HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{Check.Length:x}\r\n");
        var received = await server.SendRawAsync([chunked, Check, "\r\n0\r\n\r\n"u8.ToArray()], HasReply);
        Assert.StartsWith("HTTP/1.1 200 OK", received, StringComparison.Ordinal);

        var chunk = Encoding.ASCII.GetBytes("4000\r\n" + new string(' ', 0x4000) + "\r\n");
        received = await server.SendRawAsync(
            ["POST /v1/update HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), chunk, chunk, chunk, chunk, chunk, "0\r\n\r\n"u8.ToArray()],
            static text => text.Contains("\r\n\r\n", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 413 ", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_arrives_byte_by_byte_gets_the_same_answer()
    {
        using var reference = await server.PostAsync(Check);
        var received = await server.SendRawAsync(Check.Select(static b => new[] { b }).Prepend(Head("POST /v1/update HTTP/1.1", "", Check.Length)), HasReply);
        Assert.EndsWith(await reference.Content.ReadAsStringAsync(), received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_in_one_segment_are_answered_in_order()
    {
        var other = Encoding.UTF8.GetBytes(Fleet.FlatcarCheck("4081.3.1"));
        byte[] both = [.. Head("POST /v1/update HTTP/1.1", "", Check.Length), .. Check, .. Head("POST /v1/update HTTP/1.1", "", other.Length), .. other];
        var received = await server.SendRawAsync([both], static text => text.Split("</response>").Length == 3);
        Assert.True(received.IndexOf("status=\"ok\"><urls>", StringComparison.Ordinal) < received.IndexOf("noupdate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_that_waits_for_100_Continue_is_told_to_go_on()
    {
        var received = await server.SendRawAsync([Head("POST /v1/update HTTP/1.1", "Expect: 100-continue\r\n", Check.Length)], static text => text.Length > 0);
        Assert.StartsWith("HTTP/1.1 100 Continue", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HTTP_1_0_client_is_answered_and_its_connection_closed()
    {
        var received = await server.SendRawAsync([Encoding.ASCII.GetBytes($"POST /v1/update/ HTTP/1.0\r\nContent-Length: {Check.Length}\r\n\r\n"), Check], static _ => false);
        Assert.Contains(" 200 OK", received, StringComparison.Ordinal);
        Assert.EndsWith("</response>", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_after_a_request_ends_the_connection_and_not_the_answer()
    {
        byte[] both = [.. Head("POST /v1/update HTTP/1.1", "", Check.Length), .. Check, .. "\0\u0001garbage\r\n\r\n"u8];
        var received = await server.SendRawAsync([both], static _ => false);
        Assert.StartsWith("HTTP/1.1 200 OK", received, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 400 ", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_length_that_cuts_the_body_short_is_a_malformed_request()
    {
        var received = await server.SendRawAsync([Head("POST /v1/update HTTP/1.1", "Connection: close\r\n", 300), Check], static _ => false);
        Assert.StartsWith("HTTP/1.1 400 ", received, StringComparison.Ordinal);
        Assert.Contains("Malformed: ", received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\nTransfer-Encoding: chunked\r\n", "zz\r\nhello")]
    [InlineData("Transfer-Encoding: chunked\r\n", "zz\r\nhello")]
    [InlineData("Content-Length: -5\r\n", "")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")]
    [InlineData("Content-Length: 99999999999999999999\r\n", "hello")]
    [InlineData("Transfer-Encoding: gzip\r\n", "hello")]
    public async Task Broken_framing_is_refused_and_the_connection_closed(string headers, string body)
    {
        var received = await server.SendRawAsync([Encoding.ASCII.GetBytes($"POST /v1/update HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n{body}")], static _ => false);
        Assert.StartsWith("HTTP/1.1 4", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flood_of_headers_is_refused()
    {
        var headers = string.Concat(Enumerable.Range(0, 200).Select(static i => $"X-{i}: {new string('x', 100)}\r\n"));
        var received = await server.SendRawAsync([Head("POST /v1/update HTTP/1.1", headers, 0)], static _ => false);
        Assert.StartsWith("HTTP/1.1 431 ", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compressed_body_is_refused()
    {
        using var content = new ByteArrayContent(Check);
        content.Headers.ContentEncoding.Add("gzip");
        using var reply = await server.Machines.PostAsync(new Uri("/v1/update", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.StatusCode);
    }

    [Fact]
    public async Task Lost_connection_in_the_middle_of_a_body_is_counted_and_harms_nobody()
    {
        var before = await server.MetricAsync("omaha_refusals_total{refusal=\"BodyIncomplete\"}");
        using (var socket = new System.Net.Sockets.TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            await socket.GetStream().WriteAsync(Head("POST /v1/update HTTP/1.1", "", Check.Length));
            await socket.GetStream().WriteAsync(Check.AsMemory(0, 100));
        }

        await UpdateServer.UntilAsync(async () => await server.MetricAsync("omaha_refusals_total{refusal=\"BodyIncomplete\"}") != before);
        await server.AskAsync(Fleet.FlatcarCheck());
    }

    [Fact]
    public async Task Refusal_says_what_is_wrong_and_is_counted()
    {
        var before = int.Parse(await server.MetricAsync("omaha_refusals_total{refusal=\"DocumentType\"}"), CultureInfo.InvariantCulture);
        using var reply = await server.PostAsync("<!DOCTYPE x><request protocol=\"3.0\"/>"u8.ToArray());
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Equal("DocumentType: document type declarations are not accepted.\n", await reply.Content.ReadAsStringAsync());
        Assert.Equal((before + 1).ToString(CultureInfo.InvariantCulture), await server.MetricAsync("omaha_refusals_total{refusal=\"DocumentType\"}"));
    }

    [Fact]
    public async Task Host_header_has_no_say_in_the_codebase()
    {
        using var content = new ByteArrayContent(Check);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/update") { Content = content };
        request.Headers.Host = "evil.example";
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "10.0.0.1");
        using var reply = await server.Machines.SendAsync(request);
        using var reference = await server.PostAsync(Check);
        Assert.Equal(await reference.Content.ReadAsStringAsync(), await reply.Content.ReadAsStringAsync());
    }
}
