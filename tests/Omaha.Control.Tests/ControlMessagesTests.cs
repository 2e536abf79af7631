using System.Text.Json.Nodes;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>Every refusal names the thing, its value and what would be right.</summary>
public sealed class ControlMessagesTests(ControlMessagesTests.Catalogue catalogue) : IClassFixture<ControlMessagesTests.Catalogue>
{
    private readonly ControlSite _control = catalogue.Control;

    [Theory]
    [InlineData("apply", "", 400, "JSON")]
    [InlineData("apply", "{\"apps\": [", 400, "line 1")]
    [InlineData("apply", "[]", 400, "")]
    [InlineData("apply", "{\"app\": \"\\ud800\", \"spec\": {}}", 400, "app: ")]
    [InlineData("apply", "{\"apps\": [{\"app\": \"x\", \"app\": \"y\"}]}", 400, "app")]
    [InlineData("apply", "{}", 422, "apps: is missing")]
    [InlineData("apply", "{\"app\": \"{{a}}\", \"spec\": {}}", 422, "\"{{a}}\" still has outer braces")]
    [InlineData("apply", "{\"app\": \"x\", \"spec\": {\"chanels\": {}}}", 422, "x spec.chanels: is no key")]
    [InlineData("apply", "{\"apps\": [null]}", 422, "apps[0]: is null; describe an app or remove the entry")]
    [InlineData("apply", "{\"apps\": [{\"app\": \"x\", \"spec\": {}}, {\"app\": \"{X}\", \"spec\": {}}]}", 422, "{X} app: is declared twice; apps[0] has the same id")]
    [InlineData("apply", "{\"app\": \"x\", \"spec\": {}, \"state\": {}}", 422, "x state: is changed by verbs")]
    [InlineData("apply", "{\"app\": \"x\", \"spec\": {\"aliases\": [\"11112222-3333-4444-5555-666677778888\"]}}", 422, "already means the app {11112222-3333-4444-5555-666677778888}")]
    [InlineData("apply?dry_run", "{}", 400, "dry_run: is no query key of this route, which has dryRun, prune, revision")]
    [InlineData("apply?revision=x", "{\"apps\": []}", 400, "revision: \"x\" is no revision; write the number that a dry run or omahactl status shows")]
    [InlineData("apply?dryRun=yes", "{}", 400, "dryRun: \"yes\" is no flag")]
    [InlineData("apply?prune=nothing", "{\"apps\": []}", 422, "prune: \"nothing\" is no app of the catalogue")]
    [InlineData("apps/nothing/channels/beta/promote", "{\"from\": \"alpha\"}", 404, "app: \"nothing\" is no app of the catalogue; the catalogue has {11112222-3333-4444-5555-666677778888}, a/b c")]
    [InlineData("apps/APP/channels/beta/promote", "", 400, "from: is missing")]
    [InlineData("apps/APP/channels/beta/promote", "{\"frm\": \"alpha\"}", 400, "frm: is no key of this request, which has from, version, target, verified, skipVerify, overrideSoak, overrideRevert, now, replace, dryRun")]
    [InlineData("apps/APP/channels/beta/promote", "{\"from\": 1}", 400, "from: the body is no JSON object with from, version, target, verified, skipVerify, overrideSoak, overrideRevert, now, replace, dryRun of the right types")]
    [InlineData("apps/APP/channels/beta/promote", "null", 400, "the body is null")]
    [InlineData("apps/APP/channels/gold/promote", "{\"from\": \"alpha\"}", 404, "to: \"gold\" is no channel of {11112222-3333-4444-5555-666677778888}; it has alpha, beta, stable")]
    [InlineData("apps/APP/channels/beta/promote", "{\"from\": \"gold\"}", 404, "from: \"gold\" is no channel")]
    [InlineData("apps/APP/channels/beta/promote", "{\"from\": \"alpha\", \"target\": \"any/ppc\"}", 404, "nothing complete for any/ppc; it has any/amd64, any/arm64")]
    [InlineData("apps/APP/channels/beta/promote", "{\"from\": \"alpha\", \"target\": \"ppc\"}", 422, "\"ppc\" is no target")]
    [InlineData("apps/APP/channels/stable/promote", "{\"from\": \"alpha\"}", 422, "takes releases from beta only, not from alpha")]
    [InlineData("apps/APP/channels/alpha/promote", "{\"from\": \"beta\"}", 422, "is a first channel")]
    [InlineData("apps/APP/channels/alpha/set", "{\"version\": \"3.0\"}", 404, "has no release 3.0; it has 2.0, 1.0")]
    [InlineData("apps/APP/channels/alpha/set", "{\"version\": \"three\"}", 422, "\"three\" is no version")]
    [InlineData("apps/APP/channels/alpha/set", "{}", 400, "version: is missing")]
    [InlineData("apps/APP/channels/beta/set", "{\"version\": \"1.0\"}", 422, "takes releases from alpha only; use omahactl channel promote")]
    [InlineData("apps/APP/channels/beta/promote", "{\"from\": \"alpha\"}", 422, "verified: does not say that the packages of 1.0 for any/amd64 (v1:")]
    [InlineData("apps/APP/channels/beta/promote", "{\"from\": \"alpha\", \"verified\": [{}, null]}", 422, "were fetched from https://dl.example.test/1.0/ and were right; omahactl channel promote verifies them, or give a reason for --skip-verify (skipVerify)")]
    [InlineData("apps/APP/channels/beta/promote", "{\"from\": \"alpha\", \"verified\": {}}", 400, "verified: the body is no JSON object")]
    [InlineData("apps/APP/channels/beta/promote", "{\"from\": \"alpha\", \"skipVerify\": \" \"}", 422, "skipVerify: is empty; say why, for those who look later")]
    [InlineData("apps/APP/channels/beta/promote", "{\"from\": \"alpha\", \"skipVerify\": \"x\", \"version\": \"2.0\"}", 404, "version: 2.0 was never complete on channel alpha of {11112222-3333-4444-5555-666677778888}; what was: 1.0")]
    [InlineData("apps/APP/channels/alpha/revert", "{}", 422, "reason: is missing; say why, for those who look later")]
    [InlineData("apps/APP/channels/alpha/revert", "{\"reason\": \"bad\"}", 422, "channel: nothing that may be offered was complete on alpha before 1.0 for any/amd64; omahactl release block")]
    [InlineData("apps/APP/channels/alpha/revert", "{\"reason\": \"bad\", \"version\": \"2.0\"}", 422, "version: channel alpha points to 1.0 for any/amd64, not to 2.0")]
    [InlineData("apps/APP/channels/gold/revert", "{\"reason\": \"bad\"}", 404, "channel: \"gold\" is no channel of {11112222-3333-4444-5555-666677778888}; it has alpha, beta, stable")]
    [InlineData("apps/APP/channels/beta/revert", "{\"reason\": \"bad\"}", 422, "channel: channel beta of {11112222-3333-4444-5555-666677778888} points to nothing, so there is nothing to revert")]
    [InlineData("apps/APP/channels/alpha/revert", "{\"why\": \"bad\"}", 400, "why: is no key of this request, which has version, target, reason, dryRun")]
    [InlineData("apps/nothing/releases", "{\"releases\": []}", 404, "app: \"nothing\" is no app of the catalogue")]
    [InlineData("apps/APP/releases", "{}", 422, "releases: is missing or empty; a document of releases looks like")]
    [InlineData("apps/APP/releases", "{\"releases\": [{\"version\": \"x\"}]}", 422, "releases[0].version: \"x\" is no version")]
    [InlineData("apps/APP/releases", "{\"app\": \"other\", \"releases\": []}", 422, "app: \"other\" is not the app that is asked to take the releases, {11112222-3333-4444-5555-666677778888}")]
    [InlineData("apps/APP/releases", "{\"releases\": 1}", 400, "releases: the value is of the wrong kind")]
    [InlineData("apps/APP/releases?dryRun=perhaps", "{\"releases\": []}", 400, "dryRun: \"perhaps\" is no flag; write ?dryRun, ?dryRun=true or ?dryRun=false")]
    [InlineData("apps/APP/releases/1.0/relocate", "{}", 400, "codebases: is missing; give the URLs of the folders that hold the packages now")]
    [InlineData("apps/APP/releases/1.0/relocate", "{\"codebases\": [\"https://x/\"]}", 422, "target: is missing: 1.0 is there for any/amd64, any/arm64")]
    [InlineData("apps/APP/releases/1.0/relocate", "{\"codebases\": [\"ftp://x/\"], \"target\": \"any/amd64\"}", 422, "codebases[0]: \"ftp://x/\" is no absolute http or https URL")]
    [InlineData("apps/APP/releases/3.0/block", "{\"reason\": \"bad\"}", 404, "version: {11112222-3333-4444-5555-666677778888} has no release 3.0; it has 2.0, 1.0")]
    [InlineData("apps/APP/releases/1.0/block", "{}", 422, "reason: is missing; say why, for those who look later")]
    [InlineData("apps/APP/releases/1.0/unblock", "{}", 422, "reason: is missing; say why, for those who look later")]
    [InlineData("apps/APP/releases/1.0/block", "{\"reason\": \"bad\", \"target\": \"win/x86\"}", 404, "target: {11112222-3333-4444-5555-666677778888} has no release 1.0 for win/x86; it is there for any/amd64, any/arm64")]
    [InlineData("apps/APP/releases/1.0/remove", "", 422, "version: 1.0 for any/amd64 cannot be removed: channel alpha offered it")]
    [InlineData("apps/APP/releases/one/remove", "", 422, "version: \"one\" is no version; write numbers joined by dots, such as 4081.3.1, or a digest")]
    [InlineData("brakes/poll-interval", "{\"seconds\": -5}", 422, "interval: -5s is out of range; give 60s to 7d")]
    [InlineData("brakes/poll-interval", "{\"seconds\": 5}", 422, "interval: 5s is out of range; give 60s to 7d")]
    [InlineData("pause", "{\"reason\": \"two\\nlines\"}", 422, "reason: holds control characters")]
    [InlineData("pause?all=1", "", 400, "all: is no query key of this route, which has none")]
    [InlineData("nothing", "{}", 404, "there is nothing at /api/v1/nothing")]
    [InlineData("export", "", 405, "POST is not possible at /api/v1/export; it takes GET")]
    public async Task A_refusal_says_what_is_wrong_and_what_would_be_right(string path, string body, int status, string words)
    {
        var before = (await _control.Store.ReadHeadAsync()).Version;

        var answer = await _control.PostAsync(path.Replace("APP", SampleFile.AppPath, StringComparison.Ordinal), body);

        Assert.Equal(status, answer.Status);
        Assert.Contains(words, string.Join('\n', answer.Faults), StringComparison.Ordinal);
        Assert.Equal(before, (await _control.Store.ReadHeadAsync()).Version);
    }

