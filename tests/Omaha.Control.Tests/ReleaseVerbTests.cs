using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>Releases from a file on disk to the stable channel, as an operator takes them there with omahactl.</summary>
public sealed class ReleaseVerbTests : IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("omahactl-").FullName;
    private readonly byte[] _payload = RandomNumberGenerator.GetBytes(300_000);
    private ControlSite _control = null!;
    private FileServer _mirror = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.StartAsync();
        _control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        _mirror = await FileServer.StartAsync();
        await _control.PostAsync("apply", $$"""{"apps": [{{SampleFile.App(SampleFile.AppId)}}]}""");
        await File.WriteAllBytesAsync(Path.Combine(_folder, "update.gz"), _payload);
        _mirror.Put("update.gz", _payload);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        if (_mirror is not null) await _mirror.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_release_is_added_with_what_its_files_say()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "oem-azure.gz"), "oem");

        var added = await DoneAsync("release", "add", SampleFile.AppId, "1.2.3", "--arch", "amd64", "--file", InFolder("update.gz"), "--extra", InFolder("oem-azure.gz"), "--codebase", "https://a.example.test/1/", "--codebase", "https://b.example.test/1/");

        var view = (await _control.GetAsync($"apps/{SampleFile.AppPath}/releases/1.2.3")).Json["releases"]!.AsArray().Single()!;
        Assert.Equal($"{SampleFile.AppId}:\n  release 1.2.3 for any/amd64: added, {view["digest"]}\nWritten as revision 2.\n", added);
        var packages = view["release"]!["packages"]!.AsArray();
        Assert.Equal(["update.gz", "oem-azure.gz"], packages.Select(package => (string?)package!["name"]));
        Assert.Equal(300_000, (int)packages[0]!["size"]!);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_payload)), (string?)packages[0]!["sha256"]);
        Assert.Equal("YGFijdFweA8Dn0fURPUU6Arz4sw=", (string?)packages[1]!["sha1"]);
        Assert.Equal(["https://a.example.test/1/", "https://b.example.test/1/"], view["release"]!["codebases"]!.AsArray().Select(codebase => (string?)codebase));
    }

    [Fact]
    public async Task The_same_file_added_again_changes_nothing_and_another_is_refused()
    {
        await AddAsync("1.0");
        Assert.Equal($"{SampleFile.AppId}:\n  release 1.0 for any/amd64: unchanged\nNothing to write.\n", await AddAsync("1.0"));

        await File.WriteAllTextAsync(InFolder("update.gz"), "other");
        var refused = await _control.OmahactlAsync(AddArguments("1.0"));

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Matches("^omahactl: releases\\[0\\]: release 1.0 for any/amd64 has another content than the stored one: packages\\[0\\].size: 300000 -> 5 \\(stored v1:[0-9a-f]{64}, given v1:[0-9a-f]{64}\\); a release never changes", refused.Error);
    }

    [Fact]
    public async Task A_dry_run_of_every_verb_writes_nothing()
    {
        await AddAsync("1.0");
        await AddAsync("2.0");
        await DoneAsync("channel", "set", SampleFile.AppId, "alpha", "1.0");
        await DoneAsync("channel", "set", SampleFile.AppId, "alpha", "2.0");
        await File.WriteAllTextAsync(InFolder("releases.json"), $$"""{"app": "{{SampleFile.AppId}}", "releases": [ {{SampleFile.Release("3.0", "any/amd64")}} ]}""");
        var before = (await _control.Store.ReadHeadAsync()).Version;

        foreach (var line in new string[][]
        {
            [.. AddArguments("3.0")], ["release", "import", InFolder("releases.json")], ["release", "relocate", SampleFile.AppId, "1.0", "--codebase", "https://elsewhere.example.test/"],
            ["release", "block", SampleFile.AppId, "1.0", "--reason", "bad"], ["release", "unblock", SampleFile.AppId, "1.0", "--reason", "good"], ["channel", "set", SampleFile.AppId, "alpha", "1.0"],
            ["channel", "promote", SampleFile.AppId, "alpha", "beta"], ["channel", "revert", SampleFile.AppId, "alpha", "--reason", "bad"],
        })
        {
            Assert.EndsWith($"Dry run at revision {before.Revision}: nothing was written.\n", await DoneAsync([.. line, "--dry-run"]), StringComparison.Ordinal);
            Assert.True((bool)JsonNode.Parse(await DoneAsync([.. line, "--dry-run", "--json"]))!["dryRun"]!);
        }

        Assert.Equal(before, (await _control.Store.ReadHeadAsync()).Version);
        Assert.Empty(_mirror.Requests);
    }

    [Fact]
    public async Task A_document_of_releases_is_imported_wholly_or_not_at_all()
    {
        await AddAsync("1.0");
        var file = InFolder("releases.json");
        await File.WriteAllTextAsync(file, $$"""
            {
              // comments are allowed
              "app": "{{SampleFile.AppId}}",
              "releases": [ {{SampleFile.Release("2.0", "any/amd64")}}, {{SampleFile.Release("1.0", "any/amd64")}} ]
            }
            """);

        var refused = await _control.OmahactlAsync("release", "import", file);
        Assert.Contains("omahactl: releases[1]: release 1.0 for any/amd64 has another content", refused.Error, StringComparison.Ordinal);
        Assert.Equal(404, (await _control.GetAsync($"apps/{SampleFile.AppPath}/releases/2.0")).Status);

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"version\": \"1.0\"", "\"version\": \"1.1\"", StringComparison.Ordinal));
        Assert.Matches("release 2.0 for any/amd64: added, v1:[0-9a-f]{64}\n  release 1.1 for any/amd64: added", await DoneAsync("release", "import", file));
        Assert.Contains("release 2.0 for any/amd64: unchanged\n  release 1.1 for any/amd64: unchanged\nNothing to write.", await DoneAsync("release", "import", file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "is no document of releases")]
    [InlineData("{\"releases\": []}", "names no app; a document of releases looks like {\"app\": \"…\", \"releases\": […]}")]
    public async Task What_is_no_document_of_releases_is_said(string text, string words)
    {
        await File.WriteAllTextAsync(InFolder("releases.json"), text);

        var run = await _control.OmahactlAsync("release", "import", InFolder("releases.json"));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_and_the_details_tell_where_a_release_is()
    {
        await AddAsync("1.0");
        await AddAsync("2.0");
        await DoneAsync("channel", "set", SampleFile.AppId, "alpha", "1.0");
        await DoneAsync("channel", "promote", SampleFile.AppId, "alpha", "beta");
        await DoneAsync("channel", "set", SampleFile.AppId, "alpha", "2.0");
        await DoneAsync("release", "block", SampleFile.AppId, "2.0", "--reason", "does not boot");

        var list = (await DoneAsync("release", "list", SampleFile.AppId)).Split('\n');
        Assert.StartsWith("VERSION  TARGET     SIZE   ", list[0], StringComparison.Ordinal);
        Assert.Matches("^2.0      any/amd64  293 KiB  alpha  blocked  v1:[0-9a-f]{64}$", list[1]);
        Assert.Matches("^1.0      any/amd64  293 KiB  beta            v1:[0-9a-f]{64}$", list[2]);

        var details = await DoneAsync("release", "show", SampleFile.AppId, "1.0", "--arch", "amd64");
        Assert.Matches(
            $"""
            ^{SampleFile.AppId}, release 1.0 for any/amd64
              digest    v1:[0-9a-f]+
              package   update.gz, 300000 bytes, SHA-256 [0-9a-f]+
              codebase  {_mirror.Codebase}
              blocked   no
              channel   beta, since [-0-9: ]+Z; verified
              channel   alpha, from [-0-9: ]+Z to [-0-9: ]+Z
            $
            """.Replace("{", "\\{", StringComparison.Ordinal).ReplaceLineEndings("\n"),
            details);
        Assert.Contains("  blocked   since ", await DoneAsync("release", "show", SampleFile.AppId, "2.0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promotion_first_fetches_what_it_moves_from_every_codebase()
    {
        await using var second = await FileServer.StartAsync();
        second.Put("update.gz", _payload);
        await AddAsync("1.0", second.Codebase);
        await DoneAsync("channel", "set", SampleFile.AppId, "alpha", "1.0");

        var promoted = await DoneAsync("channel", "promote", SampleFile.AppId, "alpha", "beta");

        Assert.StartsWith($"{_mirror.Codebase}update.gz: right, 300000 bytes\n{second.Codebase}update.gz: right, 300000 bytes\n{SampleFile.AppId}, channel beta:\n", promoted, StringComparison.Ordinal);
        Assert.Equal(["/files/update.gz"], second.Requests);
        Assert.True((bool)(await _control.GetAsync($"apps/{SampleFile.AppPath}/history?channel=beta")).Json["entries"]![0]!["verified"]!);
        await DoneAsync("channel", "promote", SampleFile.AppId, "alpha", "beta");
        Assert.Single(second.Requests);
    }

    [Fact]
    public async Task A_promotion_ends_where_a_package_is_wrong_unless_that_is_skipped_for_a_reason()
    {
        await AddAsync("1.0");
        await DoneAsync("channel", "set", SampleFile.AppId, "alpha", "1.0");
        _mirror.Put("update.gz", [.. _payload.Reverse()]);

        var refused = await _control.OmahactlAsync("channel", "promote", SampleFile.AppId, "alpha", "beta");

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Matches($"^omahactl: {_mirror.Codebase}update.gz has the SHA-256 [0-9a-f]+, but the release says [0-9a-f]+ \\(release 1.0 for any/amd64\\)\nomahactl: nothing was promoted; mend the files or omahactl release relocate, or give a reason for --skip-verify\n$", refused.Error);
        Assert.Empty((await _control.GetAsync($"apps/{SampleFile.AppPath}/channels")).Json["channels"]![1]!["targets"]!.AsArray());

        await DoneAsync("channel", "promote", SampleFile.AppId, "alpha", "beta", "--skip-verify", "the mirror is not reachable from here");
        Assert.Contains("not verified: the mirror is not reachable from here", await DoneAsync("channel", "history", SampleFile.AppId, "beta"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_was_relocated_after_it_was_verified_is_verified_again()
    {
        await AddAsync("1.0");
        await DoneAsync("channel", "set", SampleFile.AppId, "alpha", "1.0");
        var digest = (string?)(await _control.GetAsync($"apps/{SampleFile.AppPath}/releases/1.0")).Json["releases"]![0]!["digest"];
        await DoneAsync("release", "relocate", SampleFile.AppId, "1.0", "--codebase", "https://elsewhere.example.test/");

        var late = await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/beta/promote", $$"""{"from": "alpha", "verified": [{"digest": "{{digest}}", "codebases": ["{{_mirror.Codebase}}"]}]}""");

        Assert.Equal(422, late.Status);
        Assert.Contains("were fetched from https://elsewhere.example.test/ and were right", Assert.Single(late.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revert_is_made_and_told_and_does_not_repeat_itself()
    {
        await AddAsync("1.0");
        await AddAsync("2.0");
        foreach (var version in new[] { "1.0", "2.0" })
        {
            await DoneAsync("channel", "set", SampleFile.AppId, "alpha", version);
            await DoneAsync("channel", "promote", SampleFile.AppId, "alpha", "beta");
        }

        Assert.Equal(
            $"""
            {SampleFile.AppId}, channel beta:
              any/amd64: 2.0 -> 1.0 (lower)
              any/amd64: machines below 1.0 are offered it
              any/amd64: machines already on 2.0 stay there
            Written as revision 8.

            """.ReplaceLineEndings("\n"),
            await DoneAsync("channel", "revert", SampleFile.AppId, "beta", "--version", "2.0", "--reason", "does not boot"));
        var again = await _control.OmahactlAsync("channel", "revert", SampleFile.AppId, "beta", "--version", "2.0", "--reason", "does not boot");
        Assert.StartsWith("omahactl: version: channel beta points to 1.0 for any/amd64, not to 2.0", again.Error, StringComparison.Ordinal);

        var history = (await DoneAsync("channel", "history", SampleFile.AppId, "beta")).Split('\n');
        Assert.Matches("^SINCE +CHANNEL  TARGET     VERSION  BY      FROM$", history[0]);
        Assert.EndsWith("beta     any/amd64  1.0      olivia  alpha  restored by a revert", history[1], StringComparison.Ordinal);
        Assert.Matches("beta     any/amd64  2.0      olivia  alpha  verified; reverted since [-0-9: ]+Z by olivia: does not boot$", history[2]);
        Assert.EndsWith("beta     any/amd64  1.0      olivia  alpha  verified", history[3], StringComparison.Ordinal);

        var refused = await _control.OmahactlAsync("channel", "promote", SampleFile.AppId, "alpha", "beta");
        Assert.Contains("2.0 for any/amd64 was reverted on beta", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith("Written as revision 9.\n", await DoneAsync("channel", "promote", SampleFile.AppId, "alpha", "beta", "--override-revert", "it was the rig"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_soak_is_waited_for_unless_there_is_a_reason_not_to()
    {
        await AddAsync("1.0");
        var export = (await _control.GetAsync("export")).Text;
        await _control.PostAsync("apply", export.Replace("\"alpha\": {}", "\"alpha\": {\"soak\": \"30d\"}", StringComparison.Ordinal));
        await DoneAsync("channel", "set", SampleFile.AppId, "alpha", "1.0");

        var early = await _control.OmahactlAsync("channel", "promote", SampleFile.AppId, "alpha", "beta");
        Assert.Matches("^omahactl: from: 1.0 for any/amd64 was complete on alpha for [0-9hms]+; the channel asks for 30d \\(soak\\); promote it after [-0-9: ]+Z, or say with --override-soak REASON", early.Error);
        Assert.Empty(_mirror.Requests);

        await DoneAsync("channel", "promote", SampleFile.AppId, "alpha", "beta", "--override-soak", "closes a hole");
        Assert.Contains("soak cut short: closes a hole", await DoneAsync("channel", "history", SampleFile.AppId), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("release add app 1.0 --file FILE --codebase https://x/", "--target is missing; give platform/arch, such as --target any/amd64 or --arch amd64, or any/any for every machine")]
    [InlineData("release add app 1.0 --arch amd64 --codebase https://x/", "--file")]
    [InlineData("release add app 1.0 --arch amd64 --file FILE", "--codebase")]
    [InlineData("release add app 1.0 --arch amd64 --file no-such-file --codebase https://x/", "cannot read the package \"no-such-file\"")]
    [InlineData("release import no-such-file", "cannot read the document of releases \"no-such-file\"")]
    [InlineData("release block app 1.0", "--reason")]
    [InlineData("release unblock app 1.0", "--reason")]
    [InlineData("release relocate app 1.0", "--codebase")]
    [InlineData("channel revert app beta", "--reason")]
    [InlineData("release verify app 1.0 --time-limit soon", "--time-limit \"soon\" is no length of time above zero; write whole numbers with d, h, m or s")]
    [InlineData("channel promote app alpha beta --time-limit 0s", "--time-limit \"0s\" is no length of time above zero")]
    public async Task Wrong_usage_is_said_and_ends_with_2(string line, string words)
    {
        var run = await _control.OmahactlAsync([.. line.Split(' ').Select(word => word == "FILE" ? InFolder("update.gz") : word)]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_all_that_is_printed_where_it_is_asked_for()
    {
        await AddAsync("1.0");
        await DoneAsync("channel", "set", SampleFile.AppId, "alpha", "1.0");

        Assert.Equal(3, (int)JsonNode.Parse(await DoneAsync("channel", "promote", SampleFile.AppId, "alpha", "beta", "--dry-run", "--json"))!["revision"]!);
        Assert.Equal(4, (int)JsonNode.Parse(await DoneAsync("channel", "promote", SampleFile.AppId, "alpha", "beta", "--json"))!["revision"]!);
        Assert.Equal("1.0", (string?)JsonNode.Parse(await DoneAsync("release", "list", SampleFile.AppId, "--json"))!["releases"]![0]!["release"]!["version"]);
        Assert.Equal("beta", (string?)JsonNode.Parse(await DoneAsync("channel", "history", SampleFile.AppId, "--json"))!["entries"]![0]!["channel"]);
        Assert.Null(JsonNode.Parse(await DoneAsync("release", "verify", SampleFile.AppId, "1.0", "--json"))!["urls"]![0]!["fault"]);
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    private string[] AddArguments(string version, params string[] moreCodebases) =>
        ["release", "add", SampleFile.AppId, version, "--target", "any/amd64", "--file", InFolder("update.gz"), "--codebase", _mirror.Codebase, .. moreCodebases.SelectMany(codebase => new[] { "--codebase", codebase })];

    private Task<string> AddAsync(string version, params string[] moreCodebases) => DoneAsync(AddArguments(version, moreCodebases));

    private async Task<string> DoneAsync(params string[] args)
    {
        var run = await _control.OmahactlAsync(args);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run.Output;
    }
}
