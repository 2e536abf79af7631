using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace Omaha.Redis;

/// <summary>A setting of the store that cannot be used. The message repeats no value that may hold a password.</summary>
/// <param name="name">The property of <see cref="RedisOptions"/>.</param>
/// <param name="allowed">What it must be, and why it is not.</param>
public sealed class RedisOptionException(string name, string allowed) : ArgumentException($"{name} must be {allowed}")
{
    public string Name => name;

    public string Allowed => allowed;
}

/// <summary>The client library's settings, as an operator's settings mean them.</summary>
public static class StoreOptions
{
    private const string Configurations = "a StackExchange.Redis configuration, such as redis-1:6379,redis-2:6379,user=omaha,password=…,ssl=true; a value cannot hold a comma";

    /// <summary>
    /// Before what the operator wrote, so that an explicit value wins. Two seconds, and a sign of life each second: what hangs must not hide the
    /// next try for long. What the library would ask to learn which servers there are is not sent: <see cref="PrimarySearch"/> finds that out, and an
    /// account for the catalogue alone needs to be allowed little else.
    /// </summary>
    private const string Defaults = "connectTimeout=2000,keepAlive=1,setlib=false,$INFO=,$CONFIG=,$CLUSTER=,";

    /// <summary>The settings that an operator's mean, with ours.</summary>
    /// <exception cref="RedisOptionException">They cannot be used.</exception>
    public static ConfigurationOptions Read(RedisOptions options)
    {
        var parsed = Parse(options);
        if (parsed.EndPoints.Count == 0) throw new RedisOptionException(nameof(options.Configuration), $"{Configurations}: this one names no server");

        // A store that is away must neither stop a start nor collect commands: the replica asks again, and a writer is told at once.
        parsed.AbortOnConnectFail = false;
        parsed.BacklogPolicy = BacklogPolicy.FailFast;
        parsed.ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 250, maxDeltaBackOffMilliseconds: 2000);
        parsed.ClientName ??= "omaha";

        // Both would touch keys and channels that an account for the catalogue alone is not allowed to.
        parsed.TieBreaker = "";
        parsed.ConfigurationChannel = "";

        UseSecrets(parsed, options);
        parsed.SetDefaultPorts();
        return parsed;
    }

    private static ConfigurationOptions Parse(RedisOptions options)
    {
        var timeout = string.Create(CultureInfo.InvariantCulture, $"asyncTimeout={options.AnswerTimeout.TotalMilliseconds:0},");
        try
        {
            return ConfigurationOptions.Parse(timeout + Defaults + options.Configuration);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            throw new RedisOptionException(nameof(options.Configuration), $"{Configurations}: {error.Message}");
        }
    }

    private static void UseSecrets(ConfigurationOptions parsed, RedisOptions options)
    {
        if (options.PasswordFile is { } path)
        {
            if (parsed.Password is not null) throw new RedisOptionException(nameof(options.PasswordFile), "left out when the configuration has a password");
            parsed.Defaults = new PasswordFile(path, Readable(nameof(options.PasswordFile), "a file that holds the password", () => PasswordFile.Read(path)));
        }

        if (options.CaFile is { } ca) Readable(nameof(options.CaFile), "a PEM file of a certificate authority", () => { parsed.TrustIssuer(ca); return true; });
        if (options.CertificateFile is null != options.KeyFile is null) throw new RedisOptionException(nameof(options.KeyFile), "set together with the certificate's file");
        if (options.CertificateFile is { } certificate) Readable(nameof(options.CertificateFile), "a PEM file of a certificate, with its private key in the other file", () => { parsed.SetUserPemCertificate(certificate, options.KeyFile); return true; });
    }

    private static T Readable<T>(string name, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new RedisOptionException(name, $"{what}: {error.Message}");
        }
    }
}
