using System.Buffers;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Time.Testing;
using Omaha.Catalog;
using Omaha.Protocol;

namespace Omaha.Server.Tests;

/// <summary>What machines are told while the server is overloaded.</summary>
public sealed class HeldCheckTests
{
    private static readonly ServerMetrics Metrics = new();

    private static XElement Ask(string request, LoadHold? load = null, Brakes? brakes = null)
    {
        var edit = Fleet.Snapshot(Fleet.Flatcar(), Fleet.Extension()).Edit();
        if (brakes is not null) edit.Brakes = brakes;
        var responder = new Responder(new FixedCatalog(edit.Build()), new DaystartClock(new FakeTimeProvider(), TimeZoneInfo.Utc), Metrics, new NoEventSink(), load ?? Load.Full);
        Assert.Equal(Refusal.None, responder.Answer(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(request)), out var reply));
        return XElement.Parse(Encoding.UTF8.GetString(reply.Span));
    }

    private static XElement CheckOf(XElement reply) => reply.Element("app")!.Element("updatecheck")!;

    private static int PollIntervalOf(XElement reply) => int.Parse(CheckOf(reply).Attribute("PollInterval")!.Value, CultureInfo.InvariantCulture);

    [Fact]
    public void Machine_is_told_that_there_is_no_update_and_to_ask_later()
    {
        var reply = Ask(Fleet.FlatcarCheck());
        Assert.Equal("ok", reply.Element("app")!.Attribute("status")!.Value);
        Assert.Equal("noupdate", CheckOf(reply).Attribute("status")!.Value);
        Assert.InRange(PollIntervalOf(reply), 7_200, 14_400);
    }

    [Theory]
    [InlineData("ondemandupdate")]
    [InlineData("ondemand")]
    public void Somebody_who_waits_for_the_answer_gets_it(string source) =>
        Assert.Equal("ok", CheckOf(Ask(Fleet.FlatcarCheck(source: source))).Attribute("status")!.Value);

    [Fact]
    public void Pings_and_events_are_acknowledged_as_ever()
    {
        string[] Acknowledged(LoadHold load) => [.. Ask(Fleet.FlatcarUpdatedCheck(), load).Element("app")!.Elements().Select(static element => element.Name.LocalName).Order(StringComparer.Ordinal)];
        Assert.Equal(Acknowledged(Load.None), Acknowledged(Load.Full));
    }

    [Fact]
    public void App_that_is_unknown_is_called_so_as_ever() =>
        Assert.Equal("error-unknownApplication", Ask(Fleet.FlatcarCheck(id: "nobody")).Element("app")!.Attribute("status")!.Value);

    [Fact]
    public void Longer_poll_interval_of_the_whole_fleet_stays_in_force()
    {
        var brakes = new Brakes { PollInterval = new PollBrake { Seconds = 80_000 } };
        Assert.Equal(80_000, PollIntervalOf(Ask(Fleet.FlatcarCheck(), brakes: brakes)));
    }

    [Fact]
    public void Apps_of_one_request_are_held_together()
    {
        var load = Load.None;
        for (var i = 0; i < 8; i++) load.Observe(TimeSpan.FromSeconds(1), 1);
        Assert.Equal(50, load.Share);
        var request = "<request protocol=\"3.1\">" + string.Concat(Enumerable.Repeat($"<app appid=\"{Fleet.ExtensionId}\" version=\"0.9\"><updatecheck/></app>", 10)) + "</request>";
        for (var i = 0; i < 100; i++) Assert.Single(Ask(request, load).Elements("app").Select(static app => app.Element("updatecheck")!.Attribute("status")!.Value).Distinct());
    }
}
