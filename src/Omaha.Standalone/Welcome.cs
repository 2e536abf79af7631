using Omaha.Redis;
using Omaha.Server;

namespace Omaha.Standalone;

/// <summary>What the program prints: where it listens, and once it has a catalogue, a request to paste.</summary>
internal static class Welcome
{
    /// <summary>Prints; returns early when the program is told to stop before there is a catalogue, which a store that is away may keep it from.</summary>
    public static async Task PrintAsync(WebApplication server, WebApplication control, DataFolder? folder)
    {
        var replica = server.Services.GetRequiredService<CatalogReplica>();
        var ops = server.Services.GetRequiredService<OpsHost>().Address;
        var url = server.Urls.First();
        Console.WriteLine(
            $"""

            Omaha listens.
              machines       {url}/v1/update
              health         {ops}readyz   (metrics: {ops}metrics)
              control plane  {control.Urls.First()}
              data           {folder?.Path ?? "in the Redis of Redis:Configuration"}
            """);
        Console.WriteLine(folder is null ? "  token          Omaha.Control token create --role operator makes one" : $"  token          {folder.TokenPath}   (OMAHACTL_TOKEN_FILE)");

        if (!await HasCatalogAsync(replica, server.Lifetime.ApplicationStopping)) return;
        Console.WriteLine(
            $"""

            It serves {replica.Current.AppCount} app(s).
            """);
        if (replica.Current.Find("e96281a6-d1af-4bde-9a0a-97b76e56dc57"u8) is null) return;
        Console.WriteLine(
            $$$"""

            Ask as a Flatcar machine would:

              curl -sS {{{url}}}/v1/update -H 'Content-Type: text/xml' -d '<request protocol="3.0"><os platform="CoreOS"/><app appid="{e96281a6-d1af-4bde-9a0a-97b76e56dc57}" version="4230.2.0" track="stable" board="amd64-usr"><updatecheck/></app></request>'

            """);
    }

    private static async Task<bool> HasCatalogAsync(CatalogReplica replica, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var next = replica.NextRefresh;
            if (replica.Status.HasCatalog) return true;
            await next.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }
}
