using System.Text.Json.Nodes;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>Backing up and restoring as an admin does it.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private readonly GarnetInProcess _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("omaha-backup-").FullName;
    private ControlSite _control = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.StartAsync();
        _control = await ControlSite.StartWithTokensAsync(_store.Configuration);
        Assert.Equal(200, (await _control.PostAsync("apply", SampleFile.With("1.0"))).Status);
        Assert.Equal(200, (await _control.PostAsync($"apps/{SampleFile.AppPath}/channels/alpha/set", """{"version": "1.0"}""")).Status);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string BackupPath => Path.Combine(_folder, "omaha.backup");

    [Fact]
    public async Task A_lost_store_is_restored_and_accepted()
    {
        await DoneAsync("", "backup", "-o", BackupPath);
        var export = (await _control.GetAsync("export")).Text;
        var channels = (await _control.GetAsync($"apps/{SampleFile.AppPath}/channels")).Text;
        await _control.DisposeAsync();
        await _store.RestartEmptyAsync();
        _control = await ControlSite.StartAsync(_store.Configuration);
        var token = (await Run.ControlAsync("token", "create", "--role", "admin", "--name", "rescuer", $"--Redis:Configuration={_store.Configuration}")).Output.Trim();

        var plan = await AsAsync(token, "restore", BackupPath, "--dry-run");
        Assert.Equal((0, ""), (plan.ExitCode, plan.Error));
        Assert.StartsWith("The backup is of revision 2, made ", plan.Output, StringComparison.Ordinal);
        Assert.Contains(" The store holds nothing that would be lost.\n11112222-3333-4444-5555-666677778888: created\n  channels alpha, beta, stable\n", plan.Output, StringComparison.Ordinal);
        Assert.Contains("token that comes back: ", plan.Output, StringComparison.Ordinal);
        Assert.EndsWith("The audit keeps 2 entries that the backup does not have.\nDry run: nothing was written.\n", plan.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await _control.Store.ReadHeadAsync()).Version.Revision);

        var done = await AsAsync(token, "restore", BackupPath);
        Assert.Equal((0, ""), (done.ExitCode, done.Error));
        Assert.Matches("Restored as revision 3 of the new epoch [0-9a-f]{16}. Servers that hold a catalogue go on answering from it, in alarm, until: omahactl store accept\n$", done.Output);
        Assert.Equal(0, (await AsAsync(token, "store", "accept")).ExitCode);
        Assert.Equal(export, (await _control.SendAsync("GET", "export", authorization: $"Bearer {token}")).Text);
        Assert.Equal(channels, (await _control.SendAsync("GET", $"apps/{SampleFile.AppPath}/channels", authorization: $"Bearer {token}")).Text);
        var audit = (await AsAsync(token, "audit")).Output;
        Assert.Contains("  restore the backup of ", audit, StringComparison.Ordinal);
        Assert.Contains("    by rescuer (admin, token ", audit, StringComparison.Ordinal);
        Assert.Contains("channel set", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_holds_something_is_overwritten_only_where_that_is_said()
    {
        await DoneAsync("", "backup", "-o", BackupPath);
        await _control.PostAsync("apply", SampleFile.With("1.0", "2.0"));
        var revoked = _control.Viewer.Split('_')[1];
        await _control.Tokens.DeleteAsync(revoked);

        var refused = await AsAsync(_control.Admin, "restore", BackupPath);
        Assert.Equal((1, "omahactl: store: is not empty, and a restore overwrites what it holds; look with omahactl restore --dry-run, then give --yes\n"), (refused.ExitCode, refused.Error));
        Assert.Equal(3, (await _control.Store.ReadHeadAsync()).Version.Revision);

        var plan = (await AsAsync(_control.Admin, "restore", BackupPath, "--dry-run")).Output;
        Assert.Contains("11112222-3333-4444-5555-666677778888: changed\n  release 2.0 for any/amd64 removed\n  release 2.0 for any/arm64 removed\n0 apps are as in the backup.\n", plan, StringComparison.Ordinal);
        Assert.Contains($"token that comes back: {revoked} viewer for victor\n", plan, StringComparison.Ordinal);
        Assert.Contains("The audit keeps 2 entries that the backup does not have.\n", plan, StringComparison.Ordinal);

        Assert.Equal(0, (await AsAsync(_control.Admin, "restore", BackupPath, "--yes")).ExitCode);
        Assert.Equal(4, (await _control.Store.ReadHeadAsync()).Version.Revision);
        Assert.Equal(200, (await _control.SendAsync("GET", "status", authorization: $"Bearer {_control.Viewer}")).Status);
        Assert.Contains("release 2.0 for any/amd64 removed", (await AsAsync(_control.Admin, "diff", "3", "4")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_goes_to_standard_output_and_json_tells_what_was_restored()
    {
        var backup = (await AsAsync(_control.Admin, "backup")).Output;
        await File.WriteAllTextAsync(BackupPath, backup);

        var restored = JsonNode.Parse((await AsAsync(_control.Admin, "restore", BackupPath, "--yes", "--json")).Output)!;

        Assert.Equal((3, 1, false), ((int)restored["store"]!["revision"]!, (int)restored["unchangedApps"]!, (bool)restored["dryRun"]!));
    }

    [Fact]
    public async Task A_damaged_backup_changes_nothing()
    {
        await DoneAsync("", "backup", "-o", BackupPath);
        var text = await File.ReadAllTextAsync(BackupPath);
        await File.WriteAllTextAsync(BackupPath, text.Replace("alpha", "alphb", StringComparison.Ordinal));

        var run = await AsAsync(_control.Admin, "restore", BackupPath, "--yes");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("omahactl: backup: the backup is damaged: its content has the SHA-256 ", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _control.Store.ReadHeadAsync()).Version.Revision);
        var cut = await Run.OmahactlAsync(["restore", Path.Combine(_folder, "nothing")], []);
        Assert.Equal(2, cut.ExitCode);
        Assert.Contains("cannot read the backup", cut.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_is_refused_leaves_no_file()
    {
        var run = await _control.OmahactlAsync("backup", "-o", BackupPath);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("needs the role admin", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("GET", "export", "the catalogue changed 5 times while it was being read; try again")]
    [InlineData("GET", "backup", "the store changed 10 times while it was being read; try again")]
    [InlineData("POST", "restore?overwrite=true", "the store changed again and again while it was being restored; look at omahactl status, and run the restore again when nothing else changes it")]
    public async Task What_needs_one_state_of_a_store_that_changes_all_the_time_says_so(string method, string path, string fault)
    {
        var backup = (await _control.SendAsync("GET", "backup", authorization: $"Bearer {_control.Admin}")).Text;
        await using var proxy = new CuttingProxy(_store.Port);
        await using var slow = await ControlSite.StartAsync(proxy.Configuration);
        Assert.Equal(200, (await slow.SendAsync("GET", "status", authorization: $"Bearer {_control.Admin}")).Status);
        var changes = 0;
        proxy.BeforeEach = async () => Assert.Equal(200, (await _control.PostAsync("apply", SampleFile.App("other", $"1.{Interlocked.Increment(ref changes)}"))).Status);

        var answer = await slow.SendAsync(method, path, method == "POST" ? backup : null, $"Bearer {_control.Admin}");

        proxy.BeforeEach = null;
        Assert.Equal((409, fault), (answer.Status, Assert.Single(answer.Faults)));
        Assert.Equal(changes + 2, (await _control.Store.ReadHeadAsync()).Version.Revision);
        Assert.Equal(200, (await slow.SendAsync(method, path, method == "POST" ? backup : null, $"Bearer {_control.Admin}")).Status);
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    public async Task Without_a_place_for_a_temporary_file_the_answer_names_it(string path)
    {
        var missing = Path.Combine(_folder, "missing") + Path.DirectorySeparatorChar;
        await using var control = ControlProcess.Start(_store.Configuration, missing);
        using var http = control.Client(_control.Admin);
        await ControlProcess.UntilItAnswersAsync(http);

        var uri = new Uri($"api/v1/{path}", UriKind.Relative);
        using var body = new StringContent("{}");
        using var answer = path == "backup" ? await http.GetAsync(uri) : await http.PostAsync(uri, body);

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Contains($"needs a temporary file as large as the backup, in {missing}, and could not write it; nothing was changed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_changes_something_is_told_the_truth_wherever_the_line_to_the_store_is_cut(bool afterwards)
    {
        for (var step = 1; ; step++)
        {
            Assert.InRange(step, 1, 100);
            await using var proxy = new CuttingProxy(_store.Port);
            await using var control = await ControlSite.StartAsync($"{proxy.Configuration},connectRetry=0");
            Assert.Equal(200, (await control.SendAsync("GET", "status", authorization: $"Bearer {_control.Operator}")).Status);
            var before = (await _control.Store.ReadHeadAsync()).Version.Revision;
            proxy.CutAt(step, afterwards);

            var answer = await control.PostAsync("apply", SampleFile.App($"app-{step}", "1.0"), _control.Operator);

            var after = (await _control.Store.ReadHeadAsync()).Version.Revision;
            Assert.Equal(after > before, await _control.Store.ReadAppAsync($"app-{step}") is not null);
            Assert.Equal(after, (await _control.Audit.ReadLastAsync())!.Revision);
            if (!proxy.IsCut)
            {
                Assert.Equal((200, before + 1), (answer.Status, after));
                return;
            }

            Assert.Equal(503, answer.Status);
            if (after > before) Assert.Contains("may or may not have been made", Assert.Single(answer.Faults), StringComparison.Ordinal);
        }
    }

    private async Task DoneAsync(string output, params string[] args)
    {
        var run = await AsAsync(_control.Admin, args);
        Assert.Equal((0, "", output), (run.ExitCode, run.Error, run.Output));
    }

    private Task<Run> AsAsync(string token, params string[] args) => Run.OmahactlAsync(args, new() { ["OMAHACTL_SERVER"] = _control.Address, ["OMAHACTL_TOKEN"] = token });
}