    [Theory]
    [InlineData("apps/nothing/releases", 404, "app: \"nothing\" is no app of the catalogue")]
    [InlineData("apps/nothing/history", 404, "app: \"nothing\" is no app of the catalogue")]
    [InlineData("apps/APP/releases/3.0", 404, "version: {11112222-3333-4444-5555-666677778888} has no release 3.0; it has 2.0, 1.0")]
    [InlineData("apps/APP/releases/1.0?target=win/x86", 404, "target: {11112222-3333-4444-5555-666677778888} has no release 1.0 for win/x86")]
    [InlineData("apps/APP/releases/1.0?tarket=win/x86", 400, "tarket: is no query key of this route, which has target")]
    [InlineData("apps/APP/releases/one", 422, "version: \"one\" is no version")]
    [InlineData("schema?of=everything", 400, "of: \"everything\" has no schema; there are those of catalogue and releases")]
    [InlineData("apps/APP/history?channel=gold", 404, "channel: \"gold\" is no channel of {11112222-3333-4444-5555-666677778888}; it has alpha, beta, stable")]
    public async Task What_is_asked_for_and_does_not_exist_is_answered_with_what_does(string path, int status, string words)
    {
        var answer = await _control.GetAsync(path.Replace("APP", SampleFile.AppPath, StringComparison.Ordinal));

        Assert.Equal(status, answer.Status);
        Assert.Contains(words, string.Join('\n', answer.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_faults_of_a_file_come_at_once()
    {
        var answer = await _control.PostAsync("apply", """
            { "apps": [
              { "app": "one", "spec": { "pollInterval": 1 } },
              { "app": "two", "spec": { "releases": [ { "version": "x" } ] } }
            ] }
            """);

        Assert.Equal(422, answer.Status);
        Assert.Equal(["one spec.pollInterval", "two spec.releases[0].version", "two spec.releases[0].codebases", "two spec.releases[0].packages"], answer.Faults.Select(fault => fault.Split(": ")[0]));
    }

    [Fact]
    public async Task Changed_content_of_a_release_is_refused()
    {
        var answer = await _control.PostAsync("apply", SampleFile.With("1.0", "2.0").Replace("\"size\": 1000", "\"size\": 1001", StringComparison.Ordinal));

        Assert.Equal(422, answer.Status);
        Assert.Equal(4, answer.Faults.Count);
        Assert.All(answer.Faults, fault => Assert.Contains("packages[0].size: 1000 -> 1001 (stored v1:", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var answer = await _control.PostAsync("apply", new string(' ', (32 * 1024 * 1024) + 1));

        Assert.Equal(413, answer.Status);
        Assert.Contains("32 MiB", Assert.Single(answer.Faults), StringComparison.Ordinal);
        Assert.Equal(413, (await _control.PostAsync("pause", new string(' ', (64 * 1024) + 1))).Status);
    }

    [Theory]
    [InlineData("{11112222-3333-4444-5555-666677778888}")]
    [InlineData("11112222-3333-4444-5555-666677778888")]
    [InlineData(" {11112222-3333-4444-5555-666677778888} ")]
    [InlineData("a/b c")]
    [InlineData("A/B C")]
    public async Task Any_spelling_of_an_id_finds_the_app(string id)
    {
        var app = await _control.GetAsync($"apps/{Uri.EscapeDataString(id)}");
        Assert.Equal(200, app.Status);
        Assert.NotNull(app.Json["spec"]);
        Assert.Equal(200, (await _control.GetAsync($"apps/{Uri.EscapeDataString(id)}/channels")).Status);
        Assert.Single((await _control.GetAsync($"export?app={Uri.EscapeDataString(id)}")).Json["apps"]!.AsArray());
    }

    [Fact]
    public async Task The_schema_is_served()
    {
        var catalogue = (await _control.GetAsync("schema")).Json;
        Assert.Equal(("https://json-schema.org/draft/2020-12/schema", "Omaha catalogue file"), ((string?)catalogue["$schema"], (string?)catalogue["title"]));
        Assert.Equal(catalogue.ToJsonString(), (await _control.GetAsync("schema?of=catalogue")).Json.ToJsonString());
        Assert.Equal("Omaha document of releases", (string?)(await _control.GetAsync("schema?of=releases")).Json["title"]);
        foreach (var (words, title) in (IEnumerable<(string[], string)>)[(["schema"], "Omaha catalogue file"), (["schema", "releases"], "Omaha document of releases")])
        {
            Assert.Equal(title, (string?)JsonNode.Parse((await _control.OmahactlAsync(words)).Output)!["title"]);
        }
    }

    /// <summary>Two apps, one with a release on alpha. No test changes it.</summary>
    public sealed class Catalogue : IAsyncLifetime
    {
        private readonly GarnetInProcess _store = new();

        internal ControlSite Control { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await _store.StartAsync();
            Control = await ControlSite.StartWithTokensAsync(_store.Configuration);
            Assert.Equal(200, (await Control.PostAsync("apply", SampleFile.With("1.0", "2.0"))).Status);
            Assert.Equal(200, (await Control.PostAsync("apply", $$"""{"apps": [{{SampleFile.App("a/b c", "1.0")}}]}""")).Status);
            Assert.Equal(200, (await Control.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", """{"version": "1.0"}""")).Status);
        }

        public async ValueTask DisposeAsync()
        {
            if (Control is not null) await Control.DisposeAsync();
            await _store.DisposeAsync();
        }
    }
}
