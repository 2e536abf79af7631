using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Omaha.Catalog;
using Omaha.Protocol;
using Omaha.Testing;

namespace Omaha.Server.Tests;

/// <summary>Counting needs the process to itself: garbage of other tests trims the pools that these tests warm up.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class Alone;

/// <summary>What a request costs in memory is exact, so it is asserted: nothing of ours, and of Kestrel's only the object for a request body.</summary>
[Collection("Alone")]
public sealed class AllocationTests
{
    /// <summary>Bytes that Kestrel itself allocates for a POST with a body, measured with an empty handler.</summary>
    private const int KestrelBytes = 120;

    private static readonly CatalogSnapshot Catalog = Fleet.Snapshot(Fleet.Flatcar(), Fleet.Extension(), Fleet.Chrome(), Fleet.ChromeOs());

    public static TheoryData<string, string> Answered => new()
    {
        { "offered", Fleet.FlatcarCheck() },
        { "updated", Fleet.FlatcarUpdatedCheck() },
        { "ChromeOS", Fleet.ChromeOsCheck() },
        { "Chromium", Fleet.ChromiumCheck(Enumerable.Repeat(Fleet.ExtensionId, 30)) },
        { "current", Fleet.FlatcarCheck("4081.3.1") },
        { "unknown track", Fleet.FlatcarCheck(track: "nowhere") },
        { "unknown app", Fleet.FlatcarCheck(id: "{00000000-0000-0000-0000-000000000001}") },
        { "legacy track", Fleet.FlatcarCheck(track: "5b810680-e36a-4879-b98a-4f989e80b899") },
        { "arm64", Fleet.FlatcarCheck(board: "arm64-usr") },
        { "escaped values", Fleet.FlatcarCheck(track: "a&amp;b&#xFC;") },
        { "prefix", Fleet.FlatcarCheck().Replace("<updatecheck>", "<updatecheck targetversionprefix=\"4081.\">", StringComparison.Ordinal) },
        { "twenty apps", "<request protocol=\"3.1\">" + string.Concat(Enumerable.Repeat($"<app appid=\"{Fleet.ExtensionId}\" version=\"0.9\"><updatecheck/><ping rd=\"6000\"/></app>", 20)) + "</request>" },
    };

