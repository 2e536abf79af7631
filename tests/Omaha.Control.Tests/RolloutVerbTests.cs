using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>Rollouts, groups, brakes and explanations through the API and omahactl.</summary>
public sealed class RolloutVerbTests : IAsyncLifetime
{
    private const string App = SampleFile.AppId;

    private readonly GarnetInProcess _store = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("omahactl-").FullName;
    private ControlSite _control = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.StartAsync();
        _control = await ControlSite.StartWithTokensAsync(_store.Configuration, _time);
        await DoneAsync("apply", "-f", Write("catalogue.json", SampleFile.With("1.0", "2.0", "3.0")));
        foreach (var version in (string[])["1.0", "2.0", "3.0"]) await DoneAsync("channel", "set", App, "alpha", version);
        await DoneAsync("channel", "promote", App, "alpha", "beta", "--version", "1.0", "--skip-verify", "tests");
        await DoneAsync("channel", "promote", App, "beta", "stable", "--skip-verify", "tests");
        await DoneAsync("channel", "promote", App, "alpha", "beta", "--version", "2.0", "--skip-verify", "tests");
        await DoneAsync("channel", "promote", App, "alpha", "beta", "--skip-verify", "tests");
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private async Task<string> DoneAsync(params string[] args)
    {
        var run = await _control.OmahactlAsync(args);
        Assert.True(run.ExitCode == 0, $"omahactl {string.Join(' ', args)}: {run.Error}");
        return run.Output;
    }

    private async Task<string> RefusedAsync(params string[] args)
    {
        var run = await _control.OmahactlAsync(args);
        Assert.NotEqual(0, run.ExitCode);
        return run.Error;
    }

    private Task<string> StartAsync(params string[] more) => DoneAsync(["rollout", "start", App, "stable", "2.0", "--target", "any/amd64", "--skip-verify", "tests", .. more]);

    private async Task<JsonNode> RolloutAsync() => Assert.Single((await _control.GetAsync($"apps/{SampleFile.AppPath}/rollouts")).Json["rollouts"]!.AsArray())!;

    private async Task<string?> PointerAsync(string channel = "stable", string target = "any/amd64") =>
        (string?)(await _control.GetAsync($"apps/{SampleFile.AppPath}/channels")).Json["channels"]!.AsArray().Single(view => (string?)view!["name"] == channel)!["targets"]!.AsArray().Single(pointer => (string?)pointer!["target"] == target)!["version"];

