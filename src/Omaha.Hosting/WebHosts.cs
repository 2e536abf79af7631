using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Omaha.Hosting;

/// <summary>The start that every web server of the product has.</summary>
public static class WebHosts
{
    /// <summary>A web server on one address that takes nothing from its surroundings but what is passed, and logs one line an entry, in UTC.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="configuration">Logging levels, from its <c>Logging</c> section; they may change while the program runs.</param>
    public static WebApplicationBuilder CreateBuilder(Uri address, IConfiguration configuration)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.UseUrls(address.GetLeftPart(UriPartial.Authority));
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);

        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        // As long as anything of this category may be logged, ASP.NET creates an Activity for every request (about 1 KB).
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // An address that cannot be listened on is said by the program in one line; the host would add a stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        return builder;
    }
}
