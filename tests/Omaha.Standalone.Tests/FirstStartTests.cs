using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Omaha.Standalone.Tests;

/// <summary>What somebody sees who starts the program for the first time, in a folder with other things in it.</summary>
public sealed partial class FirstStartTests(FirstStartTests.FirstStart first) : IClassFixture<FirstStartTests.FirstStart>
{
    private StandaloneProcess Program => first.Program;

    [Fact]
    public async Task The_printed_request_gets_a_manifest()
    {
        var command = await Program.CommandAsync();
        var body = BodyPattern().Match(command).Groups[1].Value;

        var (status, reply) = await Program.CheckAsync(body);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("""<updatecheck status="ok">""", reply, StringComparison.Ordinal);
        Assert.Contains("""<manifest version="4459.2.1">""", reply, StringComparison.Ordinal);
        Assert.Contains($" {Program.Machines} ", command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_printed_command_can_be_pasted_into_a_shell()
    {
        Assert.SkipUnless(IsInstalled("bash") && IsInstalled("curl"), "bash or curl is not installed.");

        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", await Program.CommandAsync()]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await shell.WaitForExitAsync();

        Assert.Equal(0, shell.ExitCode);
        Assert.Contains("""<manifest version="4459.2.1">""", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_ready_and_says_so()
    {
        using var http = new HttpClient();

        // The self-probe may still rehearse when the welcome is out.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await http.GetAsync(Program.Health, patience.Token)).StatusCode != HttpStatusCode.OK) await Task.Delay(20, patience.Token);
    }

    [Fact]
    public void Nothing_can_be_reached_from_other_machines()
    {
        Assert.All([Program.Machines, Program.Health, Program.Control], address => Assert.Equal("127.0.0.1", address.Host));

        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a process listens on.");
        var listening = ListeningSockets(Program.Id);
        Assert.All(listening, socket => Assert.Equal("0100007F", socket.Address));
        Assert.Subset(listening.Select(socket => socket.Port).ToHashSet(), new HashSet<int> { Program.Machines.Port, Program.Health.Port, Program.Control.Port });
    }

    [Fact]
    public async Task The_operator_token_is_its_owners_alone_and_lets_in()
    {
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Program.TokenPath));

        Assert.Equal(HttpStatusCode.OK, (await Program.CallAsync("GET", "status")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Program.CallAsync("GET", "status", authorized: false)).Status);
    }

    [Fact]
    public void Only_the_data_folder_is_new_where_it_was_started()
    {
        Assert.Equal(Path.Combine(first.WorkingDirectory, "omaha-data"), Program.Data);
        Assert.Equal(["bystander.txt", "omaha-data"], Directory.EnumerateFileSystemEntries(first.WorkingDirectory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Addresses as the kernel writes them: hexadecimal, in the byte order of the machine.</summary>
    private static List<(string Address, int Port)> ListeningSockets(int process)
    {
        const string listening = "0A";
        var own = Directory.EnumerateFiles($"/proc/{process}/fd").Select(handle => new FileInfo(handle).LinkTarget).ToHashSet();
        return
        [
            .. new[] { "tcp", "tcp6" }
                .Where(table => File.Exists($"/proc/{process}/net/{table}"))
                .SelectMany(table => File.ReadLines($"/proc/{process}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(entry => entry[3] == listening && own.Contains($"socket:[{entry[9]}]"))
                .Select(entry => entry[1].Split(':'))
                .Select(local => (local[0], int.Parse(local[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))),
        ];
    }

    [GeneratedRegex(" -d '([^']*)'$")]
    private static partial Regex BodyPattern();

    /// <summary>One process for all of these tests, which only look.</summary>
    public sealed class FirstStart : IAsyncLifetime
    {
        private readonly TempFolder _folder = new();

        public string WorkingDirectory => _folder.Path;

        internal StandaloneProcess Program { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await File.WriteAllTextAsync(_folder["bystander.txt"], "not ours");
            Program = await StandaloneProcess.ServeAsync(_folder.Path);
        }

        public async ValueTask DisposeAsync()
        {
            if (Program is not null) await Program.DisposeAsync();
            _folder.Dispose();
        }
    }
}
