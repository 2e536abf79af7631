namespace Omaha.Redis;

/// <summary>Where the store is, and who asks.</summary>
public sealed record RedisOptions
{
    /// <summary>
    /// StackExchange.Redis configuration: servers and settings joined by commas, such as <c>redis-1:6379,redis-2:6379,user=omaha,password=…,ssl=true</c>.
    /// Several servers are a primary with its replicas, or nodes of a cluster; which is which is found out. With <c>serviceName=…</c> they are
    /// Sentinels. The accounts that are needed are in <c>deploy/redis/users.acl</c>.
    /// </summary>
    public string Configuration { get; init; } = "localhost:6379";

    /// <summary>How long an answer of the store may take, unless the configuration says <c>asyncTimeout</c>.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>File with the password, read anew for every connection that is opened: a new password needs no restart. Null: the configuration has it, or there is none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>PEM file of an authority to trust beyond those of the system. Null: none.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of the certificate that this program shows. Null: none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its private key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>
    /// For programs that change the store. A change of 500 apps may keep a busy store for seconds, and an operator would rather wait than not
    /// know. An explicit value of the operator's wins.
    /// </summary>
    public RedisOptions Patient() => this with { AnswerTimeout = TimeSpan.FromSeconds(15) };
}
