using System.Text.Json.Nodes;
using CsCheck;
using Omaha.Redis.Tests;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>Whatever is asked of the API, in whatever order: what was refused or only tried out leaves no trace, content stays behind its digest, and the audit replays to the state.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private static readonly string[] Versions = ["1.0", "2.0", "3.0"];

    private readonly GarnetInProcess _store = new();
    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);
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

    /// <summary>One request, as an operator or an admin may make it.</summary>
    private sealed record Call(string Path, JsonObject? Body)
    {
        public bool IsDryRun => Body?["dryRun"]?.GetValue<bool>() == true || Path.EndsWith("dryRun", StringComparison.Ordinal);

        public override string ToString() => $"{Path} {Body?.ToJsonString()}";
    }

    private static readonly Gen<Call> GenCall = Gen.Select(Gen.Int[0, 23], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Bool, Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))), Make);

    private static Call Make(int verb, int version, int channel, int target, bool daring, bool dryRun)
    {
        var (release, name) = (Versions[version], ((string[])["alpha", "beta", "stable"])[channel]);
        var app = $"apps/{SampleFile.AppPath}";
        var from = channel == 2 ? "beta" : "alpha";
        var reason = daring ? "for the test" : null;
        var where = target switch { 0 => "any/amd64", 1 => "any/arm64", 2 => null, _ => "win/x86" };
        var query = dryRun ? "?dryRun" : "";
        return verb switch
        {
            0 or 1 => new Call($"{app}/releases{query}", Json($$"""{"releases": [{{SampleFile.Release(release, where ?? "any/amd64", daring ? 1000 : 1001)}}]}""")),
            2 or 3 or 4 => At($"channels/alpha/set", ("version", release), ("target", where), ("overrideRevert", reason)),
            5 or 6 or 7 => At($"channels/{name}/promote", ("from", from), ("target", where), ("skipVerify", "for the test"), ("overrideRevert", reason)),
            8 or 9 => At($"channels/{name}/revert", ("target", where), ("reason", "for the test")),
            10 => At($"releases/{release}/block", ("target", where), ("reason", reason)),
            11 => At($"releases/{release}/unblock", ("target", where), ("reason", "for the test")),
            12 => At($"releases/{release}/remove", ("target", where)),
            13 => new Call($"{app}/releases/{release}/relocate", Json($$"""{"codebases": ["https://mirror{{channel}}.example.test/"], "target": "{{where ?? "any/amd64"}}", "dryRun": {{(dryRun ? "true" : "false")}}}""")),
            14 or 15 => new Call($"{app}/channels/{name}/rollout/start", Json($$"""{"version": "{{release}}", "target": "{{where ?? "any/arm64"}}", "policy": {"ramp": "24h"}, "skipVerify": "for the test", "replace": {{(daring ? "true" : "false")}}, "dryRun": {{(dryRun ? "true" : "false")}}}""")),
            16 => At($"channels/{name}/rollout/{((string[])["pause", "halt", "resume", "expedite"])[target]}", ("reason", reason)),
            17 => new Call($"{app}/channels/{name}/rollout/set", Json($$"""{"percent": {{40 * version}}, "dryRun": {{(dryRun ? "true" : "false")}}}""")),
            18 => new Call(daring ? "pause" : "resume", Json("""{"reason": "for the test"}""")),
            19 => new Call($"{app}/{(daring ? "pause" : "resume")}", Json($$"""{"channel": "{{name}}"}""")),
            20 => new Call("brakes/poll-interval", Json(daring ? $$"""{"seconds": {{3600 * (1 + version)}}, "reason": "for the test"}""" : "{}")),
            21 => At($"groups/rack-{version}/{((string[])["add", "set", "remove", "add"])[target]}", ("channel", target is 2 ? null : name)),
            22 => new Call($"apply{query}", Json($$"""{"apps": [{{SampleFile.App($"other-{version}", daring ? ["1.0"] : [])}}]}""")),
            _ => new Call($"apply?prune=other-{version}{(dryRun ? "&dryRun" : "")}", Json("""{"apps": []}""")),
        };

        Call At(string path, params (string Key, string? Value)[] values)
        {
            var body = new JsonObject(values.Where(static value => value.Value is not null).Select(static value => KeyValuePair.Create(value.Key, (JsonNode?)value.Value)));
            if (dryRun) body["dryRun"] = true;
            return new Call($"{app}/{path}", body);
        }
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    [Fact]
    public async Task Any_sequence_of_requests_is_on_record_and_replays_to_the_state()
    {
        Assert.Equal(200, (await _control.PostAsync("apply", SampleFile.With("1.0"))).Status);
        var seen = new HashSet<(string Verb, bool IsDone)>();

        // The sequences are worth something only if they get somewhere; most times the first few do.
        (string, bool)[] worth = [("set", true), ("promote", true), ("revert", true), ("block", true), ("start", true), ("set", false), ("promote", false), ("revert", false), ("block", false)];
        for (var batch = 0; batch == 0 || (batch < 8 && !seen.IsSupersetOf(worth)); batch++)
        {
            await GenCall.Array[1, 50].SampleAsync(
                async calls =>
                {
                    foreach (var call in calls) seen.Add((call.Path.Split('/', '?')[^1], await DoAsync(call)));
                    await (await Replay.OfAsync(_control.Audit)).MustBeAsync(_control.Store);
                },
                iter: 8,
                threads: 1);
        }

        Assert.All(worth, outcome => Assert.Contains(outcome, seen));
    }

    /// <summary>Makes a request and checks what it left behind; tells whether it was done.</summary>
    private async Task<bool> DoAsync(Call call)
    {
        var (head, last) = ((await _control.Store.ReadHeadAsync()).Version, (await _control.Audit.ReadLastAsync())!.Number);

        var answer = await _control.PostAsync(call.Path, call.Body?.ToJsonString());

        var (after, number) = ((await _control.Store.ReadHeadAsync()).Version, (await _control.Audit.ReadLastAsync())!.Number);
        Assert.True(answer.Status is 200 or 400 or 404 or 422, $"{call} was answered with {answer.Status}: {answer.Text}");
        if (answer.Status != 200) Assert.All(answer.Faults, fault => Assert.NotEqual("", fault));
        if (answer.Status != 200 || call.IsDryRun) Assert.Equal((head, last), (after, number));
        else Assert.Equal(after.Revision - head.Revision, number - last);
        Assert.InRange(after.Revision - head.Revision, 0, 1);

        foreach (var release in (await _control.GetAsync($"apps/{SampleFile.AppPath}/releases")).Json["releases"]!.AsArray())
        {
            var content = release!["release"]!.DeepClone().AsObject();
            content.Remove("codebases");
            var digest = (string)release["digest"]!;
            if (!_contents.TryAdd(digest, content.ToJsonString())) Assert.Equal(_contents[digest], content.ToJsonString());
        }

        return answer.Status == 200;
    }
}
