using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Omaha.Standalone.Tests;

/// <summary>Omaha.Standalone as its users run it: a process, started from its own build output. It is killed when the test is over.</summary>
internal sealed partial class StandaloneProcess : IAsyncDisposable
{
    public const string Flatcar = "{e96281a6-d1af-4bde-9a0a-97b76e56dc57}";

    /// <summary>Free ports of this machine's loopback address, so that tests and anything else here can run side by side.</summary>
    private static readonly string[] FreePorts = ["--Listen:Public=http://127.0.0.1:0", "--Listen:Ops=http://127.0.0.1:0", "--Listen:Control=http://127.0.0.1:0"];

    /// <summary>For one step on a machine that is busy with other work.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string Program = Path.ChangeExtension(
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(static entry => entry.Key == "StandaloneProgram").Value!,
        OperatingSystem.IsWindows() ? "exe" : null);

    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Process _process;
    private volatile TaskCompletionSource _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StandaloneProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => Text(_output);

    public string Error => Text(_error);

    /// <summary>What the program says about where it is: the addresses and the folder, by the words that they are printed with.</summary>
    public Uri Machines => new(Printed("machines"));

    public Uri Health => new(Printed("health"));

    public Uri Control => new(Printed("control plane"));

    public string Data => Printed("data");

    public string TokenPath => Printed("token");

    /// <summary>The command that the program prints to be pasted, which it does last.</summary>
    public async Task<string> CommandAsync()
    {
        await UntilPrintedAsync(" curl ");
        return CommandPattern().Match(Output).Groups[1].Value;
    }

    /// <summary>Starts the program with nothing but the given arguments and variables.</summary>
    /// <param name="workingDirectory">Where it is started.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="environment">Variables that it gets; it gets no other that begins with <c>OMAHA_</c>, but for one that lets it answer however busy the machine is.</param>
    public static StandaloneProcess Start(string workingDirectory, string[] args, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Program, args) { WorkingDirectory = workingDirectory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("OMAHA_", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        start.Environment["OMAHA_Overload__Hold"] = "false"; // The machine that tests may be busy.
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new StandaloneProcess(start);
    }

    /// <summary>Starts the program on free ports.</summary>
    public static StandaloneProcess StartOnFreePorts(string workingDirectory, params string[] args) => Start(workingDirectory, [.. FreePorts, .. args]);

    /// <summary>Starts the program on free ports and returns when it serves.</summary>
    public static async Task<StandaloneProcess> ServeAsync(string workingDirectory, params string[] args)
    {
        var program = StartOnFreePorts(workingDirectory, args);
        try
        {
            await program.UntilItServesAsync();
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the program to its end, which must come by itself.</summary>
    public static async Task<Ending> RunAsync(string workingDirectory, params string[] args)
    {
        await using var program = Start(workingDirectory, args);
        return await program.EndAsync();
    }

    public Task UntilItServesAsync() => UntilPrintedAsync("It serves ");

    /// <summary>Returns when the program has printed a text, and fails when it ends instead.</summary>
    public async Task UntilPrintedAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var next = _printed.Task;
            if (Output.Contains(text, StringComparison.Ordinal)) return;
            if (_process.HasExited) Assert.Fail($"The program ended with {_process.ExitCode} and did not print \"{text}\" but:\n{Output}\n{Text(_error)}");
            await Task.WhenAny(next, _process.WaitForExitAsync(patience.Token));
            if (patience.IsCancellationRequested) Assert.Fail($"The program did not print \"{text}\" within {Patience} but:\n{Output}\n{Text(_error)}");
        }
    }

    /// <summary>Returns when something has come about that the program does not print, and fails when the program ends instead.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            if (_process.HasExited) Assert.Fail($"The program ended with {_process.ExitCode} before it {what}; it printed:\n{Output}\n{Text(_error)}");
            if (patience.IsCancellationRequested) Assert.Fail($"The program had not \"{what}\" within {Patience}; it printed:\n{Output}\n{Text(_error)}");
            await Task.Delay(1, CancellationToken.None);
        }
    }

    /// <summary>Returns when the program has ended.</summary>
    public async Task<Ending> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The program did not end within {Patience}; it printed:\n{Output}\n{Text(_error)}");
        }

        return new Ending(_process.ExitCode, Output, Text(_error));
    }

    /// <summary>Tells the program to stop (SIGTERM) and returns when it has.</summary>
    public async Task<Ending> StopAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {Id.ToString(CultureInfo.InvariantCulture)}"]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Ends the program without a farewell (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>The version that a Flatcar machine on stable is offered; null for none.</summary>
    public async Task<string?> OfferedAsync()
    {
        var (status, reply) = await CheckAsync($"""<request protocol="3.0"><os platform="CoreOS"/><app appid="{Flatcar}" version="4230.2.0" track="stable" board="amd64-usr"><updatecheck/></app></request>""");
        Assert.Equal(HttpStatusCode.OK, status);
        return ManifestPattern().Match(reply) is { Success: true } offer ? offer.Groups[1].Value : null;
    }

    /// <summary>Sends a request as a machine does.</summary>
    public async Task<(HttpStatusCode Status, string Reply)> CheckAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "text/xml");
        using var response = await _http.PostAsync(Machines, content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Returns when a Flatcar machine on stable is offered a version, and fails when that does not happen.</summary>
    public async Task UntilOfferedAsync(string? version)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await OfferedAsync() is var offered && offered != version)
        {
            if (patience.IsCancellationRequested) Assert.Fail($"{version ?? "Nothing"} was not offered within {Patience}, but {offered ?? "nothing"}.");
        }
    }

    /// <summary>Calls the control plane with the operator's token, or without any.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Reply)> CallAsync(string method, string path, string? body = null, bool authorized = true)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Control, $"/api/v1/{path}"));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (authorized) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(TokenPath)).Trim());
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>Promotes what is complete on one channel of the sample app to another.</summary>
    public async Task PromoteAsync(string from, string to)
    {
        var (status, reply) = await CallAsync("POST", $"apps/{Uri.EscapeDataString(Flatcar)}/channels/{to}/promote", $$"""{"from":"{{from}}","skipVerify":"the sample's files are made up"}""");
        Assert.True(status == HttpStatusCode.OK, $"{status}: {reply}");
    }

    /// <summary>Whether a port of 127.0.0.1 can be listened on.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // With the child that checks the store, should it run.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private static string Text(StringBuilder lines)
    {
        lock (lines) return lines.ToString();
    }

    private void Take(StringBuilder lines, string? line)
    {
        if (line is null) return;
        lock (lines) lines.Append(line).Append('\n');
        var printed = _printed;
        _printed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        printed.TrySetResult();
    }

    private string Printed(string label)
    {
        var line = Output.Split('\n').SingleOrDefault(line => line.StartsWith($"  {label} ", StringComparison.Ordinal));
        Assert.True(line is not null, $"The program did not print its {label} but:\n{Output}\n{Text(_error)}");
        return line[(label.Length + 2)..].Trim().Split("   ")[0];
    }

    [GeneratedRegex("""<manifest version="([^"]*)">""")]
    private static partial Regex ManifestPattern();

    [GeneratedRegex("^ +(curl .*)$", RegexOptions.Multiline)]
    private static partial Regex CommandPattern();
}

/// <summary>How a run of the program ended.</summary>
internal sealed record Ending(int ExitCode, string Output, string Error)
{
    /// <summary>Asserts that the program refused to run: with 2, nothing but a message, and every given word in it.</summary>
    public void MustBeRefusal(params string[] words)
    {
        Assert.Equal((2, ""), (ExitCode, Output));
        foreach (var word in words) Assert.Contains(word, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", Error, StringComparison.Ordinal);
    }
}
