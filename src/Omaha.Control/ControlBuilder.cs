using Microsoft.Extensions.DependencyInjection.Extensions;
using Omaha.Hosting;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>Composes the control plane; the program, the embedded default and the tests all use this.</summary>
public static class ControlBuilder
{
    /// <summary>Builds the control plane. It starts also while the store is away.</summary>
    /// <param name="options">Checked settings.</param>
    /// <param name="configuration">Where logging comes from.</param>
    /// <param name="customize">Changes for hosts inside another program and for tests, made last.</param>
    public static WebApplication Build(ControlOptions options, IConfiguration configuration, Action<WebApplicationBuilder>? customize = null)
    {
        var certificate = options.Tls is null ? null : TlsCertificate.Read(options.Tls);
        var builder = WebHosts.CreateBuilder(options.Listen, configuration, certificate);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = RequestBody.MaxFileBytes);

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        if (certificate is not null) services.AddRenewal(certificate);
        services.AddSingleton(new StoreConnection(options.Redis.Patient()));
        services.AddSingleton<CatalogStore>();
        services.AddSingleton<AuditStore>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<TokenTable>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<ApiGate>();
        services.AddSingleton<AuditEndpoints>();
        services.AddSingleton<TokenEndpoints>();
        services.AddSingleton<StoreBackup>();
        services.AddSingleton<StoreRestore>();
        services.AddSingleton<BackupEndpoints>();
        services.AddSingleton<CatalogEndpoints>();
        services.AddSingleton<CatalogWriter>();
        services.AddSingleton<ChangeEndpoints>();
        services.AddSingleton<ChannelEndpoints>();
        services.AddSingleton<ReleaseEndpoints>();
        services.AddSingleton<RolloutEndpoints>();
        services.AddSingleton<PartEndpoints>();
        services.AddSingleton<ExplainEndpoints>();
        services.AddSingleton(new NodeIdMeasure.Settings(options.ServerMetrics));
        services.AddSingleton<NodeIdMeasure>();
        services.AddSingleton(new AuditTrimmer.Settings(options.AuditRetention));
        services.AddHostedService<StoreInitializer>();
        services.AddHostedService<AuditTrimmer>();
        services.AddHostedService<RolloutRecorder>();
        customize?.Invoke(builder);

        var app = builder.Build();
        app.UseProblems();
        app.MapHealth();
        app.MapApi();
        return app;
    }
}
