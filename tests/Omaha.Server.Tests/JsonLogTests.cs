using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Omaha.Server.Tests;

/// <summary>The log as a program that collects it sees it.</summary>
public sealed class JsonLogTests
{
    [Fact]
    public async Task Every_line_of_a_JSON_log_is_one_object_with_time_level_and_message()
    {
        var lines = await FirstLinesAsync(2, "--Logging:Console:FormatterName=json", "--Logging:LogLevel:Microsoft=Information");
        Assert.All(lines, static line =>
        {
            var entry = JsonNode.Parse(line)!;
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", entry["Timestamp"]!.GetValue<string>());
            Assert.NotEmpty(entry["LogLevel"]!.GetValue<string>());
            Assert.NotEmpty(entry["Category"]!.GetValue<string>());
            Assert.NotEmpty(entry["Message"]!.GetValue<string>());
        });
    }

    [Fact]
    public async Task Text_is_the_default() =>
        Assert.All(await FirstLinesAsync(1, "--Logging:LogLevel:Microsoft=Information"), static line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn): ", line));

    [Fact]
    public async Task Format_that_does_not_exist_stops_the_start()
    {
        using var server = Start("--Logging:Console:FormatterName=xml");
        var error = await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();
        Assert.Equal((2, "Logging:Console:FormatterName = \"xml\" is not usable: it must be one of simple, json."), (server.ExitCode, error.Trim()));
    }

    private static async Task<IReadOnlyList<string>> FirstLinesAsync(int count, params string[] settings)
    {
        using var server = Start(settings);
        try
        {
            var lines = new List<string>();
            while (lines.Count < count && await server.StandardOutput.ReadLineAsync() is { } line) lines.Add(line);
            Assert.Equal(count, lines.Count);
            return lines;
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static Process Start(params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = AppContext.BaseDirectory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Omaha.Server.dll"), "--Listen:Public=http://127.0.0.1:0", "--Listen:Ops=http://127.0.0.1:0", "--Redis:Configuration=127.0.0.1:1", .. settings]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
