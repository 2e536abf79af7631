using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Omaha.Catalog;
using Omaha.Hosting;
using Omaha.Protocol;
using Omaha.Redis;
using Omaha.Server.Metrics;

namespace Omaha.Server;

/// <summary>Composes the server; the program, the embedded default, the tests and the benchmarks all use this.</summary>
public static class ServerBuilder
{
    /// <summary>How long everything but the public port may take to stop.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    /// <summary>Builds the server: the public port in the returned application, the ops port as a service of it.</summary>
    /// <param name="options">Checked settings.</param>
    /// <param name="configuration">Where logging and the local brake come from.</param>
    /// <param name="customize">Changes for hosts inside another program and for tests, made last.</param>
    public static WebApplication Build(ServerOptions options, IConfiguration configuration, Action<WebApplicationBuilder>? customize = null)
    {
        var certificate = options.Tls is null ? null : TlsCertificate.Read(options.Tls);
        var builder = WebHosts.CreateBuilder(options.Public, configuration, certificate);
        builder.WebHost.ConfigureKestrel(kestrel => options.Limits.ApplyTo(kestrel.Limits));
        if (options.InlineSockets) builder.Services.Configure<SocketTransportOptions>(static sockets => sockets.UnsafePreferInlineScheduling = true);

        var services = builder.Services;
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        if (certificate is not null) services.AddRenewal(certificate);
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton(provider => new DaystartClock(provider.GetRequiredService<TimeProvider>(), options.DaystartZone));
        services.AddSingleton<IEventSink, NoEventSink>();
        AddProtection(services, options);
        services.AddSingleton<Responder>();
        services.AddSingleton<UpdateEndpoint>();
        AddReplica(services, options);
        services.AddSingleton<ISnapshotSource>(provider => new LocalBrakes(provider.GetRequiredService<CatalogReplica>(), configuration, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LocalBrakes>>()));
        services.AddSingleton<SelfProbe>();
        services.AddHostedService(static provider => provider.GetRequiredService<SelfProbe>());
        services.AddHostedService<RefusalLog>();
        services.AddSingleton<Readiness>();
        AddMetrics(services, options);
        services.AddSingleton<OpsHost>();
        services.AddHostedService(static provider => provider.GetRequiredService<OpsHost>());
        customize?.Invoke(builder);

        var app = builder.Build();
        app.Use(app.Services.GetRequiredService<ConnectionEnd>().Before);
        var endpoint = app.Services.GetRequiredService<UpdateEndpoint>();
        foreach (var path in UpdateEndpoint.Paths) app.MapPost(path, (RequestDelegate)endpoint.AnswerAsync);
        app.MapMethods("/healthz", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)app.Services.GetRequiredService<Readiness>().AnswerAsync);
        return app;
    }

    /// <summary>What keeps the server answering when too much comes, and while it stops.</summary>
    private static void AddProtection(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(options.Overload);
        services.AddSingleton(options.Limits);
        services.AddSingleton<LoadHold>();
        services.AddHostedService<LoadMeasure>();
        services.AddSingleton<RetryAfter>();
        services.AddSingleton<ConnectionGate>();
        services.AddSingleton<IConnectionListenerFactory>(static provider => provider.GetRequiredService<ConnectionGate>().Before(
            new SocketTransportFactory(provider.GetRequiredService<IOptions<SocketTransportOptions>>(), provider.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton<ConnectionEnd>();
        services.AddSingleton<Drain>();
        services.AddHostedService(static provider => provider.GetRequiredService<Drain>());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime + Drain.Grace + StopTime);
    }

    private static void AddMetrics(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<RequestTimes>();
        services.AddSingleton<IMetricSource, AnswerMetrics>();
        services.AddSingleton<IMetricSource, ConnectionMetrics>();
        services.AddSingleton<IMetricSource, LoadMetrics>();
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
