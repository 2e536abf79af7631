using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Omaha.Hosting;
using Omaha.Redis;
using Omaha.Server;
using Omaha.Testing;

namespace Omaha.Control.Tests;

/// <summary>One release on its way from alpha to stable: a real store, a server and a control plane on sockets, and a clock that the test moves. Ten thousand nodes ask at each step.</summary>
public sealed class RolloutStoryTests : IAsyncLifetime
{
    private const string App = SampleFile.AppId;
    private const int Nodes = 10_000;

    /// <summary>Apps in one request: each stands for a node that asks.</summary>
    private const int NodesPerRequest = 50;

    private readonly RedisServerProcess _store = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("omaha-story-").FullName;
    private readonly HttpClient _machines = new();
    private ControlSite _control = null!;
    private WebApplication _server = null!;

    private CatalogReplica Replica => _server.Services.GetRequiredService<CatalogReplica>();

    public async ValueTask InitializeAsync()
    {
        if (RedisServerProcess.SkipReason is not null) return;
        await _store.StartAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Listen:Public"] = "http://127.0.0.1:0",
            ["Listen:Ops"] = "http://127.0.0.1:0",
            ["Drain:Time"] = "0",
            ["Overload:Hold"] = "false", // The machine that tests may be busy.
            ["Redis:Configuration"] = _store.Configuration,
        }).Build();
        _server = ServerBuilder.Build(ServerOptions.Read(configuration), configuration, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
            builder.Services.RemoveAll<TimeProvider>();
            builder.Services.AddSingleton<TimeProvider>(_time);
        });
        await _server.StartAsync();
        _machines.BaseAddress = new Uri(_server.Urls.First());
        var metrics = new Uri(_server.Services.GetRequiredService<OpsHost>().Address, "/metrics");
        _control = await ControlSite.StartWithTokensAsync(_store.Configuration, _time, serverMetrics: metrics);
    }

    public async ValueTask DisposeAsync()
    {
        _machines.Dispose();
        if (_control is not null) await _control.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Runs a command and returns when the server serves what it did.</summary>
    private async Task<string> DoneAsync(params string[] args)
    {
        var run = await _control.OmahactlAsync(args);
        Assert.True(run.ExitCode == 0, $"omahactl {string.Join(' ', args)}: {run.Error}");
        await ServedAsync();
        return run.Output;
    }

    private async Task ServedAsync()
    {
        var head = (await _control.Store.ReadHeadAsync()).Version;
        await Replica.UntilAsync(replica => replica.Current.Version == head, Tick);
    }

    /// <summary>Lets time pass, and returns when the server has looked at the store since.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        var now = _time.GetUtcNow();
        await Replica.UntilAsync(replica => replica.Status.Confirmed >= now, Tick);
    }

    private void Tick() => _time.Advance(TimeSpan.FromSeconds(1));

    /// <summary>Numbers of the nodes that are offered a version on a track.</summary>
    private async Task<HashSet<int>> OfferedAsync(string version, string track = "stable", string installed = "1.0")
    {
        var offered = new HashSet<int>();
        for (var first = 0; first < Nodes; first += NodesPerRequest)
        {
            var apps = string.Concat(Enumerable.Range(first, NodesPerRequest).Select(node => $"<app appid=\"{App}\" version=\"{installed}\" track=\"{track}\" board=\"amd64-usr\" machineid=\"{MachineId(node)}\"><updatecheck/></app>"));
            using var content = new StringContent($"<request protocol=\"3.0\" installsource=\"scheduler\">{apps}</request>", Encoding.UTF8, "text/xml");
            using var response = await _machines.PostAsync(new Uri("/v1/update/", UriKind.Relative), content);
            Assert.True(response.IsSuccessStatusCode);
            var answers = XElement.Parse(await response.Content.ReadAsStringAsync()).Elements("app").ToList();
            Assert.Equal(NodesPerRequest, answers.Count);
            for (var i = 0; i < answers.Count; i++)
            {
                var manifest = answers[i].Descendants("manifest").SingleOrDefault();
                Assert.Equal(manifest is null ? "noupdate" : "ok", (string?)answers[i].Element("updatecheck")!.Attribute("status"));
                if ((string?)manifest?.Attribute("version") == version) offered.Add(first + i);
            }
        }

        return offered;
    }

    /// <summary>The version that some nodes are offered on stable is what the control plane says that they are.</summary>
    private async Task IsExplainedAsync(HashSet<int> offered, string version = "2.0", string installed = "1.0")
    {
        for (var node = 0; node < Nodes; node += 500)
        {
            var explained = (await _control.GetAsync($"explain?app={SampleFile.AppPath}&track=stable&board=amd64-usr&node={MachineId(node)}&version={installed}")).Json;
            Assert.True(offered.Contains(node) == ((string?)explained["version"] == version), $"Node {node} is explained as {explained}, and is {(offered.Contains(node) ? "" : "not ")}offered {version}.");
        }
    }

    private static string MachineId(int node) => new Guid(node, 0, 0, new byte[8]).ToString("n");

    private static void IsShare(double share, int count) => Assert.InRange(count / (double)Nodes, share - 0.015, share + 0.015);

    [Fact]
    public async Task Release_goes_from_alpha_to_stable_by_a_ramp_that_is_paused_resumed_raised_halted_and_reverted()
    {
        Assert.SkipWhen(RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");

        // 1.0 is everywhere; 2.0 comes to alpha, then to beta.
        var file = Path.Combine(_folder, "catalogue.json");
        await File.WriteAllTextAsync(file, SampleFile.With("1.0", "2.0"));
        await DoneAsync("apply", "-f", file);
        await DoneAsync("channel", "set", App, "alpha", "1.0");
        await DoneAsync("channel", "promote", App, "alpha", "beta", "--skip-verify", "story");
        await DoneAsync("channel", "promote", App, "beta", "stable", "--skip-verify", "story");
        await DoneAsync("channel", "set", App, "alpha", "2.0");
        Assert.Equal(Nodes, (await OfferedAsync("2.0", "alpha")).Count);
        Assert.Empty(await OfferedAsync("2.0", "beta"));
        await DoneAsync("channel", "promote", App, "alpha", "beta", "--skip-verify", "story");
        Assert.Equal(Nodes, (await OfferedAsync("2.0", "beta")).Count);
        Assert.Empty(await OfferedAsync("2.0"));

        // A ramp of 24 hours on stable: six of them are a quarter of the nodes.
        Assert.Contains("0.0% of", await DoneAsync("rollout", "start", App, "stable", "2.0", "--ramp", "24h", "--skip-verify", "story"), StringComparison.Ordinal);
        Assert.InRange((await OfferedAsync("2.0")).Count, 0, 50);
        await PassAsync(TimeSpan.FromHours(6));
        var quarter = await OfferedAsync("2.0");
        IsShare(0.25, quarter.Count);
        await IsExplainedAsync(quarter);

        // Paused for ten hours: nobody gets it, who is behind still gets 1.0, and nothing moves on meanwhile.
        await DoneAsync("rollout", "pause", App, "stable", "--reason", "looking at a crash");
        await PassAsync(TimeSpan.FromHours(10));
        Assert.Empty(await OfferedAsync("2.0"));
        Assert.Equal(Nodes, (await OfferedAsync("1.0", installed: "0.9")).Count);
        await IsExplainedAsync([]);
        await IsExplainedAsync([.. Enumerable.Range(0, Nodes)], "1.0", "0.9");

        // Resumed, it goes on with the same nodes, from where it stood.
        await DoneAsync("rollout", "resume", App, "stable");
        var resumed = await OfferedAsync("2.0");
        IsShare(0.25, resumed.Count);
        Assert.Subset(resumed, quarter);
        await PassAsync(TimeSpan.FromHours(6));
        var half = await OfferedAsync("2.0");
        IsShare(0.5, half.Count);
        Assert.Subset(half, resumed);
        await IsExplainedAsync(half);

        // Raised by hand, at once; those who had it keep it.
        await DoneAsync("rollout", "set", App, "stable", "--exposure", "75%");
        var raised = await OfferedAsync("2.0");
        IsShare(0.75, raised.Count);
        Assert.Subset(raised, half);
        await PassAsync(TimeSpan.FromHours(9));
        var later = await OfferedAsync("2.0");
        IsShare(0.875, later.Count);
        Assert.Subset(later, raised);
        await IsExplainedAsync(later);

        // Halted: nobody, for as long as it takes, although the ramp would be over by now.
        await DoneAsync("rollout", "halt", App, "stable", "--reason", "does not come back");
        await PassAsync(TimeSpan.FromHours(48));
        Assert.Empty(await OfferedAsync("2.0"));
        await IsExplainedAsync([]);

        // Reverted: stable stays at 1.0, and 2.0 does not come back by mistake. Beta has it still.
        await DoneAsync("channel", "revert", App, "stable", "--reason", "does not come back");
        Assert.Empty(await OfferedAsync("2.0"));
        Assert.Equal(Nodes, (await OfferedAsync("1.0", installed: "0.9")).Count);
        Assert.Contains("was reverted on stable", (await _control.OmahactlAsync("rollout", "start", App, "stable", "2.0", "--ramp", "24h", "--skip-verify", "story")).Error, StringComparison.Ordinal);
        Assert.Equal(Nodes, (await OfferedAsync("2.0", "beta")).Count);
    }

    [Fact]
    public async Task Exposure_stands_still_while_the_store_is_away_and_goes_on_when_it_is_back()
    {
        Assert.SkipWhen(RedisServerProcess.SkipReason is not null, RedisServerProcess.SkipReason ?? "");
        var file = Path.Combine(_folder, "catalogue.json");
        await File.WriteAllTextAsync(file, SampleFile.With("1.0", "2.0").Replace("\"alpha\": {}", "\"alpha\": {}, \"solo\": {}", StringComparison.Ordinal));
        await DoneAsync("apply", "-f", file);
        await DoneAsync("channel", "set", App, "solo", "1.0");
        await DoneAsync("rollout", "start", App, "solo", "2.0", "--ramp", "24h");
        await PassAsync(TimeSpan.FromHours(6));
        var before = await OfferedAsync("2.0", "solo");
        IsShare(0.25, before.Count);

        // Ten minutes more are taken on trust, not a day.
        await _store.KillAsync();
        await Replica.UntilAsync(static replica => replica.Status.State == ReplicaState.Unreachable, Tick);
        _time.Advance(TimeSpan.FromHours(20));
        var away = await OfferedAsync("2.0", "solo");
        Assert.Subset(away, before);
        IsShare(0.25, away.Count);

        await _store.StartAsync();
        await Replica.UntilAsync(static replica => replica.Status.State == ReplicaState.Following, Tick);
        Assert.Equal(Nodes, (await OfferedAsync("2.0", "solo")).Count);
    }
}
