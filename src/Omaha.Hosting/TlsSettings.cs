namespace Omaha.Hosting;

/// <summary>The certificate that listeners with <c>https</c> show.</summary>
/// <param name="CertificateFile">PEM: the certificate first, then the intermediate ones.</param>
/// <param name="KeyFile">PEM: its private key, not encrypted. May be the same file.</param>
public sealed record TlsFiles(string CertificateFile, string KeyFile);

/// <summary>Reads where the certificate is, alike in every program: section <c>Tls</c>.</summary>
public static class TlsSettings
{
    /// <summary>The section.</summary>
    public const string Section = "Tls";

    private const string CertificateKey = $"{Section}:{nameof(TlsFiles.CertificateFile)}";
    private const string KeyKey = $"{Section}:{nameof(TlsFiles.KeyFile)}";

    /// <summary>Reads <c>Tls:CertificateFile</c> and <c>Tls:KeyFile</c>, and whether they can be used. A listener with https needs them.</summary>
    public static TlsFiles? Tls(this SettingsReader settings, params ReadOnlySpan<(string Key, Uri Url)> listeners)
    {
        var certificate = settings.Text(CertificateKey, "");
        var key = settings.Text(KeyKey, "");
        if (certificate.Length == 0)
        {
            if (key.Length > 0) settings.Fault(CertificateKey, certificate, $"the PEM file of the certificate whose key is in {KeyKey}");
            foreach (var (listen, url) in listeners)
            {
                if (url.Scheme == "https") settings.Fault(listen, url.GetLeftPart(UriPartial.Authority), $"http, or https with a certificate in {CertificateKey} and {KeyKey}");
            }

            return null;
        }

        var files = new TlsFiles(certificate, key.Length > 0 ? key : certificate);
        try
        {
            TlsCertificate.Read(files);
        }
        catch (TlsException error)
        {
            settings.Fault(CertificateKey, certificate, $"a PEM file of a certificate, with its private key, not encrypted, in {KeyKey} (\"{key}\") or in the same file: {error.Message}");
        }

        return files;
    }
}
