using System.CommandLine;

namespace Omaha.Load;

/// <summary>The command that loads a server: what it takes, and where its result goes.</summary>
internal sealed class RunCommand
{
    private const int MostBodies = 1000;
    private const long MostBufferBytes = 1024 * 1024 * 1024;

    private readonly Argument<string> _url = new("URL") { Description = "Where requests are posted, such as http://127.0.0.1:8080/v1/update; https is TLS" };
    private readonly Option<string[]> _body = new("--body") { Description = "File with a request's body; given several times, bodies are sent in turn. {machineid} in it is the id of a node, {appid} the id of one of the apps that seed writes, chosen at random each time", HelpName = "FILE", Required = true };
    private readonly Option<string[]> _header = new("--header") { Description = "A further line of each request's head; may be given several times", HelpName = "\"NAME: VALUE\"", DefaultValueFactory = static _ => [] };
    private readonly Option<double?> _connections = RangedOption.Whole("--connections", "Connections, which is the most that is under way at once", "N", 1, 10_000, 64);
    private readonly Option<double?> _rate = RangedOption.Number("--rate", "Open loop: so many requests are due each second, evenly, and latency counts from when each was due. Without it each connection asks again as soon as it has its reply", "N", 0.1, 1_000_000);
    private readonly Option<bool> _newConnections = new("--new-connections") { Description = "Open a connection for each request, and count that into its latency" };
    private readonly Option<double?> _nodes = RangedOption.Whole("--nodes", "Machines that are played, each with an id of its own", "N", 1, Nodes.Most, 1000);
    private readonly Option<double?> _apps = RangedOption.Whole("--apps", "Apps that {appid} chooses from", "N", 1, SeededApps.Most, 10);
    private readonly Option<double?> _warmUp = RangedOption.Number("--warm-up", "Load before the measurement", "SECONDS", 0, 600, 2);
    private readonly Option<double?> _duration = RangedOption.Number("--duration", "The measurement, unless --requests ends it before", "SECONDS", 0.1, 3600, 10);
    private readonly Option<double?> _requests = RangedOption.Whole("--requests", "Most requests that are measured", "N", 1, 1_000_000_000, 10_000_000);
    private readonly Option<double?> _timeout = RangedOption.Number("--timeout", "How long a request may take", "SECONDS", 0.1, 600, 10);
    private readonly Option<double?> _expectStatus = RangedOption.Whole("--expect-status", "Status of a right answer", "CODE", 200, 599, 200);
    private readonly Option<string[]> _expect = new("--expect") { Description = "Text that a right answer holds; given several times, one of them", HelpName = "TEXT", DefaultValueFactory = static _ => [] };
    private readonly Option<double?> _pid = RangedOption.Whole("--pid", "Process of the server on this machine, whose CPU time and memory are measured", "PID", 1, int.MaxValue);
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Take any certificate" };
    private readonly Option<string?> _owned = new("--i-own-this-host") { Description = "Load a machine other than this one: the host of the URL, once more", HelpName = "NAME" };
    private readonly Option<string[]> _label = new("--label") { Description = "Something for --json to carry along; may be given several times", HelpName = "KEY=VALUE", DefaultValueFactory = static _ => [] };
    private readonly Option<string?> _json = new("--json") { Description = "Write the result to this file as JSON", HelpName = "FILE" };
    private readonly Option<string?> _plot = new("--plot") { Description = "Write the result to this file as a picture (SVG, for any browser)", HelpName = "FILE" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "No progress, and no result on standard output" };
    private readonly TextWriter _output;
    private readonly TextWriter _error;

    private RunCommand(TextWriter output, TextWriter error) => (_output, _error) = (output, error);

