using System.Net;

namespace Omaha.Standalone.Tests;

/// <summary>What outlives the process: everything that was acknowledged, and nothing that is not its own.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task A_promotion_changes_the_answer_and_outlives_the_process()
    {
        using var folder = new TempFolder();
        var data = $"--Data={folder["data"]}";
        await using var first = await StandaloneProcess.ServeAsync(folder.Path, data);
        Assert.Equal("4459.2.1", await first.OfferedAsync());
        await first.PromoteAsync("beta", "stable");
        await first.UntilOfferedAsync("4515.1.0");
        var (_, channels) = await first.CallAsync("GET", $"apps/{Uri.EscapeDataString(StandaloneProcess.Flatcar)}/channels");
        var (_, status) = await first.CallAsync("GET", "status");

        Assert.Equal(0, (await first.StopAsync()).ExitCode);
        await using var second = await StandaloneProcess.ServeAsync(folder.Path, data);

        Assert.Equal("4515.1.0", await second.OfferedAsync());
        Assert.Equal(channels!.ToJsonString(), (await second.CallAsync("GET", $"apps/{Uri.EscapeDataString(StandaloneProcess.Flatcar)}/channels")).Reply!.ToJsonString());
        Assert.Equal(status!.ToJsonString(), (await second.CallAsync("GET", "status")).Reply!.ToJsonString());
    }

    [Fact]
    public async Task Told_to_stop_it_ends_with_0_and_frees_its_ports()
    {
        using var folder = new TempFolder();
        await using var program = await StandaloneProcess.ServeAsync(folder.Path, $"--Data={folder["data"]}");
        int[] ports = [program.Machines.Port, program.Health.Port, program.Control.Port];
        Assert.All(ports, port => Assert.False(StandaloneProcess.IsFree(port)));

        var ending = await program.StopAsync();

        Assert.Equal((0, ""), (ending.ExitCode, ending.Error));
        Assert.All(ports, port => Assert.True(StandaloneProcess.IsFree(port)));
    }

    [Fact]
    public async Task Where_it_is_started_does_not_matter_and_is_left_as_it_was()
    {
        using var folder = new TempFolder();
        var elsewhere = Directory.CreateDirectory(folder["elsewhere"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(elsewhere, "precious.txt"), "not ours");
        var before = TempFolder.Contents(elsewhere);

        await using (var first = await StandaloneProcess.ServeAsync(folder.Path, "--Data=data"))
        {
            await first.PromoteAsync("beta", "stable");
            await first.StopAsync();
        }

        await using (var second = await StandaloneProcess.ServeAsync(elsewhere, $"--Data={folder["data"]}"))
        {
            Assert.Equal("4515.1.0", await second.OfferedAsync());
            Assert.Equal(0, (await second.StopAsync()).ExitCode);
        }

        Assert.Equal(before, TempFolder.Contents(elsewhere));
        Assert.Equal(["data", "elsewhere"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_and_harms_nothing()
    {
        using var folder = new TempFolder();
        var data = $"--Data={folder["data"]}";
        await using var first = await StandaloneProcess.ServeAsync(folder.Path, data);

        await using var second = StandaloneProcess.StartOnFreePorts(folder.Path, data);

        (await second.EndAsync()).MustBeRefusal(folder["data"], "no other Omaha.Standalone uses");
        await first.PromoteAsync("beta", "stable");
        await first.UntilOfferedAsync("4515.1.0");
    }

    /// <summary>Each change writes several apps alike, so that half of one would show.</summary>
    [Fact]
    public async Task Killed_in_a_stream_of_changes_it_keeps_every_acknowledged_one_and_none_by_halves()
    {
        const int rounds = 5;
        string[] apps = ["first", "second", "third"];
        using var folder = new TempFolder();
        var (acknowledged, revision) = (0, 1L);

        for (var round = 1; round <= rounds; round++)
        {
            await using var program = await StandaloneProcess.ServeAsync(folder.Path, $"--Data={folder["data"]}");
            var (found, foundRevision) = await ReadAsync(program);
            // The last change may have been made and its answer lost.
            Assert.InRange(found, acknowledged, acknowledged + 1);
            Assert.Equal(revision + found - acknowledged, foundRevision);
            (acknowledged, revision) = (found, foundRevision);

            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writing = WriteAsync(program, acknowledged + (round * 7), enough);
            await Task.WhenAny(enough.Task, writing);
            await program.KillAsync();
            await writing;
        }

        async Task WriteAsync(StandaloneProcess program, int target, TaskCompletionSource enough)
        {
            try
            {
                while (true)
                {
                    var (status, reply) = await program.CallAsync("POST", "apply", File(acknowledged + 1));
                    Assert.True(status == HttpStatusCode.OK, $"{status}: {reply}");
                    acknowledged++;
                    revision++;
                    if (acknowledged >= target) enough.TrySetResult();
                }
            }
            catch (HttpRequestException)
            {
                // Killed.
            }
        }

        string File(int number) => $$"""{ "apps": [ {{string.Join(", ", apps.Select(app => App(app, number)))}} ] }""";

        static string App(string app, int number) => $$"""{ "app": "{{app}}", "spec": { "name": "{{number}}", "channels": { "stable": {} } } }""";

        async Task<(int Number, long Revision)> ReadAsync(StandaloneProcess program)
        {
            var (_, status) = await program.CallAsync("GET", "status");
            Assert.Equal(0, (int)status!["faultyApps"]!);
            var (_, list) = await program.CallAsync("GET", "apps");
            var names = list!["apps"]!.AsArray().Where(app => apps.Contains((string?)app!["app"])).Select(app => (string?)app!["name"]).ToList();
            Assert.True(names.Count is 0 || names.Count == apps.Length, $"only some of the apps are there: {list}");
            var name = names.Count == 0 ? "0" : Assert.Single(names.Distinct());
            return (int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture), (long)status["store"]!["revision"]!);
        }
    }
}
