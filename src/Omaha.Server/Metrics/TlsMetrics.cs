using Omaha.Hosting;

namespace Omaha.Server.Metrics;

/// <summary>The certificate of the listeners. Without TLS there are no samples.</summary>
internal sealed class TlsMetrics(TlsCertificate? certificate = null) : IMetricSource
{
    public IEnumerable<Metric> Metrics =>
    [
        Gauge("omaha_tls_certificate_not_after_seconds", "When the certificate that is shown ends, in seconds since 1970.", static certificate => certificate.NotAfter.ToUnixTimeSeconds()),
        Gauge("omaha_tls_certificate_faulty", "1 while the certificate's files cannot be used as they are and the one from before is shown.", static certificate => certificate.Fault is null ? 0 : 1),
    ];

    private Metric Gauge(string name, string help, Func<TlsCertificate, double> read) =>
        new(name, MetricKind.Gauge, [], help, () => certificate is null ? [] : [new MetricSample(read(certificate), [])]);
}
