using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omaha.Hosting;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>The command line as people and scripts use it.</summary>
public sealed class OmahactlTests : IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("omahactl-").FullName;
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
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_whole_story_reads_as_plain_text()
    {
        var file = Write("catalogue.json", SampleFile.With("1.0"));
        await DoneAsync(
            $"""
            {SampleFile.AppId}: created
              channels alpha, beta, stable
              release 1.0 for any/amd64
              release 1.0 for any/arm64
            1 created. Dry run at revision 0: nothing was written.

            """,
            "apply", "-f", file, "--dry-run");
        await DoneAsync(
            $"""
            {SampleFile.AppId}: created
              channels alpha, beta, stable
              release 1.0 for any/amd64
              release 1.0 for any/arm64
            1 created. Written as revision 1.

            """,
            "apply", "-f", file);
        await DoneAsync(
            $"""
            {SampleFile.AppId}: unchanged
            1 unchanged. Nothing to write.

            """,
            "apply", "-f", file);
        await DoneAsync(
            $"""
            {SampleFile.AppId}, channel alpha:
              any/amd64: nothing -> 1.0
              any/arm64: nothing -> 1.0
              any/amd64: machines below 1.0 are offered it
              any/arm64: machines below 1.0 are offered it
            Written as revision 2.

            """,
            "channel", "set", SampleFile.AppId, "alpha", "1.0");
        var digest = (string?)(await _control.GetAsync($"apps/{SampleFile.AppPath}/releases/1.0?target=any/amd64")).Json["releases"]![0]!["digest"];
        await DoneAsync(
            $"""
            {SampleFile.AppId}, channel beta:
              any/amd64: nothing -> 1.0
                digest {digest}
              any/amd64: machines below 1.0 are offered it
              seen by machines on the track beta
            Dry run at revision 2: nothing was written.

            """,
            "channel", "promote", SampleFile.AppId, "alpha", "beta", "--arch", "amd64", "--dry-run");
        await DoneAsync(
            $"""
            {SampleFile.AppId}, channel beta:
              any/amd64: nothing -> 1.0
              any/amd64: machines below 1.0 are offered it
            Written as revision 3.

            """,
            "channel", "promote", SampleFile.AppId, "alpha", "beta", "--target", "any/amd64", "--skip-verify", "made up");
        await DoneAsync(
            $"""
            {SampleFile.AppId}, channel beta:
              any/amd64: unchanged at 1.0
              any/arm64: nothing -> 1.0
              any/arm64: machines below 1.0 are offered it
            Written as revision 4.

            """,
            "channel", "promote", SampleFile.AppId, "alpha", "beta", "--skip-verify", "made up");

        var list = (await _control.OmahactlAsync("channel", "list", SampleFile.AppId)).Output.Split('\n');
        Assert.StartsWith("CHANNEL  TARGET     VERSION  SINCE", list[0], StringComparison.Ordinal);
        Assert.StartsWith("alpha    any/amd64  1.0      ", list[1], StringComparison.Ordinal);
        Assert.EndsWith("olivia  alpha", list[3], StringComparison.Ordinal);
        Assert.StartsWith("stable   -          -        -", list[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pausing_and_resuming_read_as_plain_text()
    {
        await DoneAsync("Everything is paused (revision 1). To end it: omahactl resume --all\n", "pause", "--all", "--reason", "bad day");
        var again = await _control.OmahactlAsync("pause", "--all");
        Assert.Matches(@"^Everything was paused already, since \S+ \S+ by olivia: bad day\.\n$", again.Output);
        Assert.Contains("brakes  everything is paused, since", (await _control.OmahactlAsync("status")).Output, StringComparison.Ordinal);
        await DoneAsync("Resumed: offers go out again (revision 2).\n", "resume", "--all");
        await DoneAsync("Nothing was paused.\n", "resume", "--all");
        Assert.StartsWith("Accepted: all servers follow revision 2 of epoch", (await _control.OmahactlAsync("store", "accept", "--empty")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_applied_again_changes_nothing()
    {
        await _control.OmahactlAsync("apply", "-f", Write("catalogue.json", SampleFile.With("1.0", "2.0")));
        var exported = Path.Combine(_folder, "export.json");
        await DoneAsync("", "export", "-o", exported);
        Assert.Equal(await File.ReadAllTextAsync(exported), (await _control.OmahactlAsync("export", SampleFile.AppId)).Output.TrimEnd());

        Assert.EndsWith("1 unchanged. Nothing to write.\n", (await _control.OmahactlAsync("apply", "-f", exported)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_applied_only_to_the_revision_that_was_looked_at_where_that_is_asked_for()
    {
        var file = Write("catalogue.json", SampleFile.With("1.0"));
        await DoneAsync("Everything is paused (revision 1). To end it: omahactl resume --all\n", "pause", "--all");

        var late = await _control.OmahactlAsync("apply", "-f", file, "--revision", "0");

        Assert.Equal((1, "", "omahactl: the catalogue is at revision 1, not at 0, so what the file would change may not be what was looked at; look again with a dry run\n"), (late.ExitCode, late.Output, late.Error));
        Assert.Equal(0, (await _control.OmahactlAsync("apply", "-f", file, "--revision", "1")).ExitCode);
    }

    [Fact]
    public async Task A_file_can_come_from_standard_input()
    {
        var run = await Run.OmahactlAsync(["apply", "-f", "-"], Environment(), SampleFile.With("1.0"));

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("Written as revision 1.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_answer_of_the_API_also_when_it_refuses()
    {
        await _control.OmahactlAsync("apply", "-f", Write("catalogue.json", SampleFile.With("1.0")));

        var status = await _control.OmahactlAsync("status", "--json");
        Assert.Equal(1, (int)JsonNode.Parse(status.Output)!["store"]!["revision"]!);
        var refused = await _control.OmahactlAsync("--json", "channel", "promote", SampleFile.AppId, "gold", "beta");
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(404, (int)JsonNode.Parse(refused.Output)!["status"]!);
        Assert.StartsWith("omahactl: from: \"gold\" is no channel", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_has_a_line_of_its_own()
    {
        var run = await _control.OmahactlAsync("apply", "-f", Write("catalogue.json", """{"apps": [{"app": "one", "spec": {"pollInterval": 1}}, {"app": "two"}]}"""));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal(["omahactl: one spec.pollInterval: 1 is out of range; give 60 to 604800 seconds", "omahactl: two spec: is missing"], run.Error.TrimEnd().Split('\n').Select(line => line.Split("; an app needs")[0]));
    }

    [Theory]
    [InlineData("pause", "pause --all")]
    [InlineData("resume", "resume --all")]
    [InlineData("apply", "-f")]
    [InlineData("apply -f no-such-file.json", "no-such-file.json")]
    [InlineData("export -o no-such-folder/file.json", "no-such-folder")]
    [InlineData("audit --limit 0", "--limit must be at least 1")]
    [InlineData("rollout set app stable --exposure much", "--exposure \"much\" is no share; write one such as 25%")]
    [InlineData("schema everything", "'catalogue', 'releases'")]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("channel promote app alpha", "TO")]
    [InlineData("channel promote app alpha beta --arch amd64 --target any/amd64", "--arch amd64 is short for --target any/amd64")]
    [InlineData("status --server nowhere", "\"nowhere\" is no address")]
    [InlineData("status --server ftp://host", "\"ftp://host\" is no address")]
    [InlineData("status --server http://me:secret@127.0.0.1", "user name or password")]
    [InlineData("status --server http://192.0.2.1:8081", "plain HTTP to another machine")]
    [InlineData("status --token a --token-file b", "alternatives")]
    [InlineData("status --token-file no-such-file", "no-such-file")]
    [InlineData("status --token-file empty", "the token is empty")]
    public async Task Wrong_usage_is_said_and_ends_with_2(string line, string words)
    {
        Write("empty", "\n");
        var args = line.Split(' ').Select(word => word is "empty" ? Path.Combine(_folder, word) : word);

        var run = await _control.OmahactlAsync([.. args]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.All(run.Error.TrimEnd().Split('\n'), text => Assert.StartsWith("omahactl: ", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pause .. --reason mine")]
    [InlineData("resume ..")]
    [InlineData("resume .")]
    [InlineData("channel list ..")]
    [InlineData("release show app ..")]
    [InlineData("channel revert app .. --reason mine")]
    [InlineData("group remove app ..")]
    [InlineData("token revoke ..")]
    public async Task A_name_that_a_path_would_take_for_a_step_up_is_refused(string line)
    {
        Assert.True((bool)(await _control.PostAsync("pause", """{"reason": "smoke"}""")).Json["changed"]!);
        var before = await _control.Store.ReadHeadAsync();

        var run = await _control.OmahactlAsync([.. line.Split(' ')]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Matches("^omahactl: \"\\.\\.?\" is no name that can be asked for; give the id of an app, or the name of what is meant\n$", run.Error);
        var after = await _control.Store.ReadHeadAsync();
        Assert.Equal((before.Version, "smoke"), (after.Version, after.Brakes.PauseAll?.Reason));
    }

    [Fact]
    public async Task A_name_of_nothing_is_refused() => Assert.Equal((2, "omahactl: \"\" is no name that can be asked for; give the id of an app, or the name of what is meant\n"), await EndingAsync("release", "list", ""));

    private async Task<(int ExitCode, string Error)> EndingAsync(params string[] args)
    {
        var run = await _control.OmahactlAsync(args);
        return (run.ExitCode, run.Error);
    }

    [Fact]
    public async Task Help_of_every_verb_shows_an_example_that_uses_it()
    {
        var verbs = await Verbs.AllAsync();
        Assert.Contains("channel promote", verbs.Select(verb => string.Join(' ', verb)));
        foreach (var verb in verbs)
        {
            var help = (await Run.OmahactlAsync([.. verb, "--help"], [])).Output;
            Assert.Contains("Example:\n", help, StringComparison.Ordinal);
            Assert.Contains("--json", help, StringComparison.Ordinal);
            var example = help.Split("Example:\n")[1].Trim();
            Assert.StartsWith($"omahactl {string.Join(' ', verb)}", example, StringComparison.Ordinal);
            Assert.All(example.Split(' ').Where(word => word.StartsWith('-')), option => Assert.Contains($" {option}", help.Split("Example:")[0], StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_token_is_needed()
    {
        var run = await Run.OmahactlAsync(["status"], new() { ["OMAHACTL_SERVER"] = _control.Address });

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("a token is needed; give --token-file, --token, OMAHACTL_TOKEN or OMAHACTL_TOKEN_FILE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_may_come_from_a_file_or_an_option_and_the_option_wins()
    {
        var file = Write("token", $"{_control.Viewer}\n");
        var fromEnvironment = new Dictionary<string, string?> { ["OMAHACTL_SERVER"] = _control.Address, ["OMAHACTL_TOKEN_FILE"] = file };

        Assert.Equal(0, (await Run.OmahactlAsync(["status"], fromEnvironment)).ExitCode);
        Assert.Equal(0, (await Run.OmahactlAsync(["--server", _control.Address, "status", "--token-file", file], [])).ExitCode);
        var viewer = await Run.OmahactlAsync(["pause", "--all"], fromEnvironment);
        Assert.Equal(1, viewer.ExitCode);
        Assert.Contains("needs the role operator", viewer.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Run.OmahactlAsync(["pause", "--all", "--token", _control.Operator], fromEnvironment)).ExitCode);
    }

    [Fact]
    public async Task A_wrong_token_is_said_without_repeating_it()
    {
        var run = await _control.OmahactlAsync("status", "--token", "omaha_0_verysecret");

        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain("verysecret", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Contains("the token is not valid", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_control_plane_that_cannot_be_reached_is_named()
    {
        var address = _control.Address;
        await _control.DisposeAsync();

        var run = await Run.OmahactlAsync(["status", "--server", address, "--token", "omaha_0_0"], []);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"omahactl: cannot reach the control plane at {address}: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData(200, "text/html", "<html>hello</html>", "answered 200 with text/html")]
    [InlineData(200, "application/json", "{ not json", "answered 200 with application/json")]
    [InlineData(502, "text/html", "<html>bad gateway</html>", "answered 502 with text/html")]
    [InlineData(502, "application/problem+json", "oops", "answered 502 with application/problem+json")]
    [InlineData(302, null, "", "answered 302 with no content")]
    [InlineData(200, "application/json", "[]", "the answer is not what this omahactl expects")]
    public async Task What_is_no_control_plane_is_named(int status, string? mediaType, string body, string words)
    {
        await using var other = await OtherServerAsync(status, mediaType, body);

        var run = await _control.OmahactlAsync("status", "--server", other.Urls.Single());

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_of_any_form_are_arguments()
    {
        foreach (var id in new[] { "@a", "a/b", "100%", "ü ö" })
        {
            Assert.Equal(0, (await Run.OmahactlAsync(["apply", "-f", "-"], Environment(), SampleFile.App(id, "1.0"))).ExitCode);
            Assert.Equal(0, (await _control.OmahactlAsync("channel", "set", id, "alpha", "1.0")).ExitCode);
        }
    }

    [Fact]
    public async Task Pruning_names_the_app_that_goes()
    {
        await _control.OmahactlAsync("apply", "-f", Write("catalogue.json", SampleFile.With("1.0")));

        await DoneAsync($"{SampleFile.AppId}: deleted\n1 deleted. Written as revision 2.\n", "apply", "-f", Write("none.json", """{"apps": []}"""), "--prune", SampleFile.AppId);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_in_words()
    {
        var run = await Run.OmahactlAsync(["apply", "-f", "-"], Environment(), new string(' ', (32 * 1024 * 1024) + 1));

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("omahactl: the body is larger than this route takes: 32 MiB for apply", run.Error, StringComparison.Ordinal);
    }

    private Dictionary<string, string?> Environment() => new() { ["OMAHACTL_SERVER"] = _control.Address, ["OMAHACTL_TOKEN"] = _control.Operator };

    private async Task DoneAsync(string output, params string[] args)
    {
        var run = await _control.OmahactlAsync(args);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(output.ReplaceLineEndings("\n"), run.Output);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static async Task<WebApplication> OtherServerAsync(int status, string? mediaType, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = mediaType;
            await http.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return app;
    }
}
