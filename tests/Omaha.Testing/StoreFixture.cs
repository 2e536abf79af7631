using System.Net;
using System.Net.Sockets;

namespace Omaha.Testing;

/// <summary>A real store on a port and in a folder of its own, for one test, that can be stopped the hard way, emptied, and brought back.</summary>
public abstract class StoreFixture : IAsyncDisposable
{
    // Below the ports that systems choose from for connections (32768 and up, or 49152).
    private const int FirstPort = 10_240;
    private const int PortCount = 9_000;

    // Test processes that run at once begin in different places.
    private static int s_ports = Random.Shared.Next(PortCount);

    // Made at the first start: a fixture of a test that is skipped leaves nothing behind.
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "omaha-store-" + Guid.NewGuid().ToString("n"));

    /// <summary>Stays the same over restarts. Free when the fixture was made.</summary>
    public int Port { get; } = FreePort();

    /// <summary>What a client connects with.</summary>
    public string Configuration => $"127.0.0.1:{Port}";

    /// <summary>Where the store keeps its data.</summary>
    protected string Data => Path.Combine(_folder, "data");

    /// <summary>Starts the store on whatever data there is, and returns when it answers.</summary>
    public async Task StartAsync()
    {
        Directory.CreateDirectory(Data);
        await StartServerAsync();
    }

    /// <summary>Ends the store without a farewell.</summary>
    public abstract Task KillAsync();

    /// <summary>Kills the store and starts it again with its data.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    /// <summary>Kills the store, deletes its data and starts it again.</summary>
    public async Task RestartEmptyAsync()
    {
        await KillAsync();
        Directory.Delete(Data, recursive: true);
        await StartAsync();
    }

    /// <summary>Copies the data; the store is restarted for it.</summary>
    /// <returns>What to give to <see cref="RestoreAsync"/>.</returns>
    public async Task<string> BackUpAsync()
    {
        var backup = Path.Combine(_folder, Guid.NewGuid().ToString("n"));
        await KillAsync();
        Copy(Data, backup);
        await StartAsync();
        return backup;
    }

    /// <summary>Replaces the data by an earlier copy; the store is restarted for it.</summary>
    public async Task RestoreAsync(string backup)
    {
        await KillAsync();
        Directory.Delete(Data, recursive: true);
        Copy(backup, Data);
        await StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected abstract Task StartServerAsync();

    /// <summary>A port that nothing listens on now, and that the system gives to nobody by itself: a server that is started again still gets it.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref s_ports) % PortCount);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }

    private static void Copy(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
