using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Load;

/// <summary>The command that fills an empty store with as many apps as are wanted, each with one channel, one target and one release of one package.</summary>
internal static class SeedCommand
{
    /// <summary>Bytes of a manifest: what an update of Flatcar with a long download address takes.</summary>
    public const int ManifestBytes = 600;

    private const string Target = "any/amd64";
    private const string Channel = "stable";

    private static readonly DateTimeOffset Moved = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Command Create(TextWriter output, TextWriter error)
    {
        var redis = new Option<string>("--redis") { Description = "Where the store is: a StackExchange.Redis configuration, loopback only", HelpName = "CONFIGURATION", DefaultValueFactory = static _ => "127.0.0.1:6379" };
        var apps = RangedOption.Whole("--apps", "Apps to write", "N", 1, SeededApps.Most, 10);
        var command = new Command("seed", $"Fills an empty store with numbered apps that offer version {SeededApps.Version} to machines on amd64. A store that holds anything of Omaha's is left alone.") { redis, apps };
        command.SetAction(async (parsed, interrupted) =>
        {
            var count = (int)parsed.GetValue(apps)!.Value;
            var took = Stopwatch.StartNew();
            await WriteAsync(Options(parsed.GetRequiredValue(redis)), count, error, interrupted);
            await output.WriteLineAsync($"{TextReport.Number(count)} apps in {took.Elapsed.TotalSeconds:0.0} s: {SeededApps.Id(0)} to {SeededApps.Id(count - 1)}");
            return 0;
        });
        return command;
    }

    private static RedisOptions Options(string configuration)
    {
        var options = new RedisOptions { Configuration = configuration };
        try
        {
            var elsewhere = StoreOptions.Read(options).EndPoints.Where(static end => end is not IPEndPoint { Address: var address } || !IPAddress.IsLoopback(address)).ToList();
            return elsewhere.Count == 0 ? options.Patient()
                : throw new LoadException(LoadException.Usage, $"--redis names {elsewhere[0]}: only a store on this machine is filled, given as an address such as 127.0.0.1:6379");
        }
        catch (RedisOptionException error)
        {
            throw new LoadException(LoadException.Usage, $"--redis is not usable: it must be {error.Allowed}");
        }
    }

    private static async Task WriteAsync(RedisOptions options, int count, TextWriter progress, CancellationToken interrupted)
    {
        try
        {
            await using var connection = new StoreConnection(options);
            var store = new CatalogStore(connection);
            if (await store.HasAnyKeyAsync()) throw new LoadException(LoadException.Failed, "the store is not empty; its catalogue is left alone. Use an empty one.");

            var version = await store.InitializeAsync(Record(AuditVerb.Initialize));
            var said = Stopwatch.StartNew();
            foreach (var numbers in Enumerable.Range(0, count).Chunk(CatalogChange.MaxApps))
            {
                if (interrupted.IsCancellationRequested) throw new LoadException(LoadException.Failed, $"cut short: {TextReport.Number(numbers[0])} of {TextReport.Number(count)} apps were written");
                var result = await store.WriteAsync(new CatalogChange { Expected = version, Written = numbers.AsParallel().AsOrdered().Select(App).ToList() }, Record(AuditVerb.Apply));
                if (!result.IsCommitted) throw new LoadException(LoadException.Failed, "somebody else writes to the store; its catalogue is half filled");
                version = result.Version;
                if (said.Elapsed < TimeSpan.FromSeconds(2)) continue;
                await progress.WriteLineAsync($"{TextReport.Number(numbers[^1] + 1)} of {TextReport.Number(count)} apps");
                said.Restart();
            }
        }
        catch (Exception error) when (error is StoreUnavailableException or OutcomeUnknownException)
        {
            throw new LoadException(LoadException.Failed, error.Message);
        }
    }

    private static AuditRecord Record(AuditVerb verb) => new(verb, new AuditActor("seed", AuditActor.StoreAccess), TimeProvider.System.GetUtcNow());

    /// <summary>The app with a number. Its release is as long as <see cref="ManifestBytes"/> says, and no other app's.</summary>
    internal static AppDocument App(int number)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(SeededApps.Id(number)));
        var release = new ReleaseSpec
        {
            Version = SeededApps.Version,
            Target = Target,
            Codebases = [$"https://downloads.example.invalid/releases/stable/amd64-usr/{SeededApps.Version}/{Convert.ToHexStringLower(hash.AsSpan(0, 17))}/{number:d12}/"],
            Packages = [new PackageSpec { Name = "flatcar_production_update.gz", Size = 400_000_000 + number, Sha1 = Convert.ToBase64String(hash.AsSpan(0, 20)), Sha256 = Convert.ToHexStringLower(hash) }],
        };
        return new AppDocument
        {
            App = SeededApps.Id(number),
            Spec = new AppSpec { Channels = new Dictionary<string, ChannelSpec> { [Channel] = new() }, Releases = [release] },
            State = new AppState
            {
                Channels = new Dictionary<string, ChannelState>
                {
                    [Channel] = new() { Targets = new Dictionary<string, List<CompleteRelease>> { [Target] = [new() { Version = release.Version, Digest = ReleaseDigest.Of(release), At = Moved, By = "seed" }] } },
                },
            },
        };
    }
}
