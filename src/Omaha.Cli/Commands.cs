using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omaha.Control;

namespace Omaha.Cli;

/// <summary>Every command of omahactl: what it takes, the request it makes, and how its answer is shown.</summary>
internal sealed class Commands
{
    private readonly Surroundings _surroundings;
    private readonly ServerOptions _server;

    public Commands(Surroundings surroundings)
    {
        _surroundings = surroundings;
        _server = new ServerOptions(surroundings);
        Root = new RootCommand("Operates an Omaha update service through its control plane.") { Json };
        _server.AddTo(Root);
        foreach (var command in new[] { Apply(), Export(), Channel(), Pause(), Resume(), Status(), Store(), Schema() }) Root.Subcommands.Add(command);
    }

    public RootCommand Root { get; }

    public Option<bool> Json { get; } = new("--json") { Description = "Print the control plane's answer as JSON, for scripts", Recursive = true };

    private Command Apply()
    {
        var file = new Option<string>("-f", "--file") { Description = "The catalogue file (JSON; comments are allowed), or - for standard input", HelpName = "FILE", Required = true };
        var dryRun = DryRun();
        var prune = new Option<string[]>("--prune") { Description = "Delete this app, with its history; may be given several times", HelpName = "APP", DefaultValueFactory = static _ => [] };
        var command = new Command("apply", "Declares apps from a file: what it says replaces their spec; channels, brakes and apps that it does not name stay as they are.") { file, dryRun, prune };
        return Asks(
            command,
            parsed =>
            {
                var query = parsed.GetRequiredValue(prune).Select(static app => $"prune={Escape(app)}");
                if (parsed.GetValue(dryRun)) query = query.Append("dryRun=true");
                return new Request(HttpMethod.Post, $"apply?{string.Join('&', query)}", Read(parsed.GetRequiredValue(file)));
            },
            ApiJson.Default.ApplyReply,
            Report.Write);
    }

    private Command Export()
    {
        var apps = new Argument<string[]>("APP") { Description = "The apps to export; all when none is named", Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string?>("-o", "--output") { Description = "Write to this file instead of standard output", HelpName = "FILE" };
        var command = new Command("export", "Writes the file that declares what is stored; applying it changes nothing.") { apps, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var query = (parsed.GetValue(apps) ?? []).Select(static app => $"app={Escape(app)}");
            var json = await SendAsync(parsed, new Request(HttpMethod.Get, $"export?{string.Join('&', query)}"), cancel);
            if (parsed.GetValue(output) is { } path) UserFile.Write(path, json);
            else await PrintAsync(json);
        });
        return command;
    }

    private Command Channel() => new("channel", "Shows and moves the channels of an app.") { ChannelList(), ChannelPromote(), ChannelSet() };

    private Command ChannelList()
    {
        var app = App();
        var command = new Command("list", "Shows what each channel points to.") { app };
        return Asks(command, parsed => new Request(HttpMethod.Get, $"apps/{Escape(parsed.GetRequiredValue(app))}/channels"), ApiJson.Default.ChannelListReply, Report.Write);
    }

    private Command ChannelPromote()
    {
        var app = App();
        var from = new Argument<string>("FROM") { Description = "The channel whose release is taken" };
        var to = new Argument<string>("TO") { Description = "The channel that moves" };
        var target = new TargetOptions();
        var dryRun = DryRun();
        var command = new Command("promote", "Points a channel to the release, bit for bit, that is complete on the channel before it.") { app, from, to, dryRun };
        target.AddTo(command);
        return Asks(
            command,
            parsed => new Request(
                HttpMethod.Post,
                $"apps/{Escape(parsed.GetRequiredValue(app))}/channels/{Escape(parsed.GetRequiredValue(to))}/promote",
                Body(new PromoteRequest { From = parsed.GetRequiredValue(from), Target = target.Value(parsed), DryRun = parsed.GetValue(dryRun) }, ApiJson.Default.PromoteRequest)),
            ApiJson.Default.ChannelReply,
            Report.Write);
    }

