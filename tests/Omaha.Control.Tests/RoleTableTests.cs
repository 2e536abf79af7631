using System.Text.Json.Nodes;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>Who may do what: every route of the API and every verb of omahactl, tried by every role. A new one without a row here fails.</summary>
public sealed class RoleTableTests : IAsyncLifetime
{
    /// <summary>The least role of each route, with a body to try it with. APP is the promoter's app; beta is its channel, and alpha is not.</summary>
    private static readonly (string Route, Role Least, string? Body)[] Routes =
    [
        ("GET /openapi.json", Role.Viewer, null),
        ("GET /status", Role.Viewer, null),
        ("GET /schema", Role.Viewer, null),
        ("GET /export", Role.Viewer, null),
        ("GET /apps", Role.Viewer, null),
        ("GET /apps/{id}", Role.Viewer, null),
        ("GET /apps/{id}/channels", Role.Viewer, null),
        ("GET /apps/{id}/history", Role.Viewer, null),
        ("GET /apps/{id}/rollouts", Role.Viewer, null),
        ("GET /apps/{id}/groups", Role.Viewer, null),
        ("GET /explain", Role.Viewer, null),
        ("GET /apps/{id}/releases", Role.Viewer, null),
        ("GET /apps/{id}/releases/{version}", Role.Viewer, null),
        ("GET /audit", Role.Viewer, null),
        ("GET /diff", Role.Viewer, null),
        ("POST /apps/{id}/channels/{channel}/promote", Role.Promoter, "{}"),
        ("POST /apps/{id}/channels/{channel}/set", Role.Promoter, "{}"),
        ("POST /apps/{id}/channels/{channel}/revert", Role.Promoter, "{}"),
        ("POST /apps/{id}/channels/{channel}/rollout/start", Role.Promoter, "{}"),
        ("POST /apps/{id}/channels/{channel}/rollout/set", Role.Promoter, "{}"),
        ("POST /apps/{id}/channels/{channel}/rollout/pause", Role.Promoter, "{}"),
        ("POST /apps/{id}/channels/{channel}/rollout/halt", Role.Promoter, "{}"),
        ("POST /apps/{id}/channels/{channel}/rollout/resume", Role.Promoter, "{}"),
        ("POST /apps/{id}/channels/{channel}/rollout/expedite", Role.Promoter, "{}"),
        ("POST /apps/{id}/groups/{group}/add", Role.Operator, "{}"),
        ("POST /apps/{id}/groups/{group}/set", Role.Operator, "{}"),
        ("POST /apps/{id}/groups/{group}/remove", Role.Operator, "{}"),
        ("POST /apps/{id}/pause", Role.Operator, "{}"),
        ("POST /apps/{id}/resume", Role.Operator, "{}"),
        ("POST /brakes/poll-interval", Role.Operator, "{}"),
        ("POST /apply", Role.Operator, "{}"),
        ("POST /apps/{id}/releases", Role.Operator, "{}"),
        ("POST /apps/{id}/releases/{version}/relocate", Role.Operator, "{}"),
        ("POST /apps/{id}/releases/{version}/block", Role.Operator, "{}"),
        ("POST /apps/{id}/releases/{version}/unblock", Role.Operator, "{}"),
        ("POST /apps/{id}/releases/{version}/remove", Role.Operator, "{}"),
        ("POST /pause", Role.Operator, null),
        ("POST /resume", Role.Operator, null),
        ("POST /store/accept", Role.Operator, null),
        ("GET /tokens", Role.Admin, null),
        ("POST /tokens", Role.Admin, "{}"),
        ("DELETE /tokens/{token}", Role.Admin, null),
        ("GET /backup", Role.Admin, null),
        ("POST /restore", Role.Admin, "{}"),
    ];