    /// <summary>The recorder looks every few seconds of its clock; each look is real work that takes what it takes.</summary>
    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 2000; i++)
        {
            if (await holds()) return;
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Fail("It did not come to that.");
    }

    [Fact]
    public async Task Rollout_reads_as_plain_text_from_start_to_resumption()
    {
        Assert.Equal(
            $"""
            {App}, channel stable:
              any/amd64: 1.0 -> 2.0 (ramp 24h)
              any/amd64: machines below 2.0 are offered it step by step (ramp 24h, from 2026-03-01 12:00:00Z, complete about 2026-03-02 12:00:00Z)
              note: how many checks carry no usable id is not measured (Control:ServerMetrics names no server); such clients are given a cohort to take their turn by, and those that do not keep it get the release when everybody does
            Written as revision 9.

            """,
            await StartAsync("--ramp", "24h"));
        _time.Advance(TimeSpan.FromHours(6));
        Assert.Equal(
            """
            stable any/amd64: 2.0 is active, exposure 25%
              policy    ramp 24h, started 2026-03-01 12:00:00Z, ordered 2026-03-01 12:00:00Z by olivia
              clock     6h
              complete  about 2026-03-02 12:00:00Z

            """,
            await DoneAsync("rollout", "status", App));
        Assert.Contains("exposure 50%", await DoneAsync("rollout", "set", App, "stable", "--exposure", "50%"), StringComparison.Ordinal);
        Assert.Contains("--exposure \"NaN\" is no share", await RefusedAsync("rollout", "set", App, "stable", "--exposure", "NaN"), StringComparison.Ordinal);
        Assert.Contains("percent: 10% is less than the 50%".Replace("percent", "exposure", StringComparison.Ordinal), await RefusedAsync("rollout", "set", App, "stable", "--exposure", "10%"), StringComparison.Ordinal);
        Assert.Contains("2.0 is paused, exposure 50%", await DoneAsync("rollout", "pause", App, "stable", "--reason", "lunch"), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromHours(10));
        Assert.Contains("paused    since 2026-03-01 18:00:00Z by olivia: lunch", await DoneAsync("rollout", "status", App, "stable"), StringComparison.Ordinal);
        Assert.Contains("complete  about 2026-03-02 22:00:00Z", await DoneAsync("rollout", "resume", App, "stable"), StringComparison.Ordinal);
        Assert.Contains("Option '--reason' is required", await RefusedAsync("rollout", "halt", App, "stable"), StringComparison.Ordinal);
        Assert.Contains("halted    since 2026-03-02 04:00:00Z by olivia: crashes", await DoneAsync("rollout", "halt", App, "stable", "--reason", "crashes"), StringComparison.Ordinal);
        Assert.Contains("any/amd64  2.0", await DoneAsync("channel", "list", App), StringComparison.Ordinal);
        Assert.Contains("any/amd64: 2.0 -> 1.0 (lower)", await DoneAsync("channel", "revert", App, "stable", "--target", "any/amd64", "--reason", "crashes"), StringComparison.Ordinal);
        Assert.Contains($"Nothing is being rolled out in {App}.", await DoneAsync("rollout", "status", App), StringComparison.Ordinal);
        Assert.Contains("never complete; reverted since", await DoneAsync("channel", "history", App, "stable"), StringComparison.Ordinal);
        Assert.Contains("was reverted on stable", await RefusedAsync("rollout", "start", App, "stable", "2.0", "--target", "any/amd64", "--ramp", "1h", "--skip-verify", "tests"), StringComparison.Ordinal);

        var verbs = (await _control.GetAsync("audit?limit=6")).Json["entries"]!.AsArray().Select(static entry => (string?)entry!["verb"]);
        Assert.Equal(["channel revert", "rollout halt", "rollout resume", "rollout pause", "rollout set", "rollout start"], verbs);
    }

    [Fact]
    public async Task First_rollout_of_a_channel_is_taken_back()
    {
        // Of a target that the channel has nothing for yet.
        await DoneAsync("release", "import", Write("releases.json", $$"""{ "app": "{{App}}", "releases": [ {{SampleFile.Release("4.0", "win/x86")}} ] }"""));
        await DoneAsync("rollout", "start", App, "alpha", "4.0", "--target", "win/x86", "--ramp", "24h");
        _time.Advance(TimeSpan.FromHours(6));

        Assert.Equal(
            $"""
            {App}, channel alpha:
              win/x86: 4.0 -> nothing
              win/x86: machines are offered 4.0 no more, and nothing else was complete there
              win/x86: machines already on 4.0 stay there
              seen by machines on the track alpha
            Dry run at revision 10: nothing was written.

            """,
            await DoneAsync("channel", "revert", App, "alpha", "--target", "win/x86", "--reason", "crashes", "--dry-run"));
        Assert.Contains("Written as revision 11.", await DoneAsync("channel", "revert", App, "alpha", "--target", "win/x86", "--reason", "crashes"), StringComparison.Ordinal);
        Assert.Contains("4.0", await DoneAsync("channel", "history", App, "alpha"), StringComparison.Ordinal);
        Assert.Contains($"channel revert {App} alpha to nothing for win/x86", await DoneAsync("audit", "--limit", "1"), StringComparison.Ordinal);
        Assert.Equal("channel: nothing is being rolled out on alpha of {11112222-3333-4444-5555-666677778888}", (await RefusedAsync("rollout", "pause", App, "alpha")).Trim()["omahactl: ".Length..]);
    }

    [Theory]
    [InlineData("policy: is missing, and channel stable declares no rollout policy")]
    [InlineData("--ramp, --steps and --now exclude each other", "--ramp", "1h", "--now")]
    [InlineData("--ramp \"soon\" is no length of time", "--ramp", "soon")]
    [InlineData("--steps \"1,x\" are no steps", "--steps", "1,x")]
    [InlineData("policy.steps[1].percent: 1 is not above 1", "--steps", "1%:1h,1%")]
    [InlineData("--steps \"NaN%:1h,100%\" are no steps", "--steps", "NaN%:1h,100%")]
    [InlineData("--start \"tomorrow\" is no moment", "--now", "--start", "tomorrow")]
    [InlineData("start: 9999-12-31 00:00:00Z is more than 3650d ahead", "--now", "--start", "9999-12-31")]
    [InlineData("start: 2026-02-28 00:00:00Z is in the past", "--now", "--start", "2026-02-28")]
    [InlineData("start: 2046-02-28 00:00:00Z is more than 3650d ahead", "--now", "--start", "2046-02-28")]
    public async Task Start_that_makes_no_sense_says_what_would(string words, params string[] more) =>
        Assert.Contains(words, await RefusedAsync(["rollout", "start", App, "stable", "2.0", "--skip-verify", "tests", .. more]), StringComparison.Ordinal);

    [Fact]
    public async Task Release_that_was_not_verified_is_not_rolled_out_on_a_channel_that_takes_promotions()
    {
        Assert.Contains("nothing was promoted", await RefusedAsync("rollout", "start", App, "stable", "2.0", "--ramp", "1h"), StringComparison.Ordinal);
        Assert.Contains("verified: does not say", string.Join(' ', (await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/stable/rollout/start", """{ "version": "2.0", "policy": { "ramp": "1h" } }""")).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_rollout_needs_to_be_told_to_replace_the_first()
    {
        await StartAsync("--steps", "1%:1h,10%:4h,50%:12h,100%");
        Assert.Contains("is being rolled out on stable (active, exposure 1%)", await RefusedAsync("rollout", "start", App, "stable", "3.0", "--ramp", "1h", "--skip-verify", "tests"), StringComparison.Ordinal);
        Assert.Contains("is being rolled out on stable", await RefusedAsync("channel", "promote", App, "beta", "stable", "--skip-verify", "tests"), StringComparison.Ordinal);
        await DoneAsync("channel", "promote", App, "beta", "stable", "--skip-verify", "tests", "--replace");
        Assert.Equal("3.0", await PointerAsync());
    }

    [Fact]
    public async Task Complete_rollout_is_recorded_once_by_two_control_planes()
    {
        await using var other = await ControlSite.StartAsync(_store.Configuration, _time);
        await StartAsync("--ramp", "24h");
        _time.Advance(TimeSpan.FromHours(23));
        Assert.Equal("1.0", await PointerAsync());
        _time.Advance(TimeSpan.FromHours(3));
        await UntilAsync(async () => await PointerAsync() == "2.0");
        for (var i = 0; i < 5; i++) _time.Advance(TimeSpan.FromSeconds(5));

        var history = (await _control.GetAsync($"apps/{SampleFile.AppPath}/history?channel=stable")).Json["entries"]!.AsArray().Where(static entry => (string?)entry!["target"] == "any/amd64").ToList();
        Assert.Equal(["2.0", "1.0"], history.Select(static entry => (string?)entry!["version"]));
        Assert.Equal("2026-03-02T12:00:00+00:00", (string?)history[0]!["at"]);
        Assert.Equal(("olivia", "beta"), ((string?)history[0]!["by"], (string?)history[0]!["from"]));
        var recorded = Assert.Single((await _control.GetAsync("audit")).Json["entries"]!.AsArray(), static entry => (string?)entry!["verb"] == "rollout complete");
        Assert.Equal("control plane", (string?)recorded!["by"]!["name"]);
    }

    [Fact]
    public async Task Planned_rollout_is_recorded_when_it_begins()
    {
        await StartAsync("--ramp", "24h", "--start", "2026-03-01T18:00Z");
        async Task<List<string>> RecordedAsync() => [.. (await _control.GetAsync("audit")).Json["entries"]!.AsArray().Where(static entry => (string?)entry!["verb"] == "rollout begin").Select(static entry => (string)entry!["details"]!)];
        Assert.Contains("2.0 is planned", await DoneAsync("rollout", "status", App), StringComparison.Ordinal);
        Assert.Empty(await RecordedAsync());
        _time.Advance(TimeSpan.FromHours(7));
        await UntilAsync(async () => (await RecordedAsync()).Count > 0);
        Assert.Equal([$"{App} 2.0 on stable for any/amd64, begun at 2026-03-01 18:00:00Z"], await RecordedAsync());
        Assert.Contains("2.0 is active", await DoneAsync("rollout", "status", App), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollout_that_a_pause_of_everything_held_is_complete_that_much_later()
    {
        await StartAsync("--ramp", "24h");
        await DoneAsync("pause", "--all", "--reason", "smoke");
        _time.Advance(TimeSpan.FromHours(10));
        await DoneAsync("resume", "--all");
        _time.Advance(TimeSpan.FromHours(20));
        Assert.Contains("complete  about 2026-03-02 22:00:00Z", await DoneAsync("rollout", "status", App), StringComparison.Ordinal);
        Assert.Equal("1.0", await PointerAsync());
        _time.Advance(TimeSpan.FromHours(5));
        await UntilAsync(async () => await PointerAsync() == "2.0");
    }

    [Fact]
    public async Task Promotion_follows_the_policy_that_the_channel_declares()
    {
        var file = JsonNode.Parse(await DoneAsync("export"))!;
        file["apps"]![0]!["spec"]!["channels"]!["stable"]!["rollout"] = JsonNode.Parse("""{ "ramp": "48h" }""");
        Assert.Contains("requires: none -> rollouts", await DoneAsync("apply", "-f", Write("policy.json", file.ToJsonString())), StringComparison.Ordinal);
        await DoneAsync("channel", "promote", App, "beta", "stable", "--skip-verify", "tests", "--target", "any/amd64");
        Assert.Equal("ramp 48h", (string?)(await RolloutAsync())["policy"]);
        await DoneAsync("channel", "promote", App, "beta", "stable", "--skip-verify", "tests", "--target", "any/amd64", "--now");
        Assert.Equal("3.0", await PointerAsync());
    }

    [Fact]
    public async Task Promoter_may_roll_out_on_its_own_channels_and_on_no_others()
    {
        var promoter = await _control.TokenAsync(TokenGrant.Read("promoter", "petra", null, [App], ["stable"], _time.GetUtcNow(), out _)!);
        async Task<int> StatusAsync(string path, string body) => (await _control.SendAsync("POST", path, body, $"Bearer {promoter}")).Status;
        Assert.Equal(200, await StatusAsync($"apps/{SampleFile.AppPath}/channels/stable/rollout/start", """{ "version": "2.0", "policy": { "ramp": "1h" }, "skipVerify": "tests" }"""));
        Assert.Equal(200, await StatusAsync($"apps/{SampleFile.AppPath}/channels/stable/rollout/halt", """{ "reason": "crashes" }"""));
        Assert.Equal(403, await StatusAsync($"apps/{SampleFile.AppPath}/channels/beta/rollout/start", """{ "version": "2.0", "policy": { "ramp": "1h" }, "skipVerify": "tests" }"""));
        Assert.Equal(403, await StatusAsync($"apps/{SampleFile.AppPath}/pause", "{}"));
    }

    [Fact]
    public async Task Groups_are_added_changed_listed_and_removed()
    {
        await DoneAsync("group", "add", App, "rack-7", "--channel", "stable", "--window", "mon-fri 22:00-06:00 Europe/Berlin", "--window", "sat,sun 00:00-24:00", "--poll-interval", "2h", "--oem", "ami", "--interactive-passes-ramp", "false");
        Assert.Equal(
            """
            GROUP   CHANNEL  VERSION  POLL  WINDOWS
            rack-7  stable   -        2h    mon,tue,wed,thu,fri 22:00-06:00 Europe/Berlin; sat,sun 00:00-24:00  by hand waits too, only ami

            """,
            await DoneAsync("group", "list", App));
        Assert.Contains("already; omahactl group set changes it", await RefusedAsync("group", "add", App, "RACK-7", "--channel", "stable"), StringComparison.Ordinal);
        Assert.Contains("is no channel of this app", await RefusedAsync("group", "add", App, "x", "--channel", "gold"), StringComparison.Ordinal);
        Assert.Contains("is no time zone", await RefusedAsync("group", "set", App, "rack-7", "--window", "00:00-01:00 Mars/Olympus"), StringComparison.Ordinal);
        Assert.Contains("is no window; write days, hours", await RefusedAsync("group", "set", App, "rack-7", "--window", "always"), StringComparison.Ordinal);
        Assert.Contains("\"colour\" is nothing that can be cleared", await RefusedAsync("group", "set", App, "rack-7", "--clear", "colour"), StringComparison.Ordinal);

        await DoneAsync("group", "set", App, "Rack-7", "--version", "1.0", "--canary", "true", "--clear", "windows", "--clear", "oems");
        Assert.Contains("rack-7  stable   1.0      2h    -        canary, by hand waits too", await DoneAsync("group", "list", App), StringComparison.Ordinal);
        Assert.Contains("Nothing to write", await DoneAsync("group", "set", App, "rack-7", "--canary", "true"), StringComparison.Ordinal);
        Assert.Contains("Group rack-7 of", await DoneAsync("pause", App, "--group", "rack-7", "--reason", "smoke"), StringComparison.Ordinal);
        Assert.Contains("is paused", await RefusedAsync("group", "remove", App, "rack-7"), StringComparison.Ordinal);
        await DoneAsync("resume", App, "--group", "rack-7");
        await DoneAsync("group", "remove", App, "rack-7");
        Assert.Contains("has no groups", await DoneAsync("group", "list", App), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_are_paused_and_resumed()
    {
        Assert.Contains($"Channel stable of {App} is paused (revision 9)", await DoneAsync("pause", App, "--channel", "stable", "--reason", "smoke"), StringComparison.Ordinal);
        Assert.Contains("was paused already, since 2026-03-01 12:00:00Z by olivia: smoke", await DoneAsync("pause", App, "--channel", "stable"), StringComparison.Ordinal);
        Assert.Contains($"{App} is paused", await DoneAsync("pause", App), StringComparison.Ordinal);
        Assert.Contains("offers go out again", await DoneAsync("resume", App), StringComparison.Ordinal);
        Assert.Contains("offers go out again", await DoneAsync("resume", App, "--channel", "stable"), StringComparison.Ordinal);
        Assert.Contains("was not paused", await DoneAsync("resume", App, "--channel", "stable"), StringComparison.Ordinal);
        Assert.Contains("give one or the other", await RefusedAsync("pause", App, "--all"), StringComparison.Ordinal);
        Assert.Contains("or name an app", await RefusedAsync("pause"), StringComparison.Ordinal);
        Assert.Contains("name one of them", await RefusedAsync("pause", App, "--channel", "stable", "--group", "x"), StringComparison.Ordinal);
        Assert.Contains("belong to an app", await RefusedAsync("resume", "--all", "--group", "x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Polling_is_braked_beside_a_pause()
    {
        Assert.Equal("No machine asks again before 4h (revision 9).\n", await DoneAsync("brake", "poll-interval", "4h", "--reason", "load"));
        await DoneAsync("pause", "--all");
        await DoneAsync("resume", "--all");
        Assert.Contains("no machine asks again before 4h, since 2026-03-01 12:00:00Z by olivia: load", await DoneAsync("status"), StringComparison.Ordinal);
        Assert.Contains("it was so already", await DoneAsync("brake", "poll-interval", "4h"), StringComparison.Ordinal);
        Assert.Contains("10s is out of range", await RefusedAsync("brake", "poll-interval", "10s"), StringComparison.Ordinal);
        Assert.Contains("is no length of time", await RefusedAsync("brake", "poll-interval", "never"), StringComparison.Ordinal);
        Assert.Contains("as apps, channels and groups say", await DoneAsync("brake", "poll-interval", "off"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_is_explained_now_and_in_the_past()
    {
        string[] node = ["node", "explain", "--app", App, "--track", "stable", "--board", "amd64-usr", "--node", "00112233445566778899aabbccddeeff", "--version", "1.0"];
        await StartAsync("--ramp", "24h");
        Assert.Matches(@"no update \(HeldRamp\): 2\.0, which is rolled out since .* does not reach this node yet \(held: bucket 0\.\d{3} \(machineid\), exposure 0\.000, reaches this node about 2026-03-0[12] \d\d:\d\d UTC\)", await DoneAsync(node));
        Assert.Contains("2.0 is offered", await DoneAsync([.. node, "--interactive"]), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromHours(1));
        await DoneAsync("rollout", "halt", App, "stable", "--reason", "crashes");
        _time.Advance(TimeSpan.FromHours(30));
        Assert.Contains("is halted since 2026-03-01 13:00 UTC by olivia: crashes", await DoneAsync(node), StringComparison.Ordinal);

        // As it was half an hour after the start, and before anything was.
        Assert.Contains("HeldRamp", await DoneAsync([.. node, "--at", "2026-03-01T12:00:30Z"]), StringComparison.Ordinal);
        Assert.Contains("by revision 9", await DoneAsync([.. node, "--at", "2026-03-01T12:30Z"]), StringComparison.Ordinal);
        Assert.Contains("is not recorded: the audit does not go back that far", await RefusedAsync([.. node, "--at", "2026-02-01"]), StringComparison.Ordinal);
        Assert.Contains("is no moment", await RefusedAsync([.. node, "--at", "noon"]), StringComparison.Ordinal);
        Assert.Contains("at: 9999-12-31 00:00:00Z is more than 3650d ahead", await RefusedAsync([.. node, "--at", "9999-12-31"]), StringComparison.Ordinal);
        Assert.Contains("no app has this id or alias", await DoneAsync("node", "explain", "--app", "nothing"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_is_simulated_with_a_picture()
    {
        var file = JsonNode.Parse(await DoneAsync("export"))!;
        file["apps"]![0]!["spec"]!["windows"] = JsonNode.Parse("""[ { "from": "08:00", "to": "18:00" } ]""");
        file["apps"]![0]!["spec"]!["freezes"] = JsonNode.Parse("""[ { "from": "2026-03-02", "to": "2026-03-02", "reason": "month's end" } ]""");
        await DoneAsync("apply", "-f", Write("times.json", file.ToJsonString()));
        var picture = Path.Combine(_folder, "plan.svg");
        var output = await DoneAsync("rollout", "simulate", App, "stable", "--ramp", "24h", "--start", "2026-03-01T12:00Z", "--svg", picture);

        Assert.StartsWith("ramp 24h, from 2026-03-01 12:00:00Z, complete 2026-03-03 12:00:00Z", output, StringComparison.Ordinal);
        Assert.Contains(" 100% |", output, StringComparison.Ordinal);
        Assert.Contains("FFFF", output, StringComparison.Ordinal);
        Assert.Matches(@"2026-03-02 00:00:00Z +12h +50% +25% +frozen", output);
        Assert.Matches(@"2026-03-03 12:00:00Z +1d +100% +100%", output);
        Assert.Equal("svg", System.Xml.Linq.XElement.Load(picture).Name.LocalName);
        Assert.Equal(1.0, (double)JsonNode.Parse(await DoneAsync("rollout", "simulate", App, "stable", "--ramp", "24h", "--json"))!["points"]!.AsArray()[^1]!["reached"]!);
        Assert.Contains("declares no rollout policy", await RefusedAsync("rollout", "simulate", App, "stable"), StringComparison.Ordinal);
        Assert.Contains("is no channel of", await RefusedAsync("rollout", "simulate", App, "gold", "--now"), StringComparison.Ordinal);
        Assert.Contains("start: 9999-12-31 00:00:00Z is more than 3650d ahead", await RefusedAsync("rollout", "simulate", App, "stable", "--now", "--start", "9999-12-31"), StringComparison.Ordinal);
    }
}
