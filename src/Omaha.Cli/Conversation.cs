using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Omaha.Cli;

/// <summary>What all commands share: they ask the control plane, and show its answer in words or, with <c>--json</c>, as it came.</summary>
internal sealed class Conversation(Surroundings surroundings)
{
    private readonly ServerOptions _server = new(surroundings);

    public Option<bool> Json { get; } = new("--json") { Description = "Print the control plane's answer as JSON, for scripts", Recursive = true };

    public Surroundings Surroundings => surroundings;

    public void AddTo(RootCommand root)
    {
        root.Options.Add(Json);
        _server.AddTo(root);
    }

    /// <summary>Makes a command that is one request and its answer.</summary>
    public Verb Asks<T>(Verb command, Func<ParseResult, ApiRequest> request, JsonTypeInfo<T> reply, Action<T, TextWriter> report)
    {
        command.SetAction(async (parsed, cancel) => await ShowAsync(parsed, await SendAsync(parsed, request(parsed), cancel), reply, report));
        return command;
    }

    public async Task<byte[]> SendAsync(ParseResult parsed, ApiRequest request, CancellationToken cancel)
    {
        using var control = _server.Connect(parsed);
        return await control.SendAsync(request.Method, request.Path, request.Body, cancel);
    }

    /// <summary>Fetches a file, however long that takes.</summary>
    public async Task DownloadAsync(ParseResult parsed, string path, Stream file, CancellationToken cancel)
    {
        using var control = _server.Connect(parsed);
        await control.DownloadAsync(path, file, cancel);
    }

    /// <summary>Sends a file, however long that takes, and gives the answer's JSON.</summary>
    public async Task<byte[]> UploadAsync(ParseResult parsed, string path, Stream file, CancellationToken cancel)
    {
        using var control = _server.Connect(parsed);
        return await control.UploadAsync(path, file, cancel);
    }

    public async Task<T> AskAsync<T>(ParseResult parsed, ApiRequest request, JsonTypeInfo<T> reply, CancellationToken cancel) =>
        Understand(await SendAsync(parsed, request, cancel), reply);

    public async Task ShowAsync<T>(ParseResult parsed, byte[] json, JsonTypeInfo<T> reply, Action<T, TextWriter> report)
    {
        if (parsed.GetValue(Json)) await PrintAsync(json);
        else report(Understand(json, reply), surroundings.Output);
    }

    public Task PrintAsync(byte[] json) => surroundings.Output.WriteLineAsync(Encoding.UTF8.GetString(json).TrimEnd());

    /// <summary>The file that a user named, or standard input for <c>-</c>.</summary>
    public byte[] Read(string file, string what)
    {
        if (file != "-") return UserFile.Read(file, what);
        using var input = surroundings.Input();
        using var buffer = new MemoryStream();
        input.CopyTo(buffer);
        return buffer.ToArray();
    }

    private static T Understand<T>(byte[] json, JsonTypeInfo<T> reply)
    {
        try
        {
            return JsonSerializer.Deserialize(json, reply)!;
        }
        catch (JsonException error)
        {
            throw new OmahactlException(OmahactlException.Failed, $"the answer is not what this omahactl expects ({error.Message}); it and the control plane may be of different versions; --json shows the answer as it is");
        }
    }
}
