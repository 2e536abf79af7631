using System.Text.Json.Nodes;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>What <c>release verify</c> finds out about files that are right, wrong, or hard to get.</summary>
public sealed class VerifyTests : IAsyncLifetime
{
    private const int Size = 400_000;

    private readonly GarnetInProcess _store = new();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"update-{Guid.NewGuid():N}.gz");
    private readonly byte[] _payload = new byte[Size];
    private ControlSite _control = null!;
    private FileServer _mirror = null!;

    public async ValueTask InitializeAsync()
    {
        new Random(7).NextBytes(_payload);
        await _store.StartAsync();
        _control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        _mirror = await FileServer.StartAsync();
        await File.WriteAllBytesAsync(_file, _payload);
        _mirror.Put(Name, _payload);
        await _control.PostAsync("apply", $$"""{"apps": [{{SampleFile.App(SampleFile.AppId)}}]}""");
        Assert.Equal(0, (await _control.OmahactlAsync("release", "add", SampleFile.AppId, "1.0", "--arch", "amd64", "--file", _file, "--codebase", _mirror.Codebase)).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        if (_mirror is not null) await _mirror.DisposeAsync();
        await _store.DisposeAsync();
        File.Delete(_file);
    }

    private string Name => Path.GetFileName(_file);

    [Fact]
    public async Task What_is_right_is_said_to_be()
    {
        var run = await VerifyAsync();

        Assert.Equal((0, $"{_mirror.Codebase}{Name}: right, 400000 bytes\n", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task A_download_that_breaks_off_is_taken_up_where_it_broke_off()
    {
        _mirror.Cut(times: 3, after: 100_000);

        var run = await VerifyAsync();

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal([$"/files/{Name}", $"/files/{Name} bytes=100000-", $"/files/{Name} bytes=200000-", $"/files/{Name} bytes=300000-"], _mirror.Requests);
    }

    [Fact]
    public async Task A_server_without_ranges_is_asked_for_all_of_it_again()
    {
        _mirror.KnowsRanges = false;
        _mirror.Cut(times: 2, after: 100_000);

        Assert.Equal(0, (await VerifyAsync()).ExitCode);
        Assert.Equal(3, _mirror.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again()
    {
        _mirror.Refuse(times: 2);

        Assert.Equal(0, (await VerifyAsync()).ExitCode);
        Assert.Equal(3, _mirror.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_given_up()
    {
        _mirror.Refuse(times: 99);

        await WrongAsync("answered 503 (Service Unavailable); 5 tries in a row brought nothing");
        Assert.Equal(5, _mirror.Requests.Count);
    }

    [Fact]
    public async Task A_download_that_always_breaks_off_at_once_is_given_up()
    {
        _mirror.Cut(times: 99, after: 0);

        var fault = await WrongAsync("5 tries in a row brought nothing");
        Assert.Contains("the connection failed after 0 of 400000 bytes: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        await using var other = await FileServer.StartAsync();
        await _control.OmahactlAsync("release", "relocate", SampleFile.AppId, "1.0", "--codebase", other.Codebase);

        var run = await VerifyAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"omahactl: {other.Codebase}{Name} answered 404 (Not Found) (release 1.0 for any/amd64)\n", run.Error);
        Assert.Single(other.Requests);
    }

    [Fact]
    public async Task A_server_that_nobody_is_at_is_named()
    {
        var address = _mirror.Codebase;
        await _mirror.DisposeAsync();

        var run = await VerifyAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"omahactl: {address}{Name} the connection failed after 0 of 400000 bytes: Connection refused", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_size_is_told_and_no_more_than_needed_is_fetched(bool tellsLength)
    {
        _mirror.TellsLength = tellsLength;
        _mirror.Put(Name, [.. _payload, 1, 2, 3]);
        await WrongAsync(tellsLength ? "has 400003 bytes, but the release says 400000" : "has more than the 400000 bytes that the release says");

        _mirror.Put(Name, _payload[..1000]);
        await WrongAsync("has 1000 bytes, but the release says 400000");
    }

    [Fact]
    public async Task Another_content_is_told_with_both_hashes()
    {
        _mirror.Put(Name, [.. _payload.Reverse()]);

        var fault = await WrongAsync("has the SHA-256 ");
        Assert.Matches("has the SHA-256 [0-9a-f]{64}, but the release says [0-9a-f]{64} ", fault);
    }

    [Fact]
    public async Task Another_file_that_comes_halfway_is_noticed()
    {
        _mirror.Cut(times: 1, after: 100_000);
        var other = (byte[])_payload.Clone();
        other[^1] ^= 1;
        _mirror.Put(Name, other);

        await WrongAsync("has the SHA-256 ");
    }

    [Fact]
    public async Task What_takes_too_long_is_given_up()
    {
        var never = new TaskCompletionSource();
        _mirror.Hold = never.Task;

        var run = await _control.OmahactlAsync("release", "verify", SampleFile.AppId, "1.0", "--time-limit", "1s");
        never.SetResult();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("was not done within 1s; --time-limit allows more", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_tells_every_URL_also_when_some_are_wrong()
    {
        _mirror.Put(Name, [1]);

        var run = await VerifyAsync("--json");

        Assert.Equal(1, run.ExitCode);
        var url = JsonNode.Parse(run.Output)!["urls"]!.AsArray().Single()!;
        Assert.Equal(($"{_mirror.Codebase}{Name}", "has 1 bytes, but the release says 400000"), ((string?)url["url"], (string?)url["fault"]));
    }

    [Fact]
    public async Task Who_watches_sees_how_far_it_has_come()
    {
        var watched = await Run.OmahactlAsync(["release", "verify", SampleFile.AppId, "1.0"], Environment(), isWatched: true);
        Assert.Contains($"\r{_mirror.Codebase}{Name}  [........................]   0 %  0 B of 390.6 KiB", watched.Error, StringComparison.Ordinal);
        Assert.Contains($"\r{_mirror.Codebase}{Name}  [########################] 100 %  390.6 KiB of 390.6 KiB", watched.Error, StringComparison.Ordinal);
        Assert.EndsWith(" \r", watched.Error, StringComparison.Ordinal);

        var added = await Run.OmahactlAsync(["release", "add", SampleFile.AppId, "2.0", "--arch", "amd64", "--file", _file, "--codebase", _mirror.Codebase], Environment(), isWatched: true);
        Assert.Contains($"\r{Name}  [########################] 100 %", added.Error, StringComparison.Ordinal);
    }

    private Dictionary<string, string?> Environment() => new() { ["OMAHACTL_SERVER"] = _control.Address, ["OMAHACTL_TOKEN"] = _control.Operator };

    private Task<Run> VerifyAsync(params string[] more) => _control.OmahactlAsync(["release", "verify", SampleFile.AppId, "1.0", .. more]);

    private async Task<string> WrongAsync(string words)
    {
        var run = await VerifyAsync();
        Assert.Equal((1, $"{_mirror.Codebase}{Name}: wrong\n"), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        return run.Error;
    }
}
