using System.Text.Json.Nodes;

namespace Omaha.Load.Tests;

/// <summary>Runs the program as its users do, with files of its own.</summary>
internal sealed class Loading : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("omaha-load-").FullName;

    public Loading() => File.WriteAllText(Body, "<request/>");

    /// <summary>A body without ids.</summary>
    public string Body => FileFor("check.xml");

    public string FileFor(string name) => Path.Combine(_folder, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(FileFor(name), content);
        return FileFor(name);
    }

    /// <summary>Runs a command line.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(CancellationToken interrupted, params string[] args)
    {
        using StringWriter output = new(), error = new();
        var exitCode = await LoadProgram.RunAsync(args, TextWriter.Synchronized(output), TextWriter.Synchronized(error), interrupted);
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <inheritdoc cref="RunAsync(CancellationToken, string[])"/>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    /// <summary>Loads a server, without warming up and with a body without ids unless told otherwise, and reads the result.</summary>
    public async Task<(int ExitCode, JsonNode Result)> MeasureAsync(string url, params string[] more)
    {
        var file = FileFor("result.json");
        string[] body = more.Contains("--body") ? [] : ["--body", Body];
        string[] warmUp = more.Contains("--warm-up") ? [] : ["--warm-up", "0"];
        var (exitCode, _, error) = await RunAsync(["run", url, .. body, .. warmUp, "--json", file, .. more]);
        Assert.True(File.Exists(file) && new FileInfo(file).Length > 0, error);
        return (exitCode, JsonNode.Parse(await File.ReadAllTextAsync(file))!);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
