using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Omaha.Hosting;

/// <summary>
/// Looks whether the files of the certificate have changed. It compares what is in them: times of change say little about files that are mounted
/// or replaced by links.
/// </summary>
internal sealed class TlsRenewal(TlsCertificate certificate, TimeProvider time, ILogger<TlsRenewal> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (certificate.NotAfter <= time.GetUtcNow()) log.CertificateHasEnded(certificate.File, certificate.Subject, certificate.NotAfter);
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Renew();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private void Renew()
    {
        var before = certificate.Fault;
        if (certificate.Renew()) log.CertificateIsRenewed(certificate.File, certificate.Subject, certificate.NotAfter);
        if (certificate.Fault is { } fault && fault != before) log.CertificateIsFaulty(certificate.File, fault, certificate.Subject, certificate.NotAfter);
    }
}
