using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Omaha.Catalog;
using Omaha.Hosting;

namespace Omaha.Server.Tests;

/// <summary>TLS on both ports of a server, and a certificate that changes while it runs.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly ServerCertificates _certificates = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly LogLines _log = new();
    private WebApplication? _app;

    private Uri Public => new(_app!.Urls.First());

    private Uri Ops => _app!.Services.GetRequiredService<OpsHost>().Address;

    public async ValueTask InitializeAsync()
    {
        var configuration = Configuration();
        _app = ServerBuilder.Build(ServerOptions.Read(configuration), configuration, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_time);
            builder.Services.AddSingleton<ISnapshotSource>(new FixedCatalog(Fleet.Snapshot(Fleet.Flatcar())));
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(_log);
        });
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _certificates.Dispose();
        _log.Dispose();
    }

    private IConfigurationRoot Configuration(string? certificate = null, string? key = null) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Listen:Public"] = "https://127.0.0.1:0",
        ["Listen:Ops"] = "https://127.0.0.1:0",
        ["Redis:Configuration"] = "127.0.0.1:1",
        ["Tls:CertificateFile"] = certificate ?? _certificates.CertificateFile,
        ["Tls:KeyFile"] = key ?? _certificates.KeyFile,
    }).Build();

    /// <summary>Lets the server look at the files until something has come of it.</summary>
    private Task UntilAsync(Func<Task<bool>> condition) => UpdateServer.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        return condition();
    });

    [Fact]
    public async Task Check_and_health_are_answered_under_the_certificate_with_its_chain()
    {
        using var client = _certificates.Client();
        using var check = new ByteArrayContent(Encoding.UTF8.GetBytes(Fleet.FlatcarCheck()));
        using var reply = await client.PostAsync(new Uri(Public, "/v1/update"), check);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Contains("4081.3.1", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("live\n", await client.GetStringAsync(new Uri(Ops, "/livez")));
        Assert.Equal("CN=first", await _certificates.ShownByAsync(Ops));
    }

    [Fact]
    public async Task New_certificate_is_shown_to_new_connections_without_a_restart()
    {
        using var client = _certificates.Client();
        Assert.Equal("live\n", await client.GetStringAsync(new Uri(Ops, "/livez")));
        Assert.Equal("CN=first", await _certificates.ShownByAsync(Public));

        _certificates.Issue("second");
        await UntilAsync(async () => await _certificates.ShownByAsync(Public) == "CN=second");

        Assert.Equal("CN=second", await _certificates.ShownByAsync(Ops));
        Assert.True(_log.Has("is new: CN=second"));
        Assert.Equal("live\n", await client.GetStringAsync(new Uri(Ops, "/livez")));
    }

    [Fact]
    public async Task Broken_new_files_keep_the_old_certificate_and_are_said_once_until_they_are_mended()
    {
        using var client = _certificates.Client();
        _certificates.IssueKey();
        await UntilAsync(() => Task.FromResult(_log.Has("cannot be used")));
        for (var i = 0; i < 3; i++) _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("CN=first", await _certificates.ShownByAsync(Public));
        Assert.Contains("omaha_tls_certificate_faulty 1", await client.GetStringAsync(new Uri(Ops, "/metrics")), StringComparison.Ordinal);
        Assert.Contains("The old one stays: CN=first", Assert.Single(_log.Written, static line => line.Contains("cannot be used", StringComparison.Ordinal)), StringComparison.Ordinal);

        _certificates.IssueCertificate("second");
        await UntilAsync(async () => await _certificates.ShownByAsync(Public) == "CN=second");
        Assert.Contains("omaha_tls_certificate_faulty 0", await client.GetStringAsync(new Uri(Ops, "/metrics")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_vanish_keep_the_old_certificate()
    {
        File.Delete(_certificates.CertificateFile);
        await UntilAsync(() => Task.FromResult(_log.Has("cannot be used")));
        Assert.Equal("CN=first", await _certificates.ShownByAsync(Public));
    }

    [Fact]
    public void Https_without_a_certificate_is_refused_with_what_is_missing()
    {
        var error = Assert.Throws<SettingsException>(() => ServerOptions.Read(Configuration(certificate: "", key: "")));
        Assert.Contains("Listen:Public = \"https://127.0.0.1:0\" is not usable: it must be http, or https with a certificate in Tls:CertificateFile and Tls:KeyFile", error.Message, StringComparison.Ordinal);
        Assert.Contains("Listen:Ops", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_do_not_fit_each_other_are_refused_at_the_start()
    {
        _certificates.IssueKey();
        var error = Assert.Throws<SettingsException>(() => ServerOptions.Read(Configuration()));
        Assert.Contains($"Tls:CertificateFile = \"{_certificates.CertificateFile}\" is not usable", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/tls.crt", null, "/nowhere/tls.crt")]
    [InlineData("", null, "Tls:CertificateFile = \"\" is not usable: it must be the PEM file")]
    [InlineData(null, "", "Tls:CertificateFile")]
    public void File_that_is_missing_is_named(string? certificate, string? key, string words)
    {
        var error = Assert.Throws<SettingsException>(() => ServerOptions.Read(Configuration(certificate, key)));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
