using System.Text.Json.Nodes;
using Omaha.Redis;
using Omaha.Testing;
using StackExchange.Redis;

namespace Omaha.Control.Tests;

/// <summary>What the control plane promises on every kind of store.</summary>
public abstract class ControlApiTests(StoreFixture store) : IAsyncLifetime
{
    private ControlSite _control = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(store is RedisServerProcess && RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");
        await store.StartAsync();
        _control = await ControlSite.StartWithTokensAsync(store.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_release_goes_from_the_file_over_alpha_and_beta_to_stable()
    {
        Assert.Equal(200, (await _control.PostAsync("apply", SampleFile.With("1.0"))).Status);
        Assert.Equal(200, (await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", """{"version": "1.0"}""")).Status);
        Assert.Equal(200, (await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/beta/promote", """{"from": "alpha", "target": "any/amd64", "skipVerify": "made up"}""")).Status);
        var last = await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/stable/promote", """{"from": "beta", "skipVerify": "made up"}""");

        Assert.Equal((200, 4), (last.Status, (int)last.Json["revision"]!));
        var channels = (await _control.GetAsync($"apps/{SampleFile.AppPath}/channels")).Json["channels"]!.AsArray();
        Assert.Equal(["alpha any/amd64 1.0, any/arm64 1.0", "beta any/amd64 1.0", "stable any/amd64 1.0"], channels.Select(Describe));
        Assert.Equal(("olivia", "beta"), ((string?)channels[2]!["targets"]![0]!["by"], (string?)channels[2]!["targets"]![0]!["from"]));
    }

    [Fact]
    public async Task An_export_applied_again_changes_nothing()
    {
        await _control.PostAsync("apply", SampleFile.With("1.0", "2.0"));
        await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", """{"version": "2.0"}""");
        var export = await _control.GetAsync("export");

        var again = await _control.PostAsync("apply", export.Text);

        Assert.Equal("unchanged", (string?)again.Json["apps"]![0]!["change"]);
        Assert.Equal(2, (int)again.Json["revision"]!);
        Assert.Equal(export.Text, (await _control.GetAsync("export")).Text);
    }

    [Fact]
    public async Task An_old_file_applied_again_undoes_no_promotion_and_lifts_no_brake()
    {
        await _control.PostAsync("apply", SampleFile.With("1.0", "2.0"));
        await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", """{"version": "2.0"}""");
        await _control.PostAsync("pause", """{"reason": "bad day"}""");

        Assert.Equal(200, (await _control.PostAsync("apply", SampleFile.With("2.0"))).Status);

        Assert.Equal("bad day", (string?)(await _control.GetAsync("status")).Json["brakes"]!["pauseAll"]!["reason"]);
        Assert.Equal("alpha any/amd64 2.0, any/arm64 2.0", Describe((await _control.GetAsync($"apps/{SampleFile.AppPath}/channels")).Json["channels"]![0]));
    }

    [Fact]
    public async Task A_dry_run_tells_the_plan_and_writes_nothing()
    {
        var plan = await _control.PostAsync("apply?dryRun", SampleFile.With("1.0"));
        Assert.Equal(("created", true), ((string?)plan.Json["apps"]![0]!["change"], (bool)plan.Json["dryRun"]!));
        Assert.Equal(404, (await _control.GetAsync($"apps/{SampleFile.AppPath}")).Status);

        await _control.PostAsync("apply", SampleFile.With("1.0"));
        var set = await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", """{"version": "1.0", "dryRun": true}""");
        Assert.Equal("moved", (string?)set.Json["moves"]![0]!["change"]);
        Assert.Equal(1, (await _control.Store.ReadHeadAsync()).Version.Revision);
    }

    [Fact]
    public async Task Only_pruning_deletes_an_app()
    {
        await _control.PostAsync("apply", SampleFile.With("1.0"));
        await _control.PostAsync("apply", $$"""{"apps": [{{SampleFile.App("other")}}]}""");
        Assert.Equal(2, (int)(await _control.GetAsync("status")).Json["apps"]!);

        var pruned = await _control.PostAsync($"apply?prune={SampleFile.AppPath}", """{"apps": []}""");

        Assert.Equal("deleted", (string?)pruned.Json["apps"]![0]!["change"]);
        Assert.Equal(404, (await _control.GetAsync($"apps/{SampleFile.AppPath}")).Status);
        Assert.Equal(1, (int)(await _control.GetAsync("status")).Json["apps"]!);
    }

    [Fact]
    public async Task Everything_can_be_paused_and_resumed_once()
    {
        var paused = await _control.PostAsync("pause", """{"reason": "bad day"}""");
        Assert.True((bool)paused.Json["changed"]!);
        Assert.Equal("olivia", (string?)paused.Json["brakes"]!["pauseAll"]!["by"]);
        Assert.False((bool)(await _control.PostAsync("pause")).Json["changed"]!);
        Assert.True((bool)(await _control.PostAsync("resume")).Json["changed"]!);
        Assert.False((bool)(await _control.PostAsync("resume")).Json["changed"]!);
        Assert.Equal(2, (await _control.Store.ReadHeadAsync()).Version.Revision);
    }

    [Fact]
    public async Task Releases_are_added_moved_blocked_and_removed_and_a_channel_goes_back()
    {
        const string app = SampleFile.AppId;
        await _control.PostAsync("apply", SampleFile.With("1.0"));
        var add = $$"""{"app": "{{app}}", "releases": [ {{SampleFile.Release("2.0", "any/amd64")}}, {{SampleFile.Release("3.0", "any/amd64")}} ]}""";
        Assert.Equal(["added", "added"], await StepsAsync("releases", add));
        Assert.Equal(["unchanged", "unchanged"], await StepsAsync("releases", add));
        Assert.Equal(["relocated"], await StepsAsync("releases/2.0/relocate", """{"codebases": ["https://mirror.example.test/"]}"""));
        Assert.Equal(["removed"], await StepsAsync("releases/3.0/remove", "{}"));
        foreach (var version in new[] { "1.0", "2.0" }) Assert.Equal(200, (await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", $$"""{"version": "{{version}}", "target": "any/amd64"}""")).Status);
        Assert.Equal(["blocked"], await StepsAsync("releases/2.0/block", """{"reason": "bad"}"""));
        Assert.Equal(422, (await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/beta/promote", """{"from": "alpha", "skipVerify": "made up"}""")).Status);
        Assert.Equal(["unblocked"], await StepsAsync("releases/2.0/unblock", """{"reason": "good"}"""));
        Assert.Equal("1.0", (string?)(await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/revert", """{"reason": "bad"}""")).Json["moves"]![0]!["version"]);

        Assert.Equal(["1.0", "2.0", "1.0"], (await _control.GetAsync($"apps/{SampleFile.AppPath}/history?channel=alpha")).Json["entries"]!.AsArray().Select(entry => (string?)entry!["version"]));
        Assert.Equal(["2.0 any/amd64", "1.0 any/amd64", "1.0 any/arm64"], (await _control.GetAsync($"apps/{SampleFile.AppPath}/releases")).Json["releases"]!.AsArray().Select(view => $"{view!["release"]!["version"]} {view["target"]}"));
        Assert.Equal(9, (await _control.Store.ReadHeadAsync()).Version.Revision);

        async Task<List<string?>> StepsAsync(string path, string body)
        {
            var answer = await _control.PostAsync($"apps/{SampleFile.AppPath}/{path}", body);
            Assert.Equal(200, answer.Status);
            return [.. answer.Json["releases"]!.AsArray().Select(step => (string?)step!["change"])];
        }
    }

    [Fact]
    public async Task Accepting_the_store_is_recorded_for_the_servers()
    {
        var accepted = await _control.PostAsync("store/accept?empty");

        Assert.Equal((200, 0), (accepted.Status, (int)accepted.Json["apps"]!));
        Assert.NotNull((await _control.Store.ReadHeadAsync()).Acceptance);
    }

    [Fact]
    public async Task Empty_store_is_accepted_only_where_that_is_said()
    {
        var refused = await _control.PostAsync("store/accept");

        Assert.Equal(422, refused.Status);
        Assert.Contains("holds no apps", refused.Json.ToJsonString(), StringComparison.Ordinal);
        Assert.Null((await _control.Store.ReadHeadAsync()).Acceptance);
    }

    [Fact]
    public async Task A_change_that_was_prepared_on_an_older_state_is_a_conflict_and_writes_nothing()
    {
        await _control.PostAsync("apply", SampleFile.With("1.0"));
        var time = new InterruptedTime();
        await using var slow = await ControlSite.StartWithTokensAsync(store.Configuration, writerTime: time);
        time.Interruption = () => _control.PostAsync("pause").GetAwaiter().GetResult();

        var lost = await slow.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", """{"version": "1.0"}""");

        Assert.Equal(409, lost.Status);
        Assert.Equal(["the catalogue moved from revision 1 to 2 while this change was prepared; try again"], lost.Faults);
        Assert.Empty((await slow.GetAsync($"apps/{SampleFile.AppPath}/channels")).Json["channels"]![0]!["targets"]!.AsArray());
        Assert.Equal(200, (await slow.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", """{"version": "1.0"}""")).Status);
    }

    [Fact]
    public async Task A_brake_does_not_lose_to_another_change()
    {
        var time = new InterruptedTime();
        await using var slow = await ControlSite.StartWithTokensAsync(store.Configuration, writerTime: time);
        time.Interruption = () => _control.PostAsync("apply", SampleFile.With("1.0")).GetAwaiter().GetResult();

        Assert.True((bool)(await slow.PostAsync("pause")).Json["changed"]!);

        var head = await _control.Store.ReadHeadAsync();
        Assert.NotNull(head.Brakes.PauseAll);
        Assert.Equal(2, head.Version.Revision);
        Assert.NotNull(await _control.Store.ReadAppAsync(SampleFile.AppId));
    }

    [Fact]
    public async Task A_brake_that_loses_again_and_again_says_so()
    {
        var time = new InterruptedTime();
        await using var slow = await ControlSite.StartWithTokensAsync(store.Configuration, writerTime: time);
        var changes = 0;
        time.Interruption = InterruptAgain;

        var lost = await slow.PostAsync("pause");

        time.Interruption = null;
        Assert.Equal(409, lost.Status);
        Assert.Equal(["other changes came between 100 times; try again"], lost.Faults);
        Assert.Null((await _control.Store.ReadHeadAsync()).Brakes.PauseAll);
        Assert.Equal(200, (await slow.PostAsync("pause")).Status);

        void InterruptAgain()
        {
            Assert.Equal(200, _control.PostAsync("apply", $$"""{ "app": "other", "spec": { "name": "{{++changes}}", "channels": { "stable": {} } } }""").GetAwaiter().GetResult().Status);
            time.Interruption = InterruptAgain;
        }
    }

    [Fact]
    public async Task A_change_that_was_prepared_on_another_store_is_a_conflict_that_says_so()
    {
        await _control.PostAsync("apply", SampleFile.With("1.0"));
        var time = new InterruptedTime();
        await using var slow = await ControlSite.StartWithTokensAsync(store.Configuration, writerTime: time);
        time.Interruption = () =>
        {
            using var redis = ConnectionMultiplexer.Connect(store.Configuration);
            redis.GetDatabase().StringSet("{omaha}:head", "another:7:change");
        };

        var lost = await slow.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", """{"version": "1.0"}""");

        Assert.Equal(409, lost.Status);
        Assert.Matches("^the store was replaced \\(epoch [0-9a-f]+ became another\\) while this change was prepared; look at omahactl status and try again$", Assert.Single(lost.Faults));
        Assert.Equal(7, (await _control.Store.ReadHeadAsync()).Version.Revision);
    }

    [Fact]
    public async Task Two_control_planes_writing_at_once_lose_nothing()
    {
        const int each = 20;
        await using var second = await ControlSite.StartWithTokensAsync(store.Configuration);
        var writers = new[] { (_control, "one"), (second, "two") }.Select(async writer =>
        {
            for (var i = 0; i < each; i++)
            {
                Answer answer;
                do answer = await writer.Item1.PostAsync("apply", $$"""{"apps": [{{SampleFile.App($"{writer.Item2}-{i}", "1.0")}}]}""");
                while (answer.Status == 409);
                Assert.Equal(200, answer.Status);
            }
        });

        await Task.WhenAll(writers);

        Assert.Equal(2 * each, (await _control.GetAsync("apps")).Json["apps"]!.AsArray().Count);
        Assert.Equal(2 * each, (await _control.Store.ReadHeadAsync()).Version.Revision);
    }

    [Fact]
    public async Task More_apps_than_one_change_can_hold_are_refused_unless_they_are_unchanged()
    {
        var apps = Enumerable.Range(0, 501).Select(i => SampleFile.App($"app-{i:000}")).ToList();

        var answer = await _control.PostAsync("apply", $$"""{"apps": [{{string.Join(',', apps)}}]}""");

        Assert.Equal(422, answer.Status);
        Assert.Contains("501 apps would change at once; at most 500 can", Assert.Single(answer.Faults), StringComparison.Ordinal);
        Assert.Equal(200, (await _control.PostAsync("apply", $$"""{"apps": [{{string.Join(',', apps.Take(500))}}]}""")).Status);
        Assert.Equal(200, (await _control.PostAsync("apply", $$"""{"apps": [{{string.Join(',', apps)}}]}""")).Status);
    }

    private static string Describe(JsonNode? channel) =>
        $"{channel!["name"]} {string.Join(", ", channel["targets"]!.AsArray().Select(pointer => $"{pointer!["target"]} {pointer["version"]}"))}".Trim();

    /// <summary>A clock that is asked between reading and writing, where another writer may come between.</summary>
    private sealed class InterruptedTime : TimeProvider
    {
        public Action? Interruption { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            var interruption = Interruption;
            Interruption = null;
            interruption?.Invoke();
            return base.GetUtcNow();
        }
    }
}

public sealed class ControlApiOnGarnetTests() : ControlApiTests(new GarnetInProcess());

public sealed class ControlApiOnRedisTests() : ControlApiTests(new RedisServerProcess());
