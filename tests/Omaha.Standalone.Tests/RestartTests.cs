using System.Globalization;
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

    [Fact]
    public async Task Killed_in_its_first_start_it_begins_again_where_it_was()
    {
        using var folder = new TempFolder();
        var data = $"--Data={folder["data"]}";
        await using (var first = StandaloneProcess.StartOnFreePorts(folder.Path, data))
        {
            await first.UntilAsync(() => File.Exists(Path.Combine(folder["data"], "operator-token")), "wrote its token");
            await first.KillAsync();
        }

        await using var second = await StandaloneProcess.ServeAsync(folder.Path, data);

        Assert.Equal("4459.2.1", await second.OfferedAsync());
        Assert.Equal(HttpStatusCode.OK, (await second.CallAsync("GET", "status")).Status);
    }

    [Fact]
    public async Task What_was_written_long_ago_outlives_more_changes_than_memory_holds()
    {
        using var folder = new TempFolder();
        var data = $"--Data={folder["data"]}";
        await using var first = await StandaloneProcess.ServeAsync(folder.Path, data);
        var token = (await File.ReadAllTextAsync(first.TokenPath)).Trim();

        // 30 MB with each change, and the form before them as well.
        for (var i = 0; i < 3; i++)
        {
            var installData = string.Join(", ", Enumerable.Range(0, 240).Select(index => $"\"{index}\": \"{new string((char)('a' + i), 16_000)}\""));
            var apps = Enumerable.Range(0, 8).Select(app => $$"""{ "app": "large-{{app}}", "spec": { "channels": { "stable": {} }, "installData": { {{installData}} } } }""");
            var (status, reply) = await first.CallAsync("POST", "apply", $$"""{ "apps": [ {{string.Join(", ", apps)}} ] }""");
            Assert.True(status == HttpStatusCode.OK, $"{status}: {reply}");
        }

        await OldIsThereAsync(first);
        await first.StopAsync();
        await using var second = await StandaloneProcess.ServeAsync(folder.Path, data);
        await OldIsThereAsync(second);
        Assert.Equal(["data"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));

        async Task OldIsThereAsync(StandaloneProcess program)
        {
            Assert.Equal("4459.2.1", await program.OfferedAsync());
            var (_, status) = await program.CallAsync("GET", "status");
            Assert.Equal((9, 0, 4), ((int)status!["apps"]!, (int)status["faultyApps"]!, (int)status["store"]!["revision"]!));
            var (_, audit) = await program.CallAsync("GET", "audit?limit=1000");
            Assert.Equal(6, audit!["entries"]!.AsArray().Count);
            Assert.Equal(token, (await File.ReadAllTextAsync(program.TokenPath)).Trim());
        }
    }

    /// <summary>Two at once write several apps with each change, so that half of one would show.</summary>
    [Fact]
    public async Task Killed_in_a_stream_of_changes_it_keeps_every_acknowledged_one_and_none_by_halves()
    {
        using var folder = new TempFolder();
        Writer[] writers = [new("a"), new("b")];
        for (var round = 1; round <= 5; round++)
        {
            await using var program = await StandaloneProcess.ServeAsync(folder.Path, $"--Data={folder["data"]}");
            foreach (var writer in writers) await writer.LookAsync(program);
            var (_, status) = await program.CallAsync("GET", "status");
            Assert.Equal(1 + writers.Sum(writer => writer.Acknowledged), (int)status!["store"]!["revision"]!);
            Assert.Equal(0, (int)status["faultyApps"]!);

            var writing = Task.WhenAll(writers.Select(writer => writer.WriteAsync(program)));
            var enough = writers.Sum(writer => writer.Acknowledged) + (round * 9);
            await program.UntilAsync(() => writing.IsCompleted || writers.Sum(writer => writer.Acknowledged) >= enough, "took changes");
            await program.KillAsync();
            await writing;
        }
    }

    /// <summary>Counts upwards in the names of some apps, all in one change, until the program is killed.</summary>
    private sealed class Writer(string prefix)
    {
        private readonly string[] _apps = [$"{prefix}1", $"{prefix}2", $"{prefix}3", $"{prefix}4"];
        private volatile int _acknowledged;

        public int Acknowledged => _acknowledged;

        public async Task WriteAsync(StandaloneProcess program)
        {
            try
            {
                while (true)
                {
                    var (status, reply) = await program.CallAsync("POST", "apply", File(_acknowledged + 1));
                    Assert.True(status == HttpStatusCode.OK, $"{status}: {reply}");
                    _acknowledged++;
                }
            }
            catch (HttpRequestException)
            {
                // Killed.
            }
        }

        /// <summary>Looks at what is there: every acknowledged change, perhaps one more, whose answer was lost, and nothing by halves.</summary>
        public async Task LookAsync(StandaloneProcess program)
        {
            var (_, list) = await program.CallAsync("GET", "apps");
            var names = list!["apps"]!.AsArray().Where(app => _apps.Contains((string?)app!["app"])).Select(app => (string?)app!["name"]).ToList();
            if (names.Count == 0) names.AddRange(Enumerable.Repeat("0", _apps.Length));

            Assert.Equal(Enumerable.Repeat(names[0], _apps.Length), names);
            var found = int.Parse(names[0]!, CultureInfo.InvariantCulture);
            Assert.InRange(found, _acknowledged, _acknowledged + 1);
            _acknowledged = found;
        }

        private string File(int number) => $$"""{ "apps": [ {{string.Join(", ", _apps.Select(app => App(app, number)))}} ] }""";

        private static string App(string app, int number) => $$"""{ "app": "{{app}}", "spec": { "name": "{{number}}", "channels": { "stable": {} } } }""";
    }
}