    public static Command Create(TextWriter output, TextWriter error)
    {
        var run = new RunCommand(output, error);
        var command = new Command("run", "Sends requests for a while and measures how they are answered. Ends with 0 when every answer was right, with 1 when one was not or the run was cut short (Ctrl-C shows what was measured so far).")
        {
            run._url, run._body, run._header, run._connections, run._rate, run._newConnections, run._nodes, run._apps, run._warmUp, run._duration, run._requests, run._timeout,
            run._expectStatus, run._expect, run._pid, run._insecure, run._owned, run._label, run._json, run._plot, run._quiet,
        };
        command.SetAction(run.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        var plan = Plan(parsed);
        string? json = parsed.GetValue(_json), plot = parsed.GetValue(_plot);
        // A file that cannot be written is said before the load, not after it.
        foreach (var file in new[] { json, plot })
        {
            if (file is not null) UserFile.Write(file, []);
        }

        var quiet = parsed.GetValue(_quiet);
        var result = await new LoadRun(plan, TimeProvider.System, quiet ? TextWriter.Null : _error).RunAsync(interrupted);
        if (json is not null) UserFile.Write(json, result.ToJson());
        if (plot is not null) UserFile.Write(plot, Plot.Render(result));
        if (!quiet) await _output.WriteAsync(TextReport.Render(result));
        return result.Errors.Total == 0 && !result.Interrupted ? 0 : LoadException.Failed;
    }

    private LoadPlan Plan(ParseResult parsed)
    {
        var target = Target.Resolve(parsed.GetRequiredValue(_url), parsed.GetValue(_owned));
        var newConnections = parsed.GetValue(_newConnections);
        var pid = (int?)parsed.GetValue(_pid);
        if (pid is { } process && ProcessUsage.Of(process) is null) throw new LoadException(LoadException.Usage, $"--pid {process} is no process of this machine");

        var plan = new LoadPlan
        {
            Target = target,
            Requests = Requests(parsed.GetRequiredValue(_body), target, Headers(parsed.GetRequiredValue(_header)), newConnections),
            Connections = (int)Required(parsed, _connections),
            Rate = parsed.GetValue(_rate),
            NewConnections = newConnections,
            NodeCount = (int)Required(parsed, _nodes),
            AppCount = (int)Required(parsed, _apps),
            WarmUp = TimeSpan.FromSeconds(Required(parsed, _warmUp)),
            Duration = TimeSpan.FromSeconds(Required(parsed, _duration)),
            MostRequests = (long)Required(parsed, _requests),
            Timeout = TimeSpan.FromSeconds(Required(parsed, _timeout)),
            ExpectedStatus = (int)Required(parsed, _expectStatus),
            ExpectedTexts = parsed.GetRequiredValue(_expect),
            AnyCertificate = parsed.GetValue(_insecure),
            ServerPid = pid,
            Labels = Labels(parsed.GetRequiredValue(_label)),
        };
        return (long)plan.BufferBytes * plan.Connections <= MostBufferBytes ? plan
            : throw new LoadException(LoadException.Usage, $"--connections {plan.Connections} with bodies of up to {plan.Requests.Max(static request => request.BodyBytes)} bytes would take {(long)plan.BufferBytes * plan.Connections} bytes of memory for ids; at most {MostBufferBytes} are taken: use fewer connections or smaller bodies");
    }

    private static double Required(ParseResult parsed, Option<double?> option) => parsed.GetValue(option)!.Value;

    private static List<RequestTemplate> Requests(string[] files, Target target, string[] headers, bool newConnections)
    {
        if (files.Length > MostBodies) throw new LoadException(LoadException.Usage, $"--body was given {files.Length} times; at most {MostBodies} are taken");
        return [.. files.Select(file => RequestTemplate.From(Path.GetFileName(file), UserFile.Read(file, "the body", RequestTemplate.MostBytes), target.Url, headers, newConnections))];
    }

    private static string[] Headers(string[] headers)
    {
        foreach (var line in headers)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || line.Any(static letter => letter is < ' ' or > '~') || line[..colon].Contains(' ', StringComparison.Ordinal)) throw new LoadException(LoadException.Usage, $"--header \"{line}\" is not usable: it must be NAME: VALUE in printable ASCII");
            if (line[..colon].ToLowerInvariant() is "host" or "connection" or "content-length" or "transfer-encoding") throw new LoadException(LoadException.Usage, $"--header \"{line}\" is not usable: the program writes {line[..colon]} itself");
        }

        return headers;
    }

    private static Dictionary<string, string> Labels(string[] labels)
    {
        var read = new Dictionary<string, string>();
        foreach (var label in labels)
        {
            var equals = label.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) throw new LoadException(LoadException.Usage, $"--label \"{label}\" is not usable: it must be KEY=VALUE");
            if (!read.TryAdd(label[..equals], label[(equals + 1)..])) throw new LoadException(LoadException.Usage, $"--label {label[..equals]} was given twice");
        }

        return read;
    }
}
