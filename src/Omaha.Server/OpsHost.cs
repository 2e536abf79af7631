using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Omaha.Catalog;
using Omaha.Hosting;
using Omaha.Redis;
using Omaha.Server.Metrics;

namespace Omaha.Server;

/// <summary>The ops port: health and metrics on a web server of its own, so that no load on the public port can make them unreachable.</summary>
public sealed class OpsHost(ServerOptions options, IConfiguration configuration, CatalogReplica replica, ISnapshotSource catalog, SelfProbe probe, Readiness readiness, MetricTable metrics, Drain drain, TimeProvider time, DiskSnapshot? disk = null, TlsCertificate? certificate = null) : IHostedService, IAsyncDisposable
{
    private readonly WebApplication _app = Build(options, configuration, certificate, new HealthPages(replica, catalog, probe, readiness, disk, drain, time), new MetricsPage(metrics));

    /// <summary>Where it listens, once it is started.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(ServerOptions options, IConfiguration configuration, TlsCertificate? certificate, HealthPages health, MetricsPage metrics)
    {
        var builder = WebHosts.CreateBuilder(options.Ops, configuration, certificate);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = 0);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();

        var app = builder.Build();
        app.MapGet("/livez", (RequestDelegate)HealthPages.LiveAsync);
        app.MapGet("/readyz", (RequestDelegate)health.ReadyAsync);
        app.MapGet("/metrics", (RequestDelegate)metrics.WriteAsync);
        return app;
    }
}
