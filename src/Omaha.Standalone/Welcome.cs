using Omaha.Redis;
using Omaha.Server;

namespace Omaha.Standalone;

/// <summary>What the program prints once it serves: where, and a request to paste.</summary>
internal static class Welcome
{
    public static async Task PrintAsync(WebApplication server, WebApplication control, CatalogReplica replica, DataFolder? folder)
    {
        var ops = server.Services.GetRequiredService<OpsHost>().Address;
        var url = server.Urls.First();
        while (!replica.Status.HasCatalog) await replica.NextRefresh;

        Console.WriteLine(
            $"""

            Omaha serves {replica.Current.AppCount} app(s).
              machines       {url}/v1/update
              health         {ops}readyz   (metrics: {ops}metrics)
              control plane  {control.Urls.First()}
              data           {folder?.Path ?? "in the Redis of Redis:Configuration"}
            """);
        if (folder is not null) Console.WriteLine($"  token          {folder.TokenPath}   (OMAHACTL_TOKEN_FILE)");
        if (replica.Current.Find("e96281a6-d1af-4bde-9a0a-97b76e56dc57"u8) is null) return;
        Console.WriteLine(
            $$$"""

            Ask as a Flatcar machine would:

              curl -sS {{{url}}}/v1/update -H 'Content-Type: text/xml' -d '<request protocol="3.0"><os platform="CoreOS"/><app appid="{e96281a6-d1af-4bde-9a0a-97b76e56dc57}" version="4230.2.0" track="stable" board="amd64-usr"><updatecheck/></app></request>'

            """);
    }
}