    /// <summary>The least role of each verb, with words to try it with; null for a verb that asks nobody.</summary>
    private static readonly (string Verb, Role? Least, string Words)[] VerbRoles =
    [
        ("apply", Role.Operator, "-f FILE"),
        ("export", Role.Viewer, ""),
        ("release add", Role.Operator, "APP 9.0 --arch amd64 --file FILE --codebase https://dl.example.test/9.0/ --dry-run"),
        ("release import", Role.Operator, "RELEASES --dry-run"),
        ("release list", Role.Viewer, "APP"),
        ("release show", Role.Viewer, "APP 1.0"),
        ("release verify", Role.Viewer, "APP 7.0"),
        ("release relocate", Role.Operator, "APP 1.0 --codebase https://dl.example.test/9.0/ --dry-run"),
        ("release block", Role.Operator, "APP 1.0 --reason why --dry-run"),
        ("release unblock", Role.Operator, "APP 1.0 --reason why --dry-run"),
        ("release remove", Role.Operator, "APP 1.0 --dry-run"),
        ("channel list", Role.Viewer, "APP"),
        ("channel history", Role.Viewer, "APP"),
        ("channel promote", Role.Promoter, "APP alpha beta --skip-verify test --dry-run"),
        ("channel set", Role.Promoter, "APP beta 1.0 --dry-run"),
        ("channel revert", Role.Promoter, "APP beta --reason why --dry-run"),
        ("rollout start", Role.Promoter, "APP beta 1.0 --now --skip-verify test --dry-run"),
        ("rollout set", Role.Promoter, "APP beta --exposure 5% --dry-run"),
        ("rollout pause", Role.Promoter, "APP beta --dry-run"),
        ("rollout resume", Role.Promoter, "APP beta --dry-run"),
        ("rollout halt", Role.Promoter, "APP beta --reason why --dry-run"),
        ("rollout expedite", Role.Promoter, "APP beta --reason why --dry-run"),
        ("rollout status", Role.Viewer, "APP"),
        ("rollout simulate", Role.Viewer, "APP beta --now"),
        ("group add", Role.Operator, "APP rack-7 --channel beta --dry-run"),
        ("group set", Role.Operator, "APP rack-7 --canary true --dry-run"),
        ("group remove", Role.Operator, "APP rack-7 --dry-run"),
        ("group list", Role.Viewer, "APP"),
        ("brake poll-interval", Role.Operator, "off"),
        ("node explain", Role.Viewer, "--app APP"),
        ("pause", Role.Operator, "--all"),
        ("resume", Role.Operator, "--all"),
        ("status", Role.Viewer, ""),
        ("store accept", Role.Operator, ""),
        ("schema", Role.Viewer, ""),
        ("audit", Role.Viewer, ""),
        ("diff", Role.Viewer, "0 1"),
        ("backup", Role.Admin, ""),
        ("restore", Role.Admin, "FILE --dry-run"),
        ("token create", Role.Admin, "--role viewer"),
        ("token list", Role.Admin, ""),
        ("token revoke", Role.Admin, "0123456789ab"),
        ("completion", null, "bash"),
    ];

    private readonly GarnetInProcess _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("omaha-roles-").FullName;
    private ControlSite _control = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.StartAsync();
        _control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        Assert.Equal(200, (await _control.PostAsync("apply", SampleFile.With("1.0"))).Status);
        await File.WriteAllTextAsync(Path.Combine(_folder, "FILE"), SampleFile.With("1.0"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "RELEASES"), $$"""{ "app": "{{SampleFile.AppId}}", "releases": [ {{SampleFile.Release("2.0", "any/amd64")}} ] }""");
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_route_and_every_verb_has_a_row()
    {
        Assert.Equal(Routes.Select(row => row.Route).Order(StringComparer.Ordinal), _control.Routes.Order(StringComparer.Ordinal));
        Assert.Equal(VerbRoles.Select(row => row.Verb).Order(StringComparer.Ordinal), (await Verbs.AllAsync()).Select(verb => string.Join(' ', verb)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Promoter)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Admin)]
    public async Task A_role_may_call_what_the_table_says_and_nothing_else(Role role)
    {
        var token = await TokenAsync(role);
        foreach (var (route, least, body) in Routes)
        {
            var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
            var answer = await _control.SendAsync(method, Filled(path, SampleFile.AppPath, "beta")[1..], body, $"Bearer {token}");

            Assert.NotEqual(401, answer.Status);
            Assert.True(answer.Status == 403 == role < least, $"{role} got {answer.Status} from {route}, which takes {least}");
            if (answer.Status == 403) Assert.Equal([$"this needs the role {least.ToString().ToLowerInvariant()}; the token {token.Split('_')[1]} has the role {role.ToString().ToLowerInvariant()}"], answer.Faults);
        }
    }

