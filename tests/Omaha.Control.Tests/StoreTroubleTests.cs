using Omaha.Redis;
using Omaha.Testing;
using StackExchange.Redis;

namespace Omaha.Control.Tests;

/// <summary>A store that is away, was emptied, or holds what cannot be read.</summary>
public sealed class StoreTroubleTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GarnetInProcess _store = new();

    public async ValueTask InitializeAsync() => await _store.StartAsync();

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Every_route_answers_503_while_the_store_is_away()
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        await _store.KillAsync();

        foreach (var (method, path) in new[] { ("GET", "status"), ("GET", "apps"), ("GET", "export"), ("GET", $"apps/{SampleFile.AppPath}/channels"), ("POST", "apply"), ("POST", "pause"), ("POST", "store/accept") })
        {
            var answer = await control.SendAsync(method, path, method == "POST" ? "{}" : null);
            Assert.Equal(503, answer.Status);
            Assert.Contains("store", Assert.Single(answer.Faults), StringComparison.Ordinal);
        }

        Assert.Equal(503, (await control.GetBareAsync("/readyz")).Status);
        Assert.Equal(200, (await control.GetBareAsync("/livez")).Status);
        var run = await control.OmahactlAsync("status");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("omahactl: The store", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_control_plane_starts_without_the_store_and_initialises_it_when_it_comes()
    {
        await _store.KillAsync();
        await using var control = await ControlSite.StartAsync(_store.Configuration);
        Assert.Equal(200, (await control.GetBareAsync("/livez")).Status);
        Assert.Equal(503, (await control.GetBareAsync("/readyz")).Status);

        await _store.StartAsync();

        using var patience = new CancellationTokenSource(Patience);
        while (!await IsInitializedAsync(control)) patience.Token.ThrowIfCancellationRequested();
        Assert.Equal(200, (await control.GetBareAsync("/readyz")).Status);
    }

    [Fact]
    public async Task A_store_that_was_emptied_is_not_written_until_an_operator_begins_anew_but_a_brake_works()
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_store.Configuration);
        await redis.GetDatabase().KeyDeleteAsync("{omaha}:head");

        Assert.Null((await control.GetAsync("status")).Json["store"]);
        foreach (var (path, body) in new[] { ("apply", SampleFile.With("1.0")), ($"apps/{SampleFile.AppPath}/channels/alpha/set", """{"version": "1.0"}"""), ("store/accept", "") })
        {
            var answer = await control.PostAsync(path, body);
            Assert.Equal(409, answer.Status);
            Assert.Contains("the store has no epoch, so it lost its data", Assert.Single(answer.Faults), StringComparison.Ordinal);
        }

        Assert.True((bool)(await control.PostAsync("pause")).Json["changed"]!);
        Assert.NotNull((await control.Store.ReadHeadAsync()).Brakes.PauseAll);
    }

    [Fact]
    public async Task What_cannot_be_read_harms_nothing_else_and_is_named()
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        await control.PostAsync("apply", $$"""{"apps": [{{SampleFile.App("bad", "1.0")}}, {{SampleFile.App("faulty", "1.0")}}, {{SampleFile.App("good", "1.0")}}]}""");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_store.Configuration);
        await redis.GetDatabase().StringSetAsync("{omaha}:app:bad", "{ not json");
        await redis.GetDatabase().StringSetAsync("{omaha}:app:faulty", """{"app": "faulty", "requires": ["time-travel"], "spec": {"channels": {"alpha": null}, "releases": [null]}}""");

        var status = await control.GetAsync("status");
        Assert.Equal((3, 2), ((int)status.Json["apps"]!, (int)status.Json["faultyApps"]!));
        Assert.Equal(["bad", "faulty spec.channels.alpha", "faulty spec.releases[0]", "faulty requires"], status.Json["faults"]!.AsArray().Select(fault => (string?)fault!["path"]));

        Assert.Equal(200, (await control.PostAsync("apps/good/channels/alpha/set", """{"version": "1.0"}""")).Status);
        Assert.Equal(200, (await control.GetAsync("apps")).Status);
        Assert.Equal(200, (await control.GetAsync("apps/faulty/channels")).Status);
        Assert.Contains("bad: the stored document cannot be read", Assert.Single((await control.GetAsync("apps/bad")).Faults), StringComparison.Ordinal);
        foreach (var path in new[] { "apps/bad/channels/alpha/set", "apps/faulty/channels/alpha/set" }) Assert.Equal(422, (await control.PostAsync(path, """{"version": "1.0"}""")).Status);
        Assert.Equal(422, (await control.GetAsync("export")).Status);
        Assert.Equal(200, (await control.GetAsync("export?app=good")).Status);
        Assert.Contains("bad: the stored document cannot be read", Assert.Single((await control.PostAsync("apply", SampleFile.App("bad", "1.0"))).Faults), StringComparison.Ordinal);

        Assert.Equal("changed", (string?)(await control.PostAsync("apply", SampleFile.App("faulty", "1.0"))).Json["apps"]![0]!["change"]);
        Assert.Equal(200, (await control.PostAsync("apply?prune=bad", """{"apps": []}""")).Status);
        Assert.Equal(0, (int)(await control.GetAsync("status")).Json["faultyApps"]!);
    }

    [Fact]
    public async Task Brakes_that_cannot_be_read_are_named_and_can_be_set_and_lifted()
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_store.Configuration);
        await redis.GetDatabase().StringSetAsync("{omaha}:brakes", "{ not json");

        Assert.Equal("brakes", (string?)(await control.GetAsync("status")).Json["faults"]![0]!["path"]);
        Assert.Equal("olivia", (string?)(await control.PostAsync("pause")).Json["brakes"]!["pauseAll"]!["by"]);

        await redis.GetDatabase().StringSetAsync("{omaha}:brakes", "{ not json");
        Assert.True((bool)(await control.PostAsync("resume")).Json["changed"]!);
        Assert.Null((await control.Store.ReadHeadAsync()).Brakes.PauseAll);
    }

    [Fact]
    public async Task A_key_of_another_type_is_no_crash()
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        await control.PostAsync("apply", SampleFile.App("app", "1.0"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_store.Configuration);
        await redis.GetDatabase().KeyDeleteAsync("{omaha}:app:app");
        await redis.GetDatabase().ListLeftPushAsync("{omaha}:app:app", "x");

        foreach (var path in new[] { "status", "apps", "apps/app", "export" }) Assert.InRange((await control.GetAsync(path)).Status, 200, 503);
        Assert.NotEqual(500, (await control.PostAsync("apply", SampleFile.App("app", "1.0"))).Status);
    }

    private static async Task<bool> IsInitializedAsync(ControlSite control)
    {
        try
        {
            return !(await control.Store.ReadHeadAsync()).Version.IsNone;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
