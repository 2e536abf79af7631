using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Omaha.Testing;

/// <summary>One redis-server process, as a store, a Sentinel or a node of a cluster, that can be killed, hung and started again.</summary>
/// <param name="folder">Where it works and keeps its data.</param>
/// <param name="arguments">All of its settings but address, port and folder.</param>
public sealed class RedisProcess(string folder, params string[] arguments) : IAsyncDisposable
{
    private const int SignalStop = 19;
    private const int SignalContinue = 18;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(static folder => new[] { Path.Combine(folder, "redis-server"), Path.Combine(folder, "valkey-server") })
        .FirstOrDefault(File.Exists);

    private volatile Process? _process;

    /// <summary>Set to 1 where redis-server must be installed: tests then fail instead of being skipped.</summary>
    public const string RequiredVariable = "OMAHA_REQUIRE_REDIS";

    /// <summary>Why tests on redis-server are to be skipped here; null when they are to run.</summary>
    public static string? SkipReason =>
        Program is null && Environment.GetEnvironmentVariable(RequiredVariable) != "1"
            ? $"Neither redis-server nor valkey-server is installed (set {RequiredVariable}=1 to make this a failure)."
            : null;

    /// <summary>Stays the same over restarts. Free when this was made.</summary>
    public int Port { get; init; } = StoreFixture.FreePort();

    /// <summary>Account and password that commands are sent with; null for the default account.</summary>
    public (string User, string Password)? Account { get; init; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Starts it on whatever data there is, and returns when it answers.</summary>
    public async Task StartAsync()
    {
        if (Program is null) throw new InvalidOperationException($"{RequiredVariable} is 1, and neither redis-server nor valkey-server is installed.");
        Directory.CreateDirectory(folder);

        // A Sentinel rewrites its settings, and accepts no other way to give them than a file.
        var isSentinel = arguments.Any(static argument => argument.StartsWith("sentinel ", StringComparison.Ordinal));
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, WorkingDirectory = folder };
        string[] common = ["--bind", "127.0.0.1", "--dir", folder];
        if (isSentinel)
        {
            var settings = Path.Combine(folder, "sentinel.conf");
            if (!File.Exists(settings)) await File.WriteAllLinesAsync(settings, [$"port {Port.ToString(CultureInfo.InvariantCulture)}", .. arguments]);
            start.ArgumentList.Add(settings);
            start.ArgumentList.Add("--sentinel");
        }
        else
        {
            start.ArgumentList.Add("--port");
            start.ArgumentList.Add(arguments.Contains("--tls-port") ? "0" : Port.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var argument in isSentinel ? common : [.. common, .. arguments]) start.ArgumentList.Add(argument);

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) ready.TrySetException(new InvalidOperationException("redis-server ended: " + string.Join('\n', said)));
            else if (line.Data.Contains("Ready to accept connections", StringComparison.Ordinal) || line.Data.Contains("Sentinel ID is", StringComparison.Ordinal)) ready.TrySetResult();
            else if (!ready.Task.IsCompleted) said.Add(line.Data);
        };
        _process.Start();
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        _process.BeginOutputReadLine();
        await ready.Task.WaitAsync(Patience);
    }

    /// <summary>Ends it without a farewell (<c>kill -9</c>).</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Hangs it: connections stay open, and nothing answers.</summary>
    public void Suspend() => Signal(SignalStop);

    public void Resume() => Signal(SignalContinue);

    /// <summary>Sends one command and returns the reply as text; elements of an array on lines of their own.</summary>
    /// <exception cref="IOException">It cannot be reached.</exception>
    public Task<string> CommandAsync(params string[] words) => CommandAsAsync(Account, words);

    /// <inheritdoc cref="CommandAsync"/>
    public async Task<string> CommandAsAsync((string User, string Password)? account, params string[] words)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port, patience.Token);
        var stream = socket.GetStream();
        using var reader = new StreamReader(stream);
        if (account is var (user, password))
        {
            await stream.WriteAsync(Command(["AUTH", user, password]), patience.Token);
            var reply = await ReadReplyAsync(reader, patience.Token);
            if (reply != "OK") return reply;
        }

        await stream.WriteAsync(Command(words), patience.Token);
        return await ReadReplyAsync(reader, patience.Token);
    }

    /// <summary>Returns when a command is answered with what is wanted.</summary>
    public async Task UntilAsync(Func<string, bool> isWanted, params string[] words)
    {
        var last = "";
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                last = await CommandAsync(words);
                if (isWanted(last)) return;
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                last = error.Message;
            }

            if (patience.IsCancellationRequested) throw new TimeoutException($"{string.Join(' ', words)} on {Address} was not answered as it should within {Patience}: {last}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    internal static byte[] Command(string[] words) =>
        Encoding.UTF8.GetBytes(string.Concat([$"*{words.Length}\r\n", .. words.Select(static word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n")]));

    private static async Task<string> ReadReplyAsync(StreamReader reader, CancellationToken cancel)
    {
        var line = await reader.ReadLineAsync(cancel) ?? throw new IOException("The connection was closed.");
        var rest = line[1..];
        switch (line[0])
        {
            case '$' when rest != "-1":
                var text = new char[int.Parse(rest, CultureInfo.InvariantCulture)];
                await reader.ReadBlockAsync(text, cancel);
                await reader.ReadLineAsync(cancel);
                return new string(text);
            case '*' when rest != "-1":
                var elements = new List<string>();
                for (var i = int.Parse(rest, CultureInfo.InvariantCulture); i > 0; i--) elements.Add(await ReadReplyAsync(reader, cancel));
                return string.Join('\n', elements);
            case '$' or '*':
                return "";
            case '-':
                return line;
            default:
                return rest;
        }
    }

    private void Signal(int signal)
    {
        if (_process is { } process && Kill(process.Id, signal) != 0) throw new InvalidOperationException($"The signal could not be sent: error {Marshal.GetLastPInvokeError()}.");
    }

    private void KillAtExit(object? sender, EventArgs e) => _process?.Kill();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
