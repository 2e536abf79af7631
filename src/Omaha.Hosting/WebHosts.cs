using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Omaha.Hosting;

/// <summary>The start that every web server of the product has.</summary>
public static class WebHosts
{
    private const string UtcTime = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>A web server on one address that takes nothing from its surroundings but what is passed, and logs one line an entry, in UTC.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="configuration">Logging, from its <c>Logging</c> section: levels, which may change while the program runs, and whether lines are text or JSON.</param>
    /// <param name="certificate">What it shows when the address begins with https.</param>
    public static WebApplicationBuilder CreateBuilder(Uri address, IConfiguration configuration, TlsCertificate? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.UseUrls(address.GetLeftPart(UriPartial.Authority));
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(certificate.ShowBy));
        }

        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // It warns of connections that clients cut off at odd moments, with a stack trace for each.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        // As long as anything of this category may be logged, ASP.NET creates an Activity for every request (about 1 KB).
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // An address that cannot be listened on is said by the program in one line; the host would add a stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        AddConsole(builder.Logging, configuration[ProgramConfiguration.FormatterKey]);
        return builder;
    }

    /// <summary>Has a program look after the certificate that its listeners show.</summary>
    public static void AddRenewal(this IServiceCollection services, TlsCertificate certificate)
    {
        services.AddSingleton(certificate);
        services.AddHostedService<TlsRenewal>();
    }

    private static void AddConsole(ILoggingBuilder logging, string? formatter)
    {
        if (string.Equals(formatter, ConsoleFormatterNames.Json, StringComparison.OrdinalIgnoreCase))
        {
            logging.AddJsonConsole(static console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = UtcTime;
            });
            return;
        }

        logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = UtcTime + " ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
