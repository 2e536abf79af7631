using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Omaha.Hosting;

/// <summary>Files that hold no usable certificate.</summary>
public sealed class TlsException(string message) : IOException(message);

/// <summary>The certificate of all listeners of a process, as it is now. New connections get the newest, open ones go on.</summary>
public sealed class TlsCertificate
{
    private static readonly List<SslApplicationProtocol> Http1 = [SslApplicationProtocol.Http11];

    private readonly TlsFiles _files;
    private volatile Loaded _loaded;

    private TlsCertificate(TlsFiles files, Loaded loaded) => (_files, _loaded) = (files, loaded);

    /// <summary>Where it comes from.</summary>
    public string File => _files.CertificateFile;

    /// <summary>Whom it names.</summary>
    public string Subject => _loaded.Leaf.Subject;

    /// <summary>When it ends.</summary>
    public DateTimeOffset NotAfter => _loaded.Leaf.NotAfter;

    /// <summary>Why the files, as they are now, could not be used; null when they are what is shown.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="TlsException">They cannot be used.</exception>
    public static TlsCertificate Read(TlsFiles files) => new(files, Load(ReadPem(files)));

    /// <summary>Has a listener show it.</summary>
    public void ShowBy(HttpsConnectionAdapterOptions https)
    {
        // Kestrel wants to know beforehand that there is one; what counts is set for each connection below.
        https.ServerCertificateSelector = (_, _) => _loaded.Leaf;
        https.OnAuthenticate = (_, tls) =>
        {
            // With the context clients get the intermediate certificates too, and may resume sessions.
            tls.ServerCertificateSelectionCallback = null;
            tls.ServerCertificateContext = _loaded.Context;
            // The limits of the server are made for HTTP/1.1, which is what update clients speak.
            tls.ApplicationProtocols = Http1;
        };
    }

    /// <summary>Reads the files again if they have changed. What cannot be used changes nothing but <see cref="Fault"/>.</summary>
    /// <returns>Whether another certificate is shown from now on.</returns>
    public bool Renew()
    {
        try
        {
            var pem = ReadPem(_files);
            var isNew = pem != _loaded.Pem;
            if (isNew) _loaded = Load(pem);
            Fault = null;
            return isNew;
        }
        catch (TlsException error)
        {
            Fault = error.Message;
            return false;
        }
    }

    private static (string Certificate, string Key) ReadPem(TlsFiles files)
    {
        try
        {
            return (System.IO.File.ReadAllText(files.CertificateFile), System.IO.File.ReadAllText(files.KeyFile));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TlsException(error.Message);
        }
    }

    private static Loaded Load((string Certificate, string Key) pem)
    {
        try
        {
            var leaf = X509Certificate2.CreateFromPem(pem.Certificate, pem.Key);
            // Windows takes no key for TLS that was never in a store.
            if (OperatingSystem.IsWindows()) leaf = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(pem.Certificate);
            return new Loaded(pem, leaf, SslStreamCertificateContext.Create(leaf, chain, offline: true));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new TlsException(error.Message);
        }
    }

    private sealed record Loaded((string Certificate, string Key) Pem, X509Certificate2 Leaf, SslStreamCertificateContext Context);
}