    private Command ChannelSet()
    {
        var app = App();
        var channel = new Argument<string>("CHANNEL") { Description = "A first channel, one that nothing is promoted to" };
        var version = new Argument<string>("VERSION") { Description = "Version of a release in the app's spec" };
        var target = new TargetOptions();
        var dryRun = DryRun();
        var command = new Command("set", "Points a first channel to a release.") { app, channel, version, dryRun };
        target.AddTo(command);
        return Asks(
            command,
            parsed => new Request(
                HttpMethod.Post,
                $"apps/{Escape(parsed.GetRequiredValue(app))}/channels/{Escape(parsed.GetRequiredValue(channel))}/set",
                Body(new SetRequest { Version = parsed.GetRequiredValue(version), Target = target.Value(parsed), DryRun = parsed.GetValue(dryRun) }, ApiJson.Default.SetRequest)),
            ApiJson.Default.ChannelReply,
            Report.Write);
    }

    private Command Pause()
    {
        var all = All();
        var reason = new Option<string?>("--reason") { Description = "Why, for those who look later", HelpName = "TEXT" };
        var command = new Command("pause", "Stops every offer to every machine, at once.") { all, reason };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(all)) result.AddError("pause stops every offer of every app, and wants to be told so: omahactl pause --all [--reason TEXT]");
        });
        return Asks(command, parsed => new Request(HttpMethod.Post, "pause", Body(new PauseRequest { Reason = parsed.GetValue(reason) }, ApiJson.Default.PauseRequest)), ApiJson.Default.BrakesReply, Report.Write);
    }

    private Command Resume()
    {
        var all = All();
        var command = new Command("resume", "Ends pause --all.") { all };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(all)) result.AddError("resume lets every app be offered again, and wants to be told so: omahactl resume --all");
        });
        return Asks(command, static _ => new Request(HttpMethod.Post, "resume"), ApiJson.Default.BrakesReply, Report.Write);
    }

    private Command Status() =>
        Asks(new Command("status", "Shows the store's revision, brakes and faults."), static _ => new Request(HttpMethod.Get, "status"), ApiJson.Default.StatusReply, Report.Write);

    private Command Store()
    {
        var empty = new Option<bool>("--empty") { Description = "Also when it holds no apps, so that every machine is told that its app is unknown" };
        return new Command("store", "Looks after the store.")
        {
            Asks(
                new Command("accept", "Tells all servers that the store as it is now is the truth, after it was lost or restored from a backup.") { empty },
                parsed => new Request(HttpMethod.Post, parsed.GetValue(empty) ? "store/accept?empty=true" : "store/accept"),
                ApiJson.Default.AcceptReply,
                Report.Write),
        };
    }

    private Command Schema()
    {
        var command = new Command("schema", "Writes the JSON schema of a catalogue file.");
        command.SetAction(async (parsed, cancel) => await PrintAsync(await SendAsync(parsed, new Request(HttpMethod.Get, "schema"), cancel)));
        return command;
    }

    private Command Asks<T>(Command command, Func<ParseResult, Request> request, JsonTypeInfo<T> reply, Action<T, TextWriter> report)
    {
        command.SetAction(async (parsed, cancel) =>
        {
            var json = await SendAsync(parsed, request(parsed), cancel);
            if (parsed.GetValue(Json)) await PrintAsync(json);
            else report(Understand(json, reply), _surroundings.Output);
        });
        return command;
    }

    private async Task<byte[]> SendAsync(ParseResult parsed, Request request, CancellationToken cancel)
    {
        using var control = _server.Connect(parsed);
        return await control.SendAsync(request.Method, request.Path, request.Body, cancel);
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

    private Task PrintAsync(byte[] json) => _surroundings.Output.WriteLineAsync(Encoding.UTF8.GetString(json).TrimEnd());

    private byte[] Read(string file)
    {
        if (file != "-") return UserFile.Read(file, "the catalogue file");
        using var input = _surroundings.Input();
        using var buffer = new MemoryStream();
        input.CopyTo(buffer);
        return buffer.ToArray();
    }

    private static byte[] Body<T>(T request, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(request, type);

    private static string Escape(string value) => Uri.EscapeDataString(value);

    private static Argument<string> App() => new("APP") { Description = "The app's id; case and outer braces do not matter" };

    private static Option<bool> DryRun() => new("--dry-run") { Description = "Show what would change; write nothing" };

    private static Option<bool> All() => new("--all") { Description = "All apps" };

    private sealed record Request(HttpMethod Method, string Path, byte[]? Body = null);
}
