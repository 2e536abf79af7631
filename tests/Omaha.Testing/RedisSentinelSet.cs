using System.Globalization;

namespace Omaha.Testing;

/// <summary>A primary, a replica of it, and three Sentinels that make the replica the primary within about a second and a half.</summary>
public sealed class RedisSentinelSet : IAsyncDisposable
{
    private const string Service = "omaha";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "omaha-sentinel-" + Guid.NewGuid().ToString("n"));

    public RedisSentinelSet() : this(null, [])
    {
    }

    /// <param name="users">Accounts and passwords; null for a set that knows no accounts.</param>
    /// <param name="settings">Further settings of the servers.</param>
    public RedisSentinelSet(RedisUsers? users, params string[] settings)
    {
        if (users is not null) settings = [.. settings, "--aclfile", users.Path, "--masteruser", RedisUsers.Replica.User, "--masterauth", RedisUsers.Replica.Password];
        string[] common = ["--appendonly", "yes", "--appendfsync", "no", "--save", "", "--repl-diskless-sync-delay", "0", .. settings];
        First = new RedisProcess(Path.Combine(_folder, "first"), common) { Account = users is null ? null : RedisUsers.Admin };
        Second = new RedisProcess(Path.Combine(_folder, "second"), [.. common, "--replicaof", "127.0.0.1", Text(First.Port)]) { Account = users is null ? null : RedisUsers.Admin };
        Sentinels =
        [
            .. Enumerable.Range(0, 3).Select(i => new RedisProcess(
                Path.Combine(_folder, $"sentinel{i}"),
                [
                    $"sentinel monitor {Service} 127.0.0.1 {Text(First.Port)} 2",
                    $"sentinel down-after-milliseconds {Service} 500",
                    $"sentinel failover-timeout {Service} 3000",
                    .. users is null ? [] : new[] { $"sentinel auth-user {Service} {RedisUsers.Sentinel.User}", $"sentinel auth-pass {Service} {RedisUsers.Sentinel.Password}" },
                ])),
        ];
    }

    /// <summary>The primary at the start.</summary>
    public RedisProcess First { get; }

    /// <summary>The replica at the start.</summary>
    public RedisProcess Second { get; }

    public IReadOnlyList<RedisProcess> Sentinels { get; }

    /// <summary>What a client connects with: it asks the Sentinels.</summary>
    public string Configuration => string.Join(',', [.. Sentinels.Select(static sentinel => sentinel.Address), $"serviceName={Service}"]);

    /// <summary>What a client connects with that is told the servers themselves.</summary>
    public string PlainConfiguration => $"{First.Address},{Second.Address}";

    public async Task StartAsync()
    {
        await First.StartAsync();
        await Second.StartAsync();
        await Second.UntilAsync(static reply => reply.Contains("master_link_status:up", StringComparison.Ordinal), "INFO", "replication");
        foreach (var sentinel in Sentinels) await sentinel.StartAsync();
        foreach (var sentinel in Sentinels)
        {
            await sentinel.UntilAsync(static reply => reply.Contains("num-slaves\n1\n", StringComparison.Ordinal) && reply.Contains("num-other-sentinels\n2\n", StringComparison.Ordinal), "SENTINEL", "MASTER", Service);
        }
    }

    /// <summary>Returns when all Sentinels know a process as the primary: until then, they would make it a replica of the old one if that came back.</summary>
    public async Task AgreedAsync(RedisProcess primary)
    {
        var port = Text(primary.Port);
        foreach (var sentinel in Sentinels) await sentinel.UntilAsync(reply => reply.EndsWith("\n" + port, StringComparison.Ordinal), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", Service);
    }

    /// <summary>Returns when a process is a primary.</summary>
    public static Task PrimaryAsync(RedisProcess process) => process.UntilAsync(static reply => reply.StartsWith("master", StringComparison.Ordinal), "ROLE");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (RedisProcess[])[.. Sentinels, Second, First]) await process.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
