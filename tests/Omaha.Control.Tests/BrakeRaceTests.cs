using System.Globalization;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>A brake depends on no other change, so it loses to none.</summary>
public sealed class BrakeRaceTests : IAsyncLifetime
{
    private const int Apps = 8;
    private const int Rounds = 6;

    private readonly GarnetInProcess _store = new();
    private ControlSite _control = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.StartAsync();
        _control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        Assert.Equal(200, (await _control.PostAsync("apply", $$"""{ "apps": [ {{string.Join(", ", Enumerable.Range(0, Apps).Select(static app => SampleFile.App(Id(app), "1.0", "2.0")))}} ] }""")).Status);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static string Id(int app) => string.Create(CultureInfo.InvariantCulture, $"app-{app}");

    /// <summary>The same of every app at once, so that each comes between the reading and the writing of others.</summary>
    private async Task<string[]> AllAtOnceAsync(string path, string body)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Apps).Select(app => _control.PostAsync($"apps/{Id(app)}/{path}", body)));
        return [.. answers.Where(static answer => answer.Status != 200).Select(static answer => $"{answer.Status}: {string.Join("; ", answer.Faults)}")];
    }

    private async Task OneByOneAsync(string path, string body)
    {
        for (var app = 0; app < Apps; app++)
        {
            var answer = await _control.PostAsync($"apps/{Id(app)}/{path}", body);
            Assert.True(answer.Status == 200, answer.Text);
        }
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("halt")]
    public async Task Stop_of_a_rollout_comes_through_whoever_else_writes(string verb)
    {
        await OneByOneAsync("channels/alpha/rollout/start", """{ "version": "2.0", "policy": { "ramp": "24h" } }""");
        for (var round = 0; round < Rounds; round++)
        {
            Assert.Empty(await AllAtOnceAsync($"channels/alpha/rollout/{verb}", """{ "reason": "crashes" }"""));
            await OneByOneAsync("channels/alpha/rollout/resume", "{}");
        }
    }

    [Fact]
    public async Task Block_comes_through_whoever_else_writes()
    {
        for (var round = 0; round < Rounds; round++)
        {
            Assert.Empty(await AllAtOnceAsync("releases/2.0/block", """{ "reason": "crashes" }"""));
            await OneByOneAsync("releases/2.0/unblock", """{ "reason": "mended" }""");
        }
    }
}
