using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Omaha.Standalone.Tests;

/// <summary>What cannot be meant stops the start with 2 and words, before anything is written.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("--Listen:Pubic=http://127.0.0.1:0", "Listen:Pubic", "Listen:Control, Listen:Ops, Listen:Public")]
    [InlineData("--Replica:Interval=1", "Replica:Interval", "Replica:PollInterval")]
    [InlineData("--Control:Insecure=true", "Control:Insecure", "Control:AllowInsecure")]
    [InlineData("--Listen:Public=nowhere", "Listen:Public = \"nowhere\" is not usable", "http://")]
    [InlineData("--Listen:Ops=ftp://127.0.0.1:0", "Listen:Ops = \"ftp://127.0.0.1:0\" is not usable", "http://")]
    [InlineData("--Listen:Control=http://0.0.0.0:8081", "Listen:Control = \"http://0.0.0.0:8081\" is not usable", "Control:AllowInsecure")]
    [InlineData("--Replica:FreezeAfter=0", "Replica:FreezeAfter = \"0\" is not usable", "from 1 to 86400")]
    [InlineData("--Brakes:PauseAll=perhaps", "Brakes:PauseAll = \"perhaps\" is not usable", "true or false")]
    [InlineData("--Brakes:Pause=true", "Brakes:Pause", "Brakes:PauseAll")]
    [InlineData("--Control:ServerMetrics=server-1", "Control:ServerMetrics = \"server-1\" is not usable", "http://server-1:9090/metrics")]
    [InlineData("--Replica:PollInterval=0", "Replica:PollInterval = \"0\" is not usable", "from 0.05 to 60")]
    [InlineData("--Data=", "Data = \"\" is not usable", "a folder")]
    [InlineData("--Redis:Configuration=", "Redis:Configuration", "redis-1:6379")]
    [InlineData("--Dta=elsewhere", "\"--Dta=elsewhere\" is not understood", "--Data=FOLDER")]
    [InlineData("--verbose", "\"--verbose\" is not understood", "--Section:Key=value")]
    [InlineData("serve", "\"serve\" is not understood", "--Section:Key=value")]
    [InlineData("--load-sample=true", "\"--load-sample=true\" is not understood", "--load-sample,")]
    [InlineData("--load-sample", "--load-sample goes with Redis:Configuration", "gets the sample catalogue by itself")]
    public async Task A_setting_that_cannot_be_used_stops_the_start(string argument, string what, string allowed)
    {
        using var folder = new TempFolder();

        var ending = await StandaloneProcess.RunAsync(folder.Path, argument);

        ending.MustBeRefusal(what, allowed);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_brake_in_the_settings_file_is_heeded_while_the_program_runs_and_no_slip_lifts_it()
    {
        using var folder = new TempFolder();
        await using var program = await StandaloneProcess.ServeAsync(folder.Path);
        Assert.Equal("4459.2.1", await program.OfferedAsync());

        await File.WriteAllTextAsync(folder["appsettings.json"], """{ "Brakes": { "PauseAll": true } }""");
        await program.UntilOfferedAsync(null);

        await File.WriteAllTextAsync(folder["appsettings.json"], """{ "Brakes": {""");
        await program.UntilAsync(() => program.Output.Contains("All old values stay in force.", StringComparison.Ordinal), "said that the file cannot be read");
        Assert.Null(await program.OfferedAsync());

        await File.WriteAllTextAsync(folder["appsettings.json"], """{ "Brakes": { "PauseAll": false } }""");
        await program.UntilOfferedAsync("4459.2.1");
    }

    [Fact]
    public async Task Environment_variables_count_where_they_are_settings_and_are_ignored_where_they_are_not()
    {
        using var folder = new TempFolder();
        var port = StandaloneProcess.FreePort();

        await using var program = StandaloneProcess.Start(folder.Path, [], new Dictionary<string, string>
        {
            ["OMAHA_Listen__Public"] = $"http://127.0.0.1:{port}",
            ["OMAHA_Listen__Ops"] = "http://127.0.0.1:0",
            ["OMAHA_Listen__Control"] = "http://127.0.0.1:0",
            ["OMAHA_Data"] = folder["from-the-environment"],
            ["OMAHA_REQUIRE_REDIS"] = "1",
            ["OMAHA_Lisen__Public"] = "nowhere",
            ["OMAHA_"] = "nothing",
        });
        await program.UntilItServesAsync();

        Assert.Equal(port, program.Machines.Port);
        Assert.Equal(folder["from-the-environment"], program.Data);
        Assert.Equal("4459.2.1", await program.OfferedAsync());
    }

    [Fact]
    public async Task The_command_line_wins_over_the_environment()
    {
        using var folder = new TempFolder();

        await using var program = StandaloneProcess.Start(folder.Path, ["--Listen:Public=nowhere"], new Dictionary<string, string> { ["OMAHA_Listen__Public"] = "http://127.0.0.1:0" });

        (await program.EndAsync()).MustBeRefusal("Listen:Public = \"nowhere\"");
    }

    [Theory]
    [InlineData("Listen:Public")]
    [InlineData("Listen:Ops")]
    [InlineData("Listen:Control")]
    public async Task A_port_in_use_is_said(string key)
    {
        using var folder = new TempFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}";

        await using var program = StandaloneProcess.StartOnFreePorts(folder.Path, $"--{key}={address}");
        var ending = await program.EndAsync();

        Assert.Equal(2, ending.ExitCode);
        Assert.Contains(address, Assert.Single(ending.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("in use", ending.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ending.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_said()
    {
        using var folder = new TempFolder();

        // From the range that is kept for documentation.
        await using var program = StandaloneProcess.StartOnFreePorts(folder.Path, "--Listen:Public=http://192.0.2.1:0");
        var ending = await program.EndAsync();

        Assert.Equal(2, ending.ExitCode);
        Assert.Contains("Listen:Public", Assert.Single(ending.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ending.Output, StringComparison.Ordinal);
    }
}
