using System.Globalization;
using Garnet;

namespace Omaha.Testing;

/// <summary>Garnet inside the test process, so that every machine can run the store's tests. Killing it is disposing of it: the harder way would end the tests.</summary>
public sealed class GarnetInProcess : StoreFixture
{
    private GarnetServer? _server;

    public override Task KillAsync()
    {
        _server?.Dispose();
        _server = null;
        return Task.CompletedTask;
    }

    protected override Task StartServerAsync()
    {
        // The settings of the embedded store. Scripts are atomic only with the transaction mode, and the log needs the device type named. The
        // checkpoint folder must be named, and cleanupDir stay false: without a folder, cleaning up deletes the process's current directory.
        _server = new GarnetServer(
            [
                "--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--checkpointdir", Data,
                "--lua", "true", "--lua-transaction-mode", "true",
                "--aof", "true", "--aof-commit-wait", "true", "--aof-memory", "64m", "--aof-page-size", "32m", "--recover", "true", "--device-type", "RandomAccess",
                "--storage-tier", "true", "--logdir", Path.Combine(Data, "memory"), "--memory", "64m", "--index", "1m", "--logger-level", "Error", "-q",
            ],
            cleanupDir: false);
        _server.Start();
        return Task.CompletedTask;
    }
}
