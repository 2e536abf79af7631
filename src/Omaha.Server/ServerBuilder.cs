using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Omaha.Catalog;
using Omaha.Hosting;
using Omaha.Protocol;
using Omaha.Redis;
using Omaha.Server.Metrics;

namespace Omaha.Server;

/// <summary>Composes the server; the program, the embedded default, the tests and the benchmarks all use this.</summary>
public static class ServerBuilder
{
    /// <summary>Body bytes that Kestrel takes before it drops a connection. Above our own limit, so that a request that is a little too large gets its 413 and the connection lives on.</summary>
    private const long KestrelBodyBytes = 1024 * 1024;

    /// <summary>Builds the server: the public port in the returned application, the ops port as a service of it.</summary>
    /// <param name="options">Checked settings.</param>
    /// <param name="configuration">Where logging and the local brake come from.</param>
    /// <param name="customize">Changes for hosts inside another program and for tests, made last.</param>
    public static WebApplication Build(ServerOptions options, IConfiguration configuration, Action<WebApplicationBuilder>? customize = null)
    {
        var certificate = options.Tls is null ? null : TlsCertificate.Read(options.Tls);
        var builder = WebHosts.CreateBuilder(options.Public, configuration, certificate);
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = KestrelBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        });

        if (options.InlineSockets) builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);

        var services = builder.Services;
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        if (certificate is not null) services.AddRenewal(certificate);
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton(provider => new DaystartClock(provider.GetRequiredService<TimeProvider>(), options.DaystartZone));
        services.AddSingleton<IEventSink, NoEventSink>();
        services.AddSingleton<Responder>();
        services.AddSingleton<UpdateEndpoint>();
        AddReplica(services, options);
        services.AddSingleton<ISnapshotSource>(provider => new LocalBrakes(provider.GetRequiredService<CatalogReplica>(), configuration, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LocalBrakes>>()));
        services.AddSingleton<SelfProbe>();
        services.AddHostedService(static provider => provider.GetRequiredService<SelfProbe>());
        services.AddHostedService<RefusalLog>();
        AddMetrics(services, options);
        services.AddSingleton<OpsHost>();
        services.AddHostedService(static provider => provider.GetRequiredService<OpsHost>());
        customize?.Invoke(builder);

        var app = builder.Build();
        var endpoint = app.Services.GetRequiredService<UpdateEndpoint>();
        foreach (var path in UpdateEndpoint.Paths) app.MapPost(path, (RequestDelegate)endpoint.AnswerAsync);
        return app;
    }

    private static void AddMetrics(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<RequestTimes>();
        services.AddSingleton<OpenConnections>();
        services.AddOptions<KestrelServerOptions>().Configure<OpenConnections>(static (kestrel, connections) => kestrel.ConfigureEndpointDefaults(listen => listen.Use(connections.Around)));
        services.AddSingleton<IMetricSource, AnswerMetrics>();
        services.AddSingleton<IMetricSource, ConnectionMetrics>();
        services.AddSingleton<IMetricSource, ReplicaMetrics>();
        services.AddSingleton<IMetricSource, SnapshotMetrics>();
        services.AddSingleton<IMetricSource, TlsMetrics>();
        services.AddSingleton<IMetricSource, ProcessMetrics>();
        services.AddSingleton<IMetricSource, RuntimeMetrics>();
        services.AddSingleton(static provider => new MetricTable(provider.GetServices<IMetricSource>()));
        if (options.Otlp is null) return;
        services.AddSingleton(options.Otlp);
        services.AddHostedService<OtlpExport>();
    }

    private static void AddReplica(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(_ => new StoreConnection(options.Redis));
        services.AddSingleton<CatalogStore>();
        services.AddSingleton(new ReplicaOptions { PollInterval = options.ReplicaPollInterval, FreezeAfter = options.FreezeAfter });
        services.AddSingleton<CatalogReplica>();
        if (options.SnapshotPath is { } path)
        {
            services.AddSingleton(new DiskSnapshotOptions { Path = path });
            services.AddSingleton<DiskSnapshot>();
            services.AddHostedService(static provider => provider.GetRequiredService<DiskSnapshot>());
        }

        services.AddHostedService(static provider => provider.GetRequiredService<CatalogReplica>());
    }
}
