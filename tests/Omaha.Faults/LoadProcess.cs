using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Omaha.Faults;

/// <summary>Constant load on one server, as a process of its own, so that nothing that happens here delays it.</summary>
internal sealed class LoadProcess : IDisposable
{
    private const int SignalInterrupt = 2;

    private readonly Process _process;
    private readonly string _json = Path.GetTempFileName();
    private readonly string _body = Path.GetTempFileName();

    /// <param name="programs">What to start and how fast it asks.</param>
    /// <param name="server">Whom it asks.</param>
    /// <param name="duration">How long, unless it is stopped before.</param>
    /// <param name="rightAnswers">A right answer holds one of these.</param>
    public LoadProcess(Programs programs, ServerProcess server, TimeSpan duration, IEnumerable<string> rightAnswers)
    {
        File.WriteAllText(_body, FaultCatalog.Check);
        var start = new ProcessStartInfo(programs.Load) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "run", server.Checks.ToString(), "--body", _body, "--rate", Text(programs.Rate), "--connections", "16", "--timeout", "5", "--warm-up", "0",
            "--duration", Text(duration.TotalSeconds), "--json", _json, "--quiet", .. rightAnswers.SelectMany(static text => new[] { "--expect", text }),
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends the load now.</summary>
    public void Stop()
    {
        if (!_process.HasExited && Kill(_process.Id, SignalInterrupt) != 0 && !_process.HasExited) throw new InvalidOperationException("the load could not be stopped");
    }

    /// <summary>What came of it, once it has ended.</summary>
    public async Task<Answers> ResultAsync()
    {
        await _process.WaitForExitAsync();
        var text = await File.ReadAllTextAsync(_json);
        if (text.Length == 0) throw new InvalidOperationException($"the load ended with exit code {_process.ExitCode} and no result");

        var result = JsonNode.Parse(text)!;
        var byKind = result["errors"]!["byKind"]!.AsObject();
        var wrong = (long?)byKind["text"] ?? 0;
        var examples = result["errors"]!["examples"]!.AsObject().Select(static example => $"{example.Key}: {(string?)example.Value}");
        return new Answers((long)result["requests"]!, (long)result["errors"]!["total"]! - wrong, wrong, (double)result["latency"]!["p99Milliseconds"]!, [.. examples]);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        File.Delete(_json);
        File.Delete(_body);
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}

/// <summary>How checks were answered.</summary>
/// <param name="Sent">Checks that were due.</param>
/// <param name="Failed">Those that got no whole reply with status 200.</param>
/// <param name="Wrong">Those whose reply is none that was allowed.</param>
/// <param name="P99Milliseconds">From when a check was due to its reply.</param>
/// <param name="Examples">Of failures.</param>
internal sealed record Answers(long Sent, long Failed, long Wrong, double P99Milliseconds, IReadOnlyList<string> Examples)
{
    /// <summary>Of several servers: the sums, and the worst percentile.</summary>
    public static Answers Of(IReadOnlyCollection<Answers> parts) =>
        new(parts.Sum(static part => part.Sent), parts.Sum(static part => part.Failed), parts.Sum(static part => part.Wrong), parts.Max(static part => part.P99Milliseconds), [.. parts.SelectMany(static part => part.Examples)]);
}
