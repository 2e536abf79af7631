using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omaha.Hosting;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>TLS of the control plane.</summary>
public sealed class ControlTlsTests
{
    [Fact]
    public async Task Api_is_served_under_the_certificate_of_the_settings()
    {
        using var certificates = new TestCertificates();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listen:Control"] = "https://127.0.0.1:0",
            ["Tls:CertificateFile"] = certificates.ServerFile,
            ["Tls:KeyFile"] = certificates.ServerKeyFile,
            ["Redis:Configuration"] = "127.0.0.1:1",
        }).Build();
        await using var app = ControlBuilder.Build(ControlOptions.Read(configuration), configuration, static builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        });
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = Trusting(certificates.CaFile) });

        Assert.StartsWith("https://127.0.0.1:", app.Urls.Single(), StringComparison.Ordinal);
        Assert.Contains("live", await client.GetStringAsync(new Uri(new Uri(app.Urls.Single()), "/livez")), StringComparison.Ordinal);
        await app.StopAsync();
    }

    private static SslClientAuthenticationOptions Trusting(string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(authority));
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
