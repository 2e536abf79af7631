using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Garnet;

namespace Omaha.Standalone;

/// <summary>The in-process store of the embedded default: Garnet on a loopback port, its log on disk.</summary>
/// <remarks>
/// Each setting below is needed. Without lua-transaction-mode scripts are not atomic; without RandomAccess the log needs libaio and ends
/// the process where that is missing; without an explicit checkpoint folder, and with cleanupDir, Garnet deletes the working directory
/// when it stops. Without the storage tier what was written longest ago is forgotten, without a word, once all that was ever written is
/// more than the memory holds; the log folder is where it goes instead, the working directory if none is named. Nothing is durable before
/// <see cref="CommitAsync"/>: see <see cref="DurableChanges"/>.
/// </remarks>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer _garnet;

    private EmbeddedStore(GarnetServer garnet, string configuration)
    {
        _garnet = garnet;
        Configuration = configuration;
    }

    /// <summary>
    /// How to connect. The password is new at every start, so that no other program on the machine writes here by accident. There is no network
    /// and no other server to try: what does not answer at once is on a busy machine, and is waited for.
    /// </summary>
    public string Configuration { get; }

    /// <summary>The part of a data folder that belongs to the store.</summary>
    public static string Folder(string data) => Path.Combine(data, "store");

    /// <summary>Whether a data folder holds a log to recover.</summary>
    public static bool HasLog(string data) => Directory.Exists(Path.Combine(Folder(data), "AOF")) && Directory.EnumerateFiles(Path.Combine(Folder(data), "AOF")).Any();

    /// <summary>Starts the store, recovering what the folder holds.</summary>
    public static EmbeddedStore Start(string data)
    {
        var port = FreePort();
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var garnet = new GarnetServer(
            [
                "--bind", "127.0.0.1",
                "--port", port.ToString(CultureInfo.InvariantCulture),
                "--auth", "Password",
                "--password", password,
                "--memory", "64m",
                "--index", "1m",
                "--lua", "true",
                "--lua-transaction-mode", "true",
                "--aof", "true",
                "--aof-commit-freq", "-1",
                "--aof-memory", "64m",
                "--aof-page-size", "32m",
                "--recover", "true",
                "--device-type", "RandomAccess",
                "--checkpointdir", Folder(data),
                "--storage-tier", "true",
                "--logdir", Path.Combine(Folder(data), "memory"),
                "--logger-level", "Error",
                "-q",
            ],
            cleanupDir: false);
        garnet.Start();
        return new EmbeddedStore(garnet, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port},password={password},connectTimeout=60000,asyncTimeout=60000"));
    }

    /// <summary>Makes everything that was written so far outlive a kill.</summary>
    public async Task CommitAsync() => await _garnet.Store.CommitAOFAsync(CancellationToken.None);

    public void Dispose() => _garnet.Dispose();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
