using System.Diagnostics;

namespace Omaha.Testing;

/// <summary>A redis-server process with an append-only file; killing it is <c>kill -9</c>.</summary>
public sealed class RedisServerProcess : StoreFixture
{
    /// <summary>Set to 1 where redis-server must be installed: tests then fail instead of being skipped.</summary>
    public const string RequiredVariable = "OMAHA_REQUIRE_REDIS";

    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(static folder => new[] { Path.Combine(folder, "redis-server"), Path.Combine(folder, "valkey-server") })
        .FirstOrDefault(File.Exists);

    private volatile Process? _process;

    /// <summary>Why tests on redis-server are to be skipped here; null when they are to run.</summary>
    public static string? SkipReason =>
        Program is null && Environment.GetEnvironmentVariable(RequiredVariable) != "1"
            ? $"Neither redis-server nor valkey-server is installed (set {RequiredVariable}=1 to make this a failure)."
            : null;

    /// <summary>Tests that are interrupted leave no server behind, unless they are killed themselves.</summary>
    public RedisServerProcess() => AppDomain.CurrentDomain.ProcessExit += KillAtExit;

    public override async Task KillAsync()
    {
        if (_process is not { } process) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        GC.SuppressFinalize(this);
    }

    protected override async Task StartServerAsync()
    {
        if (Program is null) throw new InvalidOperationException($"{RequiredVariable} is 1, and neither redis-server nor valkey-server is installed.");

        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, WorkingDirectory = Data };

        // Without fsync every reply waits until the system has the data, which outlives the process. With "everysec" it may lag by seconds.
        foreach (var argument in new[] { "--bind", "127.0.0.1", "--port", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--dir", Data, "--appendonly", "yes", "--appendfsync", "no", "--save", "" })
        {
            start.ArgumentList.Add(argument);
        }

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) ready.TrySetException(new InvalidOperationException("redis-server ended: " + string.Join('\n', said)));
            else if (line.Data.Contains("Ready to accept connections", StringComparison.Ordinal)) ready.TrySetResult();
            else if (!ready.Task.IsCompleted) said.Add(line.Data);
        };
        _process.Start();
        _process.BeginOutputReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private void KillAtExit(object? sender, EventArgs e) => _process?.Kill();
}
