using System.Diagnostics;
using System.Globalization;
using System.Text;
using Omaha.Testing;

namespace Omaha.Faults;

/// <summary>A server of updates as a process, and questions to it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly string _program;
    private readonly string[] _settings;
    private readonly int _public = StoreFixture.FreePort();
    private readonly int _ops = StoreFixture.FreePort();
    private Process? _process;

    /// <param name="program">The program.</param>
    /// <param name="folder">A folder of its own: where its settings file, its snapshot and its log are.</param>
    /// <param name="redis">Where the store is.</param>
    /// <param name="settings">Further settings.</param>
    public ServerProcess(string program, string folder, string redis, params string[] settings)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        _program = program;
        _settings = [$"--Listen:Public=http://127.0.0.1:{_public}", $"--Listen:Ops=http://127.0.0.1:{_ops}", $"--Redis:Configuration={redis}", $"--Snapshot:Path={SnapshotPath}", "--Overload:Hold=false", .. settings];
    }

    public string Folder { get; }

    public string SnapshotPath => Path.Combine(Folder, "catalogue.snapshot");

    public Uri Checks => new($"http://127.0.0.1:{_public}/v1/update");

    /// <summary>Variables of its environment beyond those of this process.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Its settings file, which it reads anew when it changes.</summary>
    public string SettingsFile => Path.Combine(Folder, "appsettings.json");

    public void Start()
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = Folder };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$0\" \"$@\" >>server.log 2>&1");
        start.ArgumentList.Add(_program);
        foreach (var setting in _settings) start.ArgumentList.Add(setting);
        _process = Process.Start(start);
    }

    public async Task UntilReadyAsync() => await Until.TrueAsync(IsReadyAsync, () => $"a server is not ready: {LogTail()}");

    /// <summary>The last lines of its log.</summary>
    public string LogTail() => string.Join(" | ", File.ReadLines(Path.Combine(Folder, "server.log")).TakeLast(6));

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var reply = await _http.GetAsync(new Uri($"http://127.0.0.1:{_ops}/readyz"));
            return reply.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && _process is { HasExited: false })
        {
            return false;
        }
    }

    /// <summary>A value of the metrics page; 0 for one that is not there.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var page = await _http.GetStringAsync(new Uri($"http://127.0.0.1:{_ops}/metrics"));
        var line = page.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the replica is in a state.</summary>
    public async Task<bool> IsAsync(string state) => await MetricAsync($"omaha_replica_state{{state=\"{state}\"}}") == 1;

    /// <summary>Whether a machine's check is answered with a text in it.</summary>
    public async Task<bool> AnswersAsync(string text)
    {
        using var content = new StringContent(FaultCatalog.Check, Encoding.UTF8, "text/xml");
        using var reply = await _http.PostAsync(Checks, content);
        return (await reply.Content.ReadAsStringAsync()).Contains(text, StringComparison.Ordinal);
    }

    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
    }
}