    [Theory]
    [MemberData(nameof(Answered))]
    public void Parsing_deciding_and_rendering_allocate_nothing(string what, string request)
    {
        var responder = new Responder(new FixedCatalog(Catalog), new DaystartClock(new FakeTimeProvider(), TimeZoneInfo.Utc), new ServerMetrics(), new NoEventSink(), Load.None);
        var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(request));
        Assert.Equal(Refusal.None, responder.Answer(body, out _));
        var allocated = Allocations.PerCall(() => responder.Answer(body, out _));
        Assert.True(allocated == 0, $"{what}: {allocated} bytes a call");
    }

    /// <summary>By what happens: a body is too large to be shown in the name of a test.</summary>
    public static TheoryData<Refusal> Refused => [.. RefusedBody.All.Select(body => body.Refusal)];

    [Fact]
    public void Every_refusal_of_a_body_is_among_those_counted()
    {
        Refusal[] withoutBody = [Refusal.None, Refusal.BodyTooLarge, Refusal.BodyIncomplete, Refusal.UnsupportedMediaType, Refusal.JsonBody, Refusal.NoCatalog, Refusal.Stopping];
        Assert.Equal(Enum.GetValues<Refusal>().Except(withoutBody), RefusedBody.All.Select(body => body.Refusal));
    }

    public static TheoryData<string, string, string> Held => new()
    {
        { "held by the ramp", Fleet.FlatcarCheck("4081.3.1", machine: LastOf(Machines)), "noupdate" },
        { "reached by the ramp", Fleet.FlatcarCheck("4081.3.1", machine: FirstOf(Machines)), "9999.0.0" },
        { "last complete release", Fleet.FlatcarCheck(machine: LastOf(Machines)), "4081.3.1" },
        { "floor", Fleet.FlatcarCheck("2.9.0"), "3.5.0" },
        { "several manifests", Fleet.FlatcarCheck("2.9.0").Replace("delta_okay", "multi_manifest_ok=\"true\" delta_okay", StringComparison.Ordinal), "is_floor" },
        { "group", Fleet.FlatcarCheck(track: "group-7", machine: LastOf(Machines)), "4081.3.1" },
        { "by hand", Fleet.FlatcarCheck("4081.3.1", source: "ondemandupdate"), "9999.0.0" },
        { "cohort is issued", $"<request protocol=\"3.1\"><app appid=\"{Fleet.ExtensionId}\" version=\"1.0.0\"><updatecheck/></app></request>", "cohort=\"-:" },
        { "cohort was issued", $"<request protocol=\"3.1\"><app appid=\"{Fleet.ExtensionId}\" version=\"1.0.0\" cohort=\"-:0123456789abcdef\"><updatecheck/></app></request>", "updatecheck" },
    };

    private static DateTimeOffset Now { get; } = new FakeTimeProvider().GetUtcNow().AddYears(26);

    private static IEnumerable<string> Machines => Enumerable.Range(0, 100).Select(static i => new Guid(i, 0, 0, new byte[8]).ToString("n"));

    /// <summary>The machine that the rollout reaches first, and the one that it reaches last.</summary>
    private static string FirstOf(IEnumerable<string> machines) => machines.MinBy(PlaceOf)!;

    private static string LastOf(IEnumerable<string> machines) => machines.MaxBy(PlaceOf)!;

    private static double PlaceOf(string machine) => Bucket.Of(NodeId.Of(Encoding.UTF8.GetBytes(machine)), ReleaseDigest.BytesOf(Fleet.Configured(Fleet.Flatcar(), Now).State!.Channels!["stable"].Rollouts!["any/amd64"].Release!.Digest!));

    [Theory]
    [MemberData(nameof(Held))]
    public void Deciding_with_everything_configured_allocates_nothing(string what, string request, string inReply)
    {
        var responder = new Responder(new FixedCatalog(Fleet.ConfiguredSnapshot(Now, Fleet.Flatcar(), Fleet.Extension())), new DaystartClock(new FakeTimeProvider(Now), TimeZoneInfo.Utc), new ServerMetrics(), new NoEventSink(), Load.None);
        var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(request));
        Assert.Equal(Refusal.None, responder.Answer(body, out var reply));
        Assert.Contains(inReply, Encoding.UTF8.GetString(reply.Span), StringComparison.Ordinal);
        var allocated = Allocations.PerCall(() => responder.Answer(body, out _));
        Assert.True(allocated == 0, $"{what}: {allocated} bytes a call");
    }

    [Theory]
    [MemberData(nameof(Answered))]
    public void Holding_for_overload_allocates_nothing(string what, string request)
    {
        var responder = new Responder(new FixedCatalog(Catalog), new DaystartClock(new FakeTimeProvider(), TimeZoneInfo.Utc), new ServerMetrics(), new NoEventSink(), Load.Full);
        var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(request.Replace("ondemand", "scheduler", StringComparison.Ordinal)));
        Assert.Equal(Refusal.None, responder.Answer(body, out var reply));
        Assert.DoesNotContain("<manifest", Encoding.UTF8.GetString(reply.Span), StringComparison.Ordinal);
        var allocated = Allocations.PerCall(() => responder.Answer(body, out _));
        Assert.True(allocated == 0, $"{what}: {allocated} bytes a call");
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refusing_allocates_nothing(Refusal refusal)
    {
        var responder = new Responder(new FixedCatalog(Catalog), new DaystartClock(new FakeTimeProvider(), TimeZoneInfo.Utc), new ServerMetrics(), new NoEventSink(), Load.None);
        var refused = RefusedBody.All.Single(body => body.Refusal == refusal);
        var body = new ReadOnlySequence<byte>(refused.With);
        Assert.Equal(Refusal.None, responder.Answer(new ReadOnlySequence<byte>(refused.Without), out _));
        Assert.Equal(refusal, responder.Answer(body, out _));
        Assert.Equal(0, Allocations.PerCall(() => responder.Answer(body, out _)));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public Task Whole_refused_HTTP_request_allocates_only_what_Kestrel_does(Refusal refusal) =>
        AssertOnlyKestrelAllocatesAsync(RefusedBody.All.Single(body => body.Refusal == refusal).With, "HTTP/1.1 400 Bad Request");

    [Theory]
    [MemberData(nameof(Answered))]
    public Task Whole_HTTP_request_allocates_only_what_Kestrel_does(string what, string request)
    {
        Assert.NotEmpty(what);
        return AssertOnlyKestrelAllocatesAsync(Encoding.UTF8.GetBytes(request), "HTTP/1.1 200 OK");
    }

    private static async Task AssertOnlyKestrelAllocatesAsync(byte[] body, string status)
    {
        var transport = new MemoryTransport();
        await using var app = ServerBuilder.Build(new ServerOptions(), new ConfigurationBuilder().Build(), builder =>
        {
            builder.Services.RemoveAll<IHostedService>();
            builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
            builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider());
            builder.Services.AddSingleton<ISnapshotSource>(new FixedCatalog(Catalog));
        });
        await app.StartAsync();
        var connection = transport.Connect();
        byte[] bytes = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"POST /v1/update/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: {body.Length}\r\n\r\n")), .. body];
        var reply = await connection.ExchangeOnceAsync(bytes);
        Assert.StartsWith(status, Encoding.UTF8.GetString(reply), StringComparison.Ordinal);

        // The transport runs the server on this thread, so nothing else in the process counts. That it is as much as Kestrel's own shows that it does.
        Assert.Equal(KestrelBytes, Allocations.PerCall(() => connection.Exchange(bytes, reply.Length)));
        await app.StopAsync();
    }
}
