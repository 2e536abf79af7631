using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>A control plane that is a process of its own.</summary>
internal sealed class ControlProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Omaha.Control.exe" : "Omaha.Control");

    private readonly Process _process;
    private readonly string _address;

    private ControlProcess(Process process, string address)
    {
        (_process, _address) = (process, address);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts one, which need not answer yet.</summary>
    /// <param name="redis">Its store.</param>
    /// <param name="temporary">Where it is to make temporary files; null for where the system makes them.</param>
    public static ControlProcess Start(string redis, string? temporary = null)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{StoreFixture.FreePort()}");
        var start = new ProcessStartInfo(Program, [$"--Redis:Configuration={redis}", $"--Listen:Control={url}", "--Logging:LogLevel:Default=None"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OMAHA_", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        if (temporary is not null) start.Environment["TMPDIR"] = start.Environment["TMP"] = temporary;
        return new ControlProcess(Process.Start(start)!, url);
    }

    /// <summary>Waits until it answers, for a client that may read.</summary>
    public static async Task UntilItAnswersAsync(HttpClient http)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("api/v1/status", UriKind.Relative), patience.Token);
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>A client with a token.</summary>
    public HttpClient Client(string token)
    {
        var http = new HttpClient { BaseAddress = new Uri(_address), Timeout = Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }
}
