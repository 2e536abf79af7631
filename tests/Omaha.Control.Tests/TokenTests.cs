using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Omaha.Redis;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>How tokens are made, end, and are guarded.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();

    public async ValueTask InitializeAsync() => await _store.StartAsync();

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task An_admin_makes_lists_and_revokes_tokens_with_omahactl()
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);

        var made = await AsAdminAsync(control, "token", "create", "--role", "promoter", "--app", SampleFile.AppId, "--app", "other", "--channel", "beta", "--channel", "stable", "--name", "release-bot", "--expires", "2990-01-01");
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Matches("^omaha_[0-9a-f]{12}_[0-9a-f]{64}\n$", made.Output);
        var (text, id) = (made.Output.Trim(), made.Output.Split('_')[1]);
        Assert.Equal(200, (await control.SendAsync("GET", "status", authorization: $"Bearer {text}")).Status);

        var list = (await AsAdminAsync(control, "token", "list")).Output.Split('\n');
        Assert.StartsWith("ID            ROLE      NAME         MADE               ENDS               APPS", list[0], StringComparison.Ordinal);
        var line = Assert.Single(list, line => line.StartsWith(id, StringComparison.Ordinal));
        Assert.Contains("promoter  release-bot", line, StringComparison.Ordinal);
        Assert.EndsWith("2990-01-01 00:00Z  11112222-3333-4444-5555-666677778888, other  beta, stable", line, StringComparison.Ordinal);
        Assert.DoesNotContain(text.Split('_')[2], string.Concat(list), StringComparison.Ordinal);

        Assert.Equal($"Token {id} is revoked.\n", (await AsAdminAsync(control, "token", "revoke", text)).Output);
        Assert.Equal(401, (await control.SendAsync("GET", "status", authorization: $"Bearer {text}")).Status);
        var again = await AsAdminAsync(control, "token", "revoke", id);
        Assert.Equal(1, again.ExitCode);
        Assert.StartsWith($"omahactl: token: \"{id}\" is no token; there are ", again.Error, StringComparison.Ordinal);

        var audit = (await AsAdminAsync(control, "audit", "--limit", "2")).Output;
        Assert.Contains($"token revoke {id} promoter of 11112222-3333-4444-5555-666677778888, other on beta, stable for release-bot, until 2990-01-01 00:00:00Z\n    by ada (admin, token ", audit, StringComparison.Ordinal);
        Assert.Contains($"token create {id} promoter of ", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_with_json_is_the_answer_of_the_API()
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);

        var made = JsonNode.Parse((await AsAdminAsync(control, "token", "create", "--role", "viewer", "--json")).Output)!;

        Assert.Equal((string?)made["text"], $"omaha_{made["token"]!["id"]}_{((string)made["text"]!).Split('_')[2]}");
        Assert.Equal("viewer", (string?)made["token"]!["role"]);
    }

    [Theory]
    [InlineData("""{}""", "role: is missing; there are viewer, promoter, operator, admin")]
    [InlineData("""{"role": "boss"}""", "role: \"boss\" is no role")]
    [InlineData("""{"role": "viewer", "name": "a\nb"}""", "is no name")]
    [InlineData("""{"role": "viewer", "expires": "soon"}""", "expires: \"soon\" is no time to come")]
    [InlineData("""{"role": "viewer", "expires": "2001-01-01"}""", "expires: \"2001-01-01\" is no time to come")]
    [InlineData("""{"role": "viewer", "expires": "0s"}""", "is no time to come")]
    [InlineData("""{"role": "viewer", "apps": ["a"]}""", "app: goes with the role promoter only")]
    [InlineData("""{"role": "operator", "channels": ["a"]}""", "channel: goes with the role promoter only")]
    [InlineData("""{"role": "promoter", "channels": ["a"]}""", "app: is missing; a promoter is limited to apps that are named")]
    [InlineData("""{"role": "promoter", "apps": ["a"]}""", "channel: is missing; a promoter is limited to channels that are named")]
    [InlineData("""{"role": "promoter", "apps": ["{{a}}"], "channels": ["a"]}""", "app: \"{{a}}\" is no app id")]
    [InlineData("""{"role": "promoter", "apps": [null], "channels": ["a"]}""", "app: \"\" is no app id")]
    [InlineData("""{"role": "promoter", "apps": ["a"], "channels": [null]}""", "channel: \"\" is no name of a channel")]
    [InlineData("""{"role": "promoter", "apps": ["a"], "channels": ["a", ""]}""", "channel: \"\" is no name of a channel")]
    public async Task A_token_that_makes_no_sense_is_refused_in_words(string body, string words)
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);

        var answer = await control.PostAsync("tokens", body, control.Admin);

        Assert.Equal(422, answer.Status);
        Assert.Contains(words, string.Join('\n', answer.Faults), StringComparison.Ordinal);
        Assert.Equal(3, (await control.Tokens.ListAsync()).Count);
    }

    [Fact]
    public async Task A_token_names_no_more_than_a_hundred_apps_or_channels()
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        var names = string.Join(", ", Enumerable.Range(0, 101).Select(i => $"\"n{i}\""));

        var apps = await control.PostAsync("tokens", $$"""{"role": "promoter", "apps": [{{names}}], "channels": ["a"]}""", control.Admin);
        var channels = await control.PostAsync("tokens", $$"""{"role": "promoter", "apps": ["a"], "channels": [{{names}}]}""", control.Admin);

        Assert.Equal(["app: is given 101 times; a token may name at most 100"], apps.Faults);
        Assert.Equal(["channel: is given 101 times; a token may name at most 100"], channels.Faults);
    }

    [Fact]
    public async Task An_expired_token_lets_nobody_in_and_says_so()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration, time);
        var token = (string)(await control.PostAsync("tokens", """{"role": "viewer", "name": "temp", "expires": "30d"}""", control.Admin)).Json["text"]!;

        time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await control.SendAsync("GET", "status", authorization: $"Bearer {token}")).Status);
        time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i <= FailedAttempts.AtOnce; i++)
        {
            var answer = await control.SendAsync("GET", "status", authorization: $"Bearer {token}");
            Assert.Equal(401, answer.Status);
            Assert.StartsWith($"the token {token.Split('_')[1]} (temp) expired at 2026-06-03 12:00:00Z", Assert.Single(answer.Faults), StringComparison.Ordinal);
        }

        var listed = (await control.SendAsync("GET", "tokens", authorization: $"Bearer {control.Admin}")).Json["tokens"]!.AsArray().Single(entry => (string?)entry!["name"] == "temp");
        Assert.True((bool)listed!["isExpired"]!);
        Assert.Contains("(expired)", (await AsAdminAsync(control, "token", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_fails_again_and_again_has_to_wait_and_a_valid_token_never_has()
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        for (var i = 0; i < FailedAttempts.AtOnce; i++) Assert.Equal(401, (await FailAsync(control)).Status);

        // On a slow machine one more may have been permitted meanwhile, as one is every six seconds.
        var limited = await FailAsync(control);
        for (var i = 0; limited.Status == 401 && i < FailedAttempts.AtOnce; i++) limited = await FailAsync(control);

        Assert.Equal(429, limited.Status);
        Assert.Equal("too many attempts without a valid token came from 127.0.0.1; a valid token is let in at once, others may try again later", Assert.Single(limited.Faults));
        Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(429, (await control.SendAsync("GET", "status", authorization: "Bearer omaha_")).Status);
        Assert.Equal(401, (await control.SendAsync("GET", "status", authorization: "")).Status);

        // One that was used before, one that was not, and one that is new.
        Assert.Equal(200, (await control.GetAsync("status")).Status);
        Assert.Equal(200, (await control.SendAsync("GET", "status", authorization: $"Bearer {control.Viewer}")).Status);
        Assert.Equal(200, (await control.SendAsync("GET", "status", authorization: $"Bearer {await control.TokenAsync(TokenGrant.Of(Role.Viewer))}")).Status);

        await control.Tokens.DeleteAsync(control.Viewer.Split('_')[1]);
        Assert.Equal(429, (await control.SendAsync("GET", "status", authorization: $"Bearer {control.Viewer}")).Status);
        Assert.Equal(429, (await control.SendAsync("GET", "status", authorization: $"Bearer {control.Operator[..^1]}{(control.Operator[^1] == '0' ? '1' : '0')}")).Status);
    }

    [Fact]
    public async Task A_header_that_names_another_source_changes_nothing()
    {
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        using var http = new HttpClient();
        var statuses = new List<int>();
        for (var i = 0; i < 2 * FailedAttempts.AtOnce; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{control.Address}/api/v1/status");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer omaha_000000000000_00");
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", $"192.0.2.{i}");
            using var response = await http.SendAsync(request);
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal(Enumerable.Repeat(401, FailedAttempts.AtOnce), statuses.Take(FailedAttempts.AtOnce));
        Assert.Contains(429, statuses);
    }

    [Fact]
    public async Task A_flood_of_attempts_asks_the_store_four_times_a_second_at_most()
    {
        await using var proxy = new CuttingProxy(_store.Port);
        await using var control = await ControlSite.StartWithTokensAsync(proxy.Configuration);
        for (var i = 0; i <= FailedAttempts.AtOnce; i++) await FailAsync(control);
        var before = proxy.Commands;
        var clock = Stopwatch.StartNew();

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => FailAsync(control)));

        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { 401, 429 }));
        Assert.InRange(proxy.Commands - before, 1, (clock.Elapsed.TotalSeconds * 4) + 3);
    }

    [Fact]
    public async Task No_secret_is_logged()
    {
        var lines = new LogLines();
        await using var control = await ControlSite.StartWithTokensAsync(_store.Configuration, log: lines);
        var made = (string)(await control.PostAsync("tokens", """{"role": "viewer", "expires": "30d"}""", control.Admin)).Json["text"]!;
        await control.PostAsync("apply", SampleFile.With("1.0"));
        await control.PostAsync("pause", token: made);
        await control.PostAsync("pause", """{"reason": "bad day"}""");
        for (var i = 0; i < FailedAttempts.AtOnce + 5; i++) await control.SendAsync("GET", "status", authorization: $"Bearer {made}0");
        var backup = await control.SendAsync("GET", "backup", authorization: $"Bearer {control.Admin}");
        await control.PostAsync("restore?overwrite", backup.Text, control.Admin);
        await control.PostAsync("restore?overwrite", "no backup", control.Admin);
        await AsAdminAsync(control, "token", "revoke", made);
        await _store.KillAsync();
        await control.GetAsync("status");

        var hashes = backup.Text.Split('\n').Where(line => line.Contains("\"kind\":\"token\"", StringComparison.Ordinal)).Select(line => (string)JsonNode.Parse((string)JsonNode.Parse(line)!["text"]!)!["hash"]!).ToList();
        Assert.Equal(4, hashes.Count);
        Assert.Contains(lines.All, line => line.Contains("made the token", StringComparison.Ordinal));
        Assert.Contains(lines.All, line => line.Contains("Too many attempts without a valid token came from 127.0.0.1", StringComparison.Ordinal));
        foreach (var secret in hashes.Concat(new[] { made, control.Admin, control.Operator, control.Viewer }.Select(token => token.Split('_')[2])))
        {
            Assert.DoesNotContain(lines.All, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static Task<Answer> FailAsync(ControlSite control) => control.SendAsync("GET", "status", authorization: $"Bearer omaha_{Guid.NewGuid():n}_00");

    private static Task<Run> AsAdminAsync(ControlSite control, params string[] args) => Run.OmahactlAsync(args, new() { ["OMAHACTL_SERVER"] = control.Address, ["OMAHACTL_TOKEN"] = control.Admin });
}
