using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>Looking back through the API and with omahactl.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private ControlSite _control = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.StartAsync();
        _control = await ControlSite.StartWithTokensAsync(_store.Configuration, _time);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task What_was_done_reads_as_plain_text()
    {
        await _control.PostAsync("apply", SampleFile.With("1.0"));
        _time.Advance(TimeSpan.FromHours(1));
        await SetAsync("1.0");
        _time.Advance(TimeSpan.FromHours(1));
        await _control.PostAsync("pause", """{"reason": "bad day"}""");

        var run = await _control.OmahactlAsync("audit", "--limit", "3");

        var token = _control.Operator.Split('_')[1];
        var entries = await _control.Audit.ReadAsync(long.MaxValue, 3);
        string[] digests = [.. entries[1].Apps.Select(app => $"{app.Before![..12]} -> {app.After![..12]}")];
        var releases = (await _control.GetAsync($"apps/{SampleFile.AppPath}/channels")).Json["channels"]![0]!["targets"]!.AsArray().Select(target => ((string)target!["digest"]!)[..15]).ToList();
        Assert.Equal(
            $"""
            7  2026-05-04 14:00:00Z  revision 3  pause all
                by olivia (operator, token {token}, from 127.0.0.1): bad day
            6  2026-05-04 13:00:00Z  revision 2  channel set {entries[1].Details}
                by olivia (operator, token {token}, from 127.0.0.1)
                11112222-3333-4444-5555-666677778888 changed ({digests[0]})
                  channel alpha any/amd64: nothing -> 1.0 ({releases[0]}…)
                  channel alpha any/arm64: nothing -> 1.0 ({releases[1]}…)
            5  2026-05-04 12:00:00Z  revision 1  apply (1 written, 0 deleted)
                by olivia (operator, token {token}, from 127.0.0.1)
                11112222-3333-4444-5555-666677778888 created
                  channels alpha, beta, stable
                  release 1.0 for any/amd64
                  release 1.0 for any/arm64
            There are older entries: --before 5

            """.ReplaceLineEndings("\n"),
            run.Output);
    }

    [Fact]
    public async Task Entries_come_page_by_page_and_can_be_narrowed()
    {
        for (var i = 1; i <= 6; i++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await _control.PostAsync("apply", SampleFile.App($"app-{i % 2}", $"{i}.0"));
        }

        var first = (await _control.GetAsync("audit?limit=4")).Json;
        var second = (await _control.GetAsync($"audit?limit=4&before={first["next"]}")).Json;
        Assert.Equal(["10 9 8 7", "6 5 4 3"], new[] { first, second }.Select(page => string.Join(' ', page["entries"]!.AsArray().Select(entry => (int)entry!["number"]!))));
        Assert.Equal("3", (string?)second["next"]);
        Assert.Null((await _control.GetAsync("audit?before=3")).Json["next"]);

        Assert.Equal([10, 8, 6], (await _control.GetAsync("audit?app=APP-0")).Json["entries"]!.AsArray().Select(entry => (int)entry!["number"]!));
        Assert.Equal("6", (string?)(await _control.GetAsync("audit?app=app-1&limit=2&before=8")).Json["next"] ?? "6");
        Assert.Equal([10, 9], (await _control.GetAsync("audit?since=90m")).Json["entries"]!.AsArray().Select(entry => (int)entry!["number"]!));
        Assert.Equal(3, (await _control.GetAsync("audit?since=2026-05-04T16:00:00Z")).Json["entries"]!.AsArray().Count);
        Assert.Equal("Nothing is recorded that was asked for.\n", (await _control.OmahactlAsync("audit", "--app", "unknown")).Output);

        // All of them over several requests.
        Assert.Equal(10, (await _control.OmahactlAsync("audit", "--limit", "5000")).Output.Split('\n').Count(line => line.Contains("Z  revision ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("audit?limit=0", "limit: \"0\" is no number from 1 to 1000")]
    [InlineData("audit?limit=1001", "limit: \"1001\" is no number from 1 to 1000")]
    [InlineData("audit?before=x", "before: \"x\" is no number from 1")]
    [InlineData("audit?since=yesterday", "since: \"yesterday\" is no moment")]
    [InlineData("audit?app={{a}}", "app: \"{{a}}\" is no app id")]
    [InlineData("audit?from=1", "from: is no query key of this route, which has app, since, before, limit")]
    [InlineData("diff", "from: is missing")]
    [InlineData("diff?from=1&to=-1", "to: \"-1\" is no number from 0")]
    public async Task What_makes_no_sense_is_refused_in_words(string path, string words)
    {
        var answer = await _control.GetAsync(path);

        Assert.Equal(400, answer.Status);
        Assert.Contains(words, string.Join('\n', answer.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_revisions_are_compared_app_by_app()
    {
        await _control.PostAsync("apply", $$"""{"apps": [{{SampleFile.App("a", "1.0")}}, {{SampleFile.App("b", "1.0")}}, {{SampleFile.App("c", "1.0")}}]}""");
        await _control.PostAsync("apply?prune=b", $$"""{"apps": [{{SampleFile.App("a", "1.0", "2.0")}}]}""");
        await _control.PostAsync("apply", SampleFile.App("d", "1.0"));
        await _control.PostAsync("apps/a/channels/alpha/set", """{"version": "2.0"}""");
        await _control.PostAsync("pause", """{"reason": "bad day"}""");

        var run = await _control.OmahactlAsync("diff", "1", "5");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal("revision 1 (2026-05-04 12:00:00Z) -> 5 (2026-05-04 12:00:00Z)", lines[0]);
        Assert.Matches("^a: changed \\([0-9a-f]{12} -> [0-9a-f]{12}\\)$", lines[1]);
        Assert.Equal(["  release 2.0 for any/amd64 added", "  release 2.0 for any/arm64 added"], lines[2..4]);
        Assert.StartsWith("  channel alpha any/amd64: nothing -> 2.0 (v1:", lines[4], StringComparison.Ordinal);
        Assert.Equal(["b: deleted", "d: created"], lines.Where(line => line.StartsWith("b:", StringComparison.Ordinal) || line.StartsWith("d:", StringComparison.Ordinal)));
        Assert.StartsWith("brakes over all apps: pauseAll: none -> ", lines[^1], StringComparison.Ordinal);

        Assert.Contains("b: created", (await _control.OmahactlAsync("diff", "5", "1")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("b: deleted", (await _control.OmahactlAsync("diff", "1", "5", "--app", "A")).Output, StringComparison.Ordinal);
        Assert.EndsWith("Nothing differs.\n", (await _control.OmahactlAsync("diff", "3", "3")).Output, StringComparison.Ordinal);
        Assert.EndsWith("Nothing differs.\n", (await _control.OmahactlAsync("diff", "1", "4", "--app", "c")).Output, StringComparison.Ordinal);
        var unknown = await _control.OmahactlAsync("diff", "1", "99");
        Assert.Equal((1, "omahactl: to: revision 99 is not recorded; the audit goes back to revision 0, and the catalogue is at 5\n"), (unknown.ExitCode, unknown.Error));
    }

    [Fact]
    public async Task What_is_older_than_the_retention_is_forgotten_while_the_control_plane_runs()
    {
        await _control.PostAsync("apply", SampleFile.App("a", "1.0"));
        _time.Advance(TimeSpan.FromDays(399));
        await _control.PostAsync("apply", SampleFile.App("a", "1.0", "2.0"));
        await _control.PostAsync("apply", SampleFile.App("a", "1.0", "2.0", "3.0"));
        var forgotten = UntilFirstIsAsync(6);

        _time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(1));
        await forgotten;

        Assert.Contains("release 3.0 for any/amd64 added", (await _control.OmahactlAsync("diff", "2", "3")).Output, StringComparison.Ordinal);
        var gone = await _control.OmahactlAsync("diff", "1", "3");
        Assert.Equal((1, "omahactl: from: revision 1 is not recorded; the audit goes back to revision 2, and the catalogue is at 3\n"), (gone.ExitCode, gone.Error));
    }

    [Fact]
    public async Task A_block_needs_a_reason_and_the_reason_is_on_record()
    {
        await _control.PostAsync("apply", SampleFile.With("1.0"));

        var refused = await _control.PostAsync($"apps/{SampleFile.AppPath}/releases/1.0/block", "{}");
        Assert.Equal(422, refused.Status);
        Assert.StartsWith("reason: ", Assert.Single(refused.Faults), StringComparison.Ordinal);
        Assert.Equal(200, (await _control.PostAsync($"apps/{SampleFile.AppPath}/releases/1.0/block", """{"reason": "does not boot"}""")).Status);

        var entry = (await _control.GetAsync("audit?limit=1")).Json["entries"]![0]!;
        Assert.Equal(("release block", "does not boot"), ((string?)entry["verb"], (string?)entry["reason"]));
    }

    private async Task SetAsync(string version) => Assert.Equal(200, (await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", string.Create(CultureInfo.InvariantCulture, $$"""{"version": "{{version}}"}"""))).Status);

    /// <summary>Waits for what the control plane does by itself.</summary>
    private async Task UntilFirstIsAsync(long number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await _control.Audit.ReadFirstAsync(patience.Token))!.Number != number) await Task.Yield();
    }
}