    [Fact]
    public async Task A_promoter_moves_no_other_channel_and_no_other_app()
    {
        var token = await TokenAsync(Role.Promoter);
        var id = token.Split('_')[1];
        foreach (var (route, _, body) in Routes.Where(row => row.Least == Role.Promoter))
        {
            var path = route.Split(' ')[1];
            var otherChannel = await _control.PostAsync(Filled(path, SampleFile.AppPath, "alpha")[1..], body, token);
            var otherApp = await _control.PostAsync(Filled(path, "other", "beta")[1..], body, token);

            Assert.Equal((403, 403), (otherChannel.Status, otherApp.Status));
            Assert.Equal([$"the token {id} moves the channels beta of {SampleFile.AppId.Trim('{', '}')}, and not channel alpha of {SampleFile.AppId}"], otherChannel.Faults);
            Assert.Equal([$"the token {id} moves the channels beta of {SampleFile.AppId.Trim('{', '}')}, and not channel beta of other"], otherApp.Faults);
            foreach (var spelling in new[] { SampleFile.AppId.ToUpperInvariant(), SampleFile.AppId.Trim('{', '}'), $" {SampleFile.AppId} " })
            {
                Assert.NotEqual(403, (await _control.PostAsync(Filled(path, Uri.EscapeDataString(spelling), "beta")[1..], body, token)).Status);
            }
        }
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Promoter)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Admin)]
    public async Task A_role_may_use_the_verbs_that_the_table_says_and_no_others(Role role)
    {
        var environment = new Dictionary<string, string?> { ["OMAHACTL_SERVER"] = _control.Address, ["OMAHACTL_TOKEN"] = await TokenAsync(role) };
        foreach (var (verb, least, words) in VerbRoles)
        {
            var run = await Run.OmahactlAsync([.. verb.Split(' '), .. Arguments(words)], environment);

            Assert.NotEqual(2, run.ExitCode);
            Assert.True(run.Error.Contains("needs the role", StringComparison.Ordinal) == role < least, $"{role} got from {verb}, which takes {least}: {run.Error}{run.Output}");
        }
    }

    [Fact]
    public async Task Every_verb_prints_JSON_and_nothing_else_where_that_is_asked_for()
    {
        var environment = new Dictionary<string, string?> { ["OMAHACTL_SERVER"] = _control.Address, ["OMAHACTL_TOKEN"] = _control.Admin };
        foreach (var (verb, least, words) in VerbRoles.Where(row => row.Least is not null))
        {
            var run = await Run.OmahactlAsync([.. verb.Split(' '), .. Arguments(words), "--json"], environment);

            // Refused or done. A backup is JSON on each line.
            Assert.NotEqual(2, run.ExitCode);
            Assert.True(run.Output.Length > 0, $"{verb} printed nothing: {run.Error}");
            Assert.All(verb == "backup" ? run.Output.TrimEnd('\n').Split('\n') : [run.Output], text => Assert.NotNull(JsonNode.Parse(text)));
            Assert.Equal(run.ExitCode == 0, run.Error.Length == 0);
        }
    }

    private IEnumerable<string> Arguments(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word switch
    {
        "APP" => SampleFile.AppId,
        "FILE" or "RELEASES" => Path.Combine(_folder, word),
        _ => word,
    });

    private static string Filled(string path, string app, string channel) => path
        .Replace("{id}", app, StringComparison.Ordinal)
        .Replace("{channel}", channel, StringComparison.Ordinal)
        .Replace("{version}", "1.0", StringComparison.Ordinal)
        .Replace("{group}", "rack-7", StringComparison.Ordinal)
        .Replace("{token}", "0123456789ab", StringComparison.Ordinal);

    private Task<string> TokenAsync(Role role) => _control.TokenAsync(role == Role.Promoter ? ControlSite.Promoter("pia", [SampleFile.AppId], ["beta"]) : TokenGrant.Of(role));
}
