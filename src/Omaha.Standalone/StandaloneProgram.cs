using System.Net.Sockets;
using Omaha.Control;
using Omaha.Hosting;
using Omaha.Redis;
using Omaha.Server;

namespace Omaha.Standalone;

/// <summary>The embedded default: server, control plane and store in one process. For trials and small fleets, up to about 10 000 machines.</summary>
internal static class StandaloneProgram
{
    /// <summary>Runs until the process is told to stop.</summary>
    /// <returns>0 after a regular end; 1 when a store of one's own is to get the sample and cannot be reached; 2 when the settings or the data cannot be used or an address cannot be listened on.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await RunAsync(StandaloneOptions.Read(args));
            return 0;
        }
        catch (StoreUnavailableException error)
        {
            await Console.Error.WriteLineAsync($"{error.Message} Where it is looked for says Redis:Configuration (--Redis:Configuration=… or OMAHA_Redis__Configuration).");
            return 1;
        }
        catch (SocketException error)
        {
            await Console.Error.WriteLineAsync($"An address cannot be listened on: {error.Message}. Listen:Public, Listen:Ops and Listen:Control must be addresses of this machine with ports that this user may open.");
            return 2;
        }
        catch (Exception error) when (error is SettingsException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 2;
        }
    }

    private static async Task RunAsync(StandaloneOptions options)
    {
        // Read before anything is opened: a wrong setting must leave no trace.
        var serverOptions = ServerOptions.Read(options.Configuration);
        if (serverOptions.InlineSockets) throw new SettingsException("Server:InlineSockets = \"true\" is not usable: it must be false here, since the store and the control plane share this process and wait. It is for Omaha.Server.");
        var controlOptions = ControlOptions.Read(options.Configuration);
        if (!options.UsesEmbeddedStore)
        {
            await ServeAsync(options, serverOptions, controlOptions, embedded: null);
            return;
        }

        using var folder = DataFolder.Open(options.Data);
        await StoreCheck.RunAsync(folder.Path);
        StoreSeal.Break(folder.Path);
        var store = EmbeddedStore.Start(folder.Path);
        try
        {
            serverOptions.Redis = controlOptions.Redis = new RedisOptions { Configuration = store.Configuration };
            serverOptions.SnapshotPath = null; // The store itself is on this disk.
            await ServeAsync(options, serverOptions, controlOptions, new Embedded(folder, store));
        }
        finally
        {
            store.Dispose();
            StoreSeal.Write(folder.Path);
        }
    }

    private static async Task ServeAsync(StandaloneOptions options, ServerOptions serverOptions, ControlOptions controlOptions, Embedded? embedded)
    {
        await using (var connection = new StoreConnection(serverOptions.Redis.Patient()))
        {
            if (embedded is not null) await FirstRun.PrepareAsync(connection, embedded.Store, embedded.Folder);
            else if (options.LoadSample) await FirstRun.LoadSampleAsync(connection);
        }

        if (controlOptions.ServerMetrics.Count == 0 && serverOptions.Ops.Port != 0) controlOptions.ServerMetrics = [new UriBuilder(serverOptions.Ops) { Host = "127.0.0.1", Path = "/metrics" }.Uri];
        await using var control = ControlBuilder.Build(controlOptions, options.Configuration, static builder => builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>());
        await using var server = ServerBuilder.Build(serverOptions, options.Configuration, builder => SettingsFollower.Add(builder.Services, options.Settings, Check, LocalBrakes.Key));
        using var changes = embedded is null ? null : new DurableChanges(embedded.Store, control.Services.GetRequiredService<CatalogStore>(), embedded.Folder.Path);
        if (changes is not null)
        {
            await changes.CommitAsync();
            control.Use(changes.ApplyAsync);
        }

        try
        {
            await control.StartAsync();
            await server.StartAsync();
            await Welcome.PrintAsync(server, control, embedded?.Folder);
            await server.WaitForShutdownAsync();
        }
        finally
        {
            // Also when one could not start: a host that is disposed of without being stopped calls the end of its services a failure.
            await server.StopAsync();
            await control.StopAsync();
        }
    }

    /// <summary>What the start checks as well.</summary>
    private static void Check(IConfiguration settings)
    {
        ServerOptions.Read(settings);
        ControlOptions.Read(settings);
    }

    /// <summary>The store of this process and the folder that it lives in.</summary>
    private sealed record Embedded(DataFolder Folder, EmbeddedStore Store);
}
