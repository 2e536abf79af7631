using Omaha.Testing;

namespace Omaha.Redis.Tests;

/// <summary>A store that is reached by TLS, with an authority of its own, and asks for a certificate.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly TestCertificates _certificates = new();
    private readonly RedisServerProcess _server;

    public TlsTests()
    {
        var port = StoreFixture.FreePort();
        _server = new RedisServerProcess("--tls-port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--tls-ca-cert-file", _certificates.CaFile, "--tls-cert-file", _certificates.ServerFile, "--tls-key-file", _certificates.ServerKeyFile);
        Address = $"127.0.0.1:{port}";
    }

    private string Address { get; }

    private RedisOptions Options => new()
    {
        Configuration = $"{Address},ssl=true",
        CaFile = _certificates.CaFile,
        CertificateFile = _certificates.ClientFile,
        KeyFile = _certificates.ClientKeyFile,
    };

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(RedisProcess.SkipReason is not null, RedisProcess.SkipReason ?? "");
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificates.Dispose();
    }

    [Fact]
    public async Task A_store_is_followed_through_tls()
    {
        await using var follower = await Follower.StartAsync(Options, Options);

        await follower.Replica.UntilAsync(await follower.WriteAsync("a"));
        await follower.Replica.UntilAsync(replica => replica.Status.HearsHints);
    }

    [Fact]
    public async Task A_store_with_an_unknown_authority_is_not_talked_to()
    {
        await using var follower = await Follower.StartAsync(Options with { CaFile = null }, Options);

        await follower.Replica.UntilAsync(replica => replica.Status.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(ReplicaState.Unreachable, follower.Replica.Status.State);
    }

    [Fact]
    public async Task A_store_that_asks_for_a_certificate_does_not_talk_to_whom_has_none()
    {
        await using var follower = await Follower.StartAsync(Options with { CertificateFile = null, KeyFile = null }, Options);
        await follower.WriteAsync("a");

        await follower.Replica.UntilAsync(ReplicaState.Unreachable);
        await follower.Replica.OnceMoreAsync();
        Assert.Equal(ReplicaState.Unreachable, follower.Replica.Status.State);
    }
}
