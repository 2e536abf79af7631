using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omaha.Hosting;

namespace Omaha.Standalone.Tests;

/// <summary>
/// The README's tutorials, typed word for word into a shell against the program as it starts, but for the ports. What the README shows as output
/// must come, where "…" stands for anything.
/// </summary>
public sealed partial class TutorialTests
{
    private const string FileServerCommand = "python3 -m http.server 8000 --bind 127.0.0.1 --directory payloads";

    /// <summary>For one command on a machine that is busy with other work.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public Task A_release_moves_as_the_README_tells_it() => TypeAllAsync("Move a release", needsFiles: false, checks: 0);

    [Fact]
    public Task The_way_from_alpha_to_stable_is_as_the_README_tells_it() => TypeAllAsync("From alpha to stable", needsFiles: true, checks: 2);

    [Fact]
    public Task A_release_reaches_a_growing_share_as_the_README_tells_it() => TypeAllAsync("To a growing share", needsFiles: false, checks: 0);

    [Fact]
    public Task Who_may_do_what_is_as_the_README_tells_it() => TypeAllAsync("Who may do what, and who did", needsFiles: false, checks: 0);

    private static async Task TypeAllAsync(string title, bool needsFiles, int checks)
    {
        Assert.SkipUnless(File.Exists("/bin/bash") && File.Exists("/usr/bin/curl"), "bash or curl is not installed.");
        using var folder = new TempFolder();
        await using var program = await StandaloneProcess.ServeAsync(folder.Path);
        await using var files = await ServeFilesAsync(Directory.CreateDirectory(folder["payloads"]).FullName);
        var steps = Steps(title);
        Assert.Equal(needsFiles, steps.Exists(step => step.Command == FileServerCommand));
        var variables = new List<string>();
        foreach (var step in steps.Where(step => step.Command != FileServerCommand))
        {
            if (AssignmentPattern().IsMatch(step.Command)) variables.Add(step.Command);
            else await TypeAsync(step);
        }

        Assert.Equal(checks, steps.Count(step => step.Command.StartsWith("curl ", StringComparison.Ordinal)));

        async Task TypeAsync(Step step)
        {
            var command = Here(string.Join('\n', [.. variables, step.Command]));
            var expected = Expectation(Here(step.Output));
            using var patience = new CancellationTokenSource(Patience);
            while (true)
            {
                var (exitCode, output) = await ShellAsync(command, folder, program);
                if (exitCode == 0 && expected.IsMatch(output)) return;

                // A server follows within a second, and is asked like a machine that comes back; everything else is right at once.
                if (!step.Command.StartsWith("curl ", StringComparison.Ordinal) || patience.IsCancellationRequested) Assert.Fail($"$ {step.Command}\nended with {exitCode} and printed\n{output}\nbut the README says\n{step.Output}");
                await Task.Delay(50);
            }
        }

        string Here(string text) => text
            .Replace("http://127.0.0.1:8000/", $"{files.Urls.Single()}/", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:8080/", $"http://127.0.0.1:{program.Machines.Port}/", StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> ShellAsync(string command, TempFolder folder, StandaloneProcess program)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", $"exec 2>&1; omahactl() {{ '{MetadataPath("OmahactlProgram")}' \"$@\"; }}; {command}"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true };
        start.Environment["OMAHACTL_SERVER"] = program.Control.ToString();
        start.Environment["OMAHACTL_TOKEN_FILE"] = program.TokenPath;
        using var shell = Process.Start(start)!;
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await shell.WaitForExitAsync().WaitAsync(Patience);
        return (shell.ExitCode, output);
    }

    /// <summary>What is typed in a section of the README, and what it says about the output. A block with a prompt shows output too; one without shows commands alone, which may print anything.</summary>
    private static List<Step> Steps(string title)
    {
        var readme = File.ReadAllText(MetadataPath("Readme")).ReplaceLineEndings("\n");
        var section = readme.Split($"\n## {title}\n").Last().Split("\n## ")[0];
        var steps = new List<Step>();
        foreach (Match block in BlockPattern().Matches(section))
        {
            var lines = block.Value.TrimEnd('\n').Split('\n').Select(line => line[4..]).ToList();
            var hasPrompts = lines[0].StartsWith("$ ", StringComparison.Ordinal);
            foreach (var line in lines)
            {
                if (!hasPrompts) steps.Add(new Step(line, "…"));
                else if (line.StartsWith("$ ", StringComparison.Ordinal)) steps.Add(new Step(line[2..], ""));
                else steps[^1] = steps[^1] with { Output = $"{steps[^1].Output}{line}\n" };
            }
        }

        Assert.True(steps.Count >= 5, $"The README has no tutorial \"{title}\".");
        return steps;
    }

    /// <summary>The output that a command must have: "…" on a line of its own is any lines, elsewhere any text within its line.</summary>
    private static Regex Expectation(string output)
    {
        var lines = output.TrimEnd('\n').Split('\n').Select(static line => line.Trim() == "…" ? "[^\0]*" : Regex.Escape(line).Replace("…", ".*", StringComparison.Ordinal));
        return new Regex($"^{string.Join("\n", lines)}\n?$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
    }

    private static async Task<WebApplication> ServeFilesAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), ServeUnknownFileTypes = true });
        await app.StartAsync();
        return app;
    }

    private static string MetadataPath(string name)
    {
        var path = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == name).Value!;
        return Path.GetExtension(path) == ".dll" ? Path.ChangeExtension(path, null) : path;
    }

    private sealed record Step(string Command, string Output);

    [GeneratedRegex("^(    .*\n)+", RegexOptions.Multiline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex("^[a-z]+='[^']*'$")]
    private static partial Regex AssignmentPattern();
}
