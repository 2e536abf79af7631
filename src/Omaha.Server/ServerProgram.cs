using System.Net.Sockets;
using System.Runtime.InteropServices;
using Omaha.Hosting;

namespace Omaha.Server;

/// <summary>The server as a program of its own.</summary>
internal static class ServerProgram
{
    /// <summary>Runs until the process is told to stop.</summary>
    /// <returns>0 after a regular end, 2 when the configuration cannot be used or an address cannot be listened on.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var settings = ProgramConfiguration.Read(args);
            var options = ServerOptions.Read(settings.InForce);
            if (options.InlineSockets) InlineSockets.EnableForProcess();
            await using var app = ServerBuilder.Build(options, settings.InForce, builder => SettingsFollower.Add(builder.Services, settings, static changed => ServerOptions.Read(changed), LocalBrakes.Key));
            // Ctrl-C ends the program at once; only SIGTERM comes from those who look at health pages.
            var drain = app.Services.GetRequiredService<Drain>();
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => drain.Hurry());
            await app.RunAsync();
            return 0;
        }
        catch (SocketException error)
        {
            await Console.Error.WriteLineAsync($"An address cannot be listened on: {error.Message}. Listen:Public and Listen:Ops must be addresses of this machine with ports that this user may open.");
            return 2;
        }
        catch (Exception error) when (error is SettingsException or IOException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 2;
        }
    }
}
