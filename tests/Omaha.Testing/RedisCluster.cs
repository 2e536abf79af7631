using System.Globalization;

namespace Omaha.Testing;

/// <summary>A Redis Cluster of three primaries, each with a replica that takes over within about two seconds.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private const int Slots = 16_384;
    private const int Primaries = 3;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "omaha-cluster-" + Guid.NewGuid().ToString("n"));

    public RedisCluster()
    {
        Nodes =
        [
            .. Enumerable.Range(0, 2 * Primaries).Select(i => new RedisProcess(
                Path.Combine(_folder, Text(i)),
                "--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-replica-validity-factor", "0", "--cluster-port", Text(StoreFixture.FreePort()),
                "--appendonly", "yes", "--appendfsync", "no", "--save", "", "--repl-diskless-sync-delay", "0")),
        ];
    }

    /// <summary>The first three are primaries at the start, the others in the same order their replicas.</summary>
    public IReadOnlyList<RedisProcess> Nodes { get; }

    public string Configuration => string.Join(',', Nodes.Select(static node => node.Address));

    public async Task StartAsync()
    {
        await Task.WhenAll(Nodes.Select(static node => node.StartAsync()));
        for (var i = 0; i < Primaries; i++)
        {
            await Nodes[i].CommandAsync("CLUSTER", "ADDSLOTSRANGE", Text(Slots * i / Primaries), Text((Slots * (i + 1) / Primaries) - 1));
        }

        foreach (var node in Nodes.Skip(1)) await node.CommandAsync("CLUSTER", "MEET", "127.0.0.1", Text(Nodes[0].Port), await ClusterPortAsync(Nodes[0]));
        var known = $"cluster_known_nodes:{Nodes.Count}";
        foreach (var node in Nodes) await node.UntilAsync(reply => reply.Contains(known, StringComparison.Ordinal), "CLUSTER", "INFO");
        for (var i = 0; i < Primaries; i++)
        {
            var id = await Nodes[i].CommandAsync("CLUSTER", "MYID");
            await Nodes[Primaries + i].UntilAsync(static reply => reply == "OK", "CLUSTER", "REPLICATE", id);
        }

        foreach (var node in Nodes) await node.UntilAsync(static reply => reply.Contains("cluster_state:ok", StringComparison.Ordinal), "CLUSTER", "INFO");
        foreach (var replica in Nodes.Skip(Primaries)) await replica.UntilAsync(static reply => reply.Contains("master_link_status:up", StringComparison.Ordinal), "INFO", "replication");
    }

    /// <summary>The primary that has a key, and its replica.</summary>
    public async Task<(RedisProcess Primary, RedisProcess Replica)> OwnersAsync(string key)
    {
        var slot = int.Parse(await Nodes[0].CommandAsync("CLUSTER", "KEYSLOT", key), CultureInfo.InvariantCulture);
        var index = Enumerable.Range(0, Primaries).Single(i => slot >= Slots * i / Primaries && slot < Slots * (i + 1) / Primaries);
        return (Nodes[index], Nodes[Primaries + index]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> ClusterPortAsync(RedisProcess node)
    {
        var reply = await node.CommandAsync("CONFIG", "GET", "cluster-port");
        return reply.Split('\n')[1];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
