using System.Globalization;

namespace Omaha.Testing;

/// <summary>A primary, a replica of it, and three Sentinels that make the replica the primary within about a second and a half.</summary>
public sealed class RedisSentinelSet : IAsyncDisposable
{
    private const string Service = "omaha";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "omaha-sentinel-" + Guid.NewGuid().ToString("n"));

    public RedisSentinelSet(params string[] settings)
    {
        string[] common = ["--appendonly", "yes", "--appendfsync", "no", "--save", "", "--repl-diskless-sync-delay", "0", .. settings];
        First = new RedisProcess(Path.Combine(_folder, "first"), common);
        Second = new RedisProcess(Path.Combine(_folder, "second"), [.. common, "--replicaof", "127.0.0.1", Text(First.Port)]);
        Sentinels =
        [
            .. Enumerable.Range(0, 3).Select(i => new RedisProcess(
                Path.Combine(_folder, $"sentinel{i}"),
                $"sentinel monitor {Service} 127.0.0.1 {Text(First.Port)} 2",
                $"sentinel down-after-milliseconds {Service} 500",
                $"sentinel failover-timeout {Service} 3000")),
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

    /// <summary>Returns when a process is a primary.</summary>
    public static Task PrimaryAsync(RedisProcess process) => process.UntilAsync(static reply => reply.StartsWith("master", StringComparison.Ordinal), "ROLE");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (RedisProcess[])[.. Sentinels, Second, First]) await process.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
