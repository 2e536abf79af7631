using Omaha.Redis;
using Omaha.Testing;
using StackExchange.Redis;

namespace Omaha.Control.Tests;

/// <summary>Who is let in.</summary>
public sealed class ControlAccessTests : IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();
    private ControlSite _control = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.StartAsync();
        _control = await ControlSite.StartWithTokensAsync(_store.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData("", "a token is needed")]
    [InlineData("Basic b2xpdmlhOnNlY3JldA==", "holds no token of this service")]
    [InlineData("Bearer", "holds no token of this service")]
    [InlineData("Bearer something", "holds no token of this service")]
    [InlineData("Bearer omaha_", "holds no token of this service")]
    [InlineData("Bearer omaha_a_b_c", "holds no token of this service")]
    [InlineData("Bearer omaha_000000000000_00", "the token is not valid")]
    public async Task A_request_without_a_valid_token_is_not_authenticated(string authorization, string words)
    {
        var answer = await _control.SendAsync("GET", "status", authorization: authorization);

        Assert.Equal(401, answer.Status);
        Assert.Contains(words, Assert.Single(answer.Faults), StringComparison.Ordinal);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_wrong_secret_is_answered_like_an_unknown_token_and_never_repeated()
    {
        var wrong = _control.Operator[..^1] + (_control.Operator[^1] == '0' ? '1' : '0');

        var answer = await _control.SendAsync("GET", "status", authorization: $"Bearer {wrong}");

        Assert.Equal(401, answer.Status);
        Assert.DoesNotContain(wrong, answer.Text, StringComparison.Ordinal);
        Assert.Equal((await _control.SendAsync("GET", "status", authorization: "Bearer omaha_000000000000_00")).Text, answer.Text);
    }

    [Fact]
    public async Task A_revoked_token_lets_nobody_in()
    {
        await _control.Tokens.DeleteAsync(_control.Viewer.Split('_')[1]);

        Assert.Equal(401, (await _control.SendAsync("GET", "status", authorization: $"Bearer {_control.Viewer}")).Status);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("apps")]
    [InlineData("export")]
    [InlineData("schema")]
    [InlineData("apps/x/releases", 404)]
    [InlineData("apps/x/releases/1.0", 404)]
    [InlineData("apps/x/history", 404)]
    public async Task A_viewer_reads(string path, int status = 200)
    {
        Assert.Equal(status, (await _control.SendAsync("GET", path, authorization: $"bearer {_control.Viewer}")).Status);
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("apply?dryRun")]
    [InlineData("apps/x/releases")]
    [InlineData("apps/x/releases/1.0/relocate")]
    [InlineData("apps/x/releases/1.0/block")]
    [InlineData("apps/x/releases/1.0/unblock")]
    [InlineData("apps/x/releases/1.0/remove")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("store/accept")]
    public async Task A_viewer_changes_nothing(string path)
    {
        var answer = await _control.SendAsync("POST", path, "{}", $"Bearer {_control.Viewer}");

        Assert.Equal(403, answer.Status);
        Assert.Contains("needs the role operator; the token", Assert.Single(answer.Faults), StringComparison.Ordinal);
        Assert.Equal(0, (await _control.Store.ReadHeadAsync()).Version.Revision);
    }

    [Fact]
    public async Task A_role_that_is_not_known_permits_nothing()
    {
        var stored = (await _control.Tokens.FindAsync(_control.Viewer.Split('_')[1]))!;
        await _control.Tokens.DeleteAsync(stored.Id);
        await _control.Tokens.CreateAsync(stored with { Role = "owner" });

        Assert.Equal(403, (await _control.SendAsync("GET", "status", authorization: $"Bearer {_control.Viewer}")).Status);
    }

    [Fact]
    public async Task The_store_never_holds_a_secret()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_store.Configuration);

        var entries = await redis.GetDatabase().HashGetAllAsync("control:{omaha}:tokens");

        Assert.Equal(3, entries.Length);
        var secret = _control.Operator.Split('_')[2];
        Assert.Equal(64, secret.Length);
        Assert.All(entries, entry => Assert.DoesNotContain(secret, entry.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_needs_no_token()
    {
        Assert.Equal(200, (await _control.GetBareAsync("/livez")).Status);
        Assert.Equal(200, (await _control.GetBareAsync("/readyz")).Status);
        Assert.Equal(404, (await _control.GetBareAsync("/")).Status);
    }
}
