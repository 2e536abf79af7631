using Omaha.Catalog;
using Omaha.Redis;
using Omaha.Testing;

namespace Omaha.Faults;

/// <summary>A store, servers of updates that follow it, and a writer.</summary>
internal sealed class Site : IAsyncDisposable
{
    public const int ServerCount = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("omaha-faults-").FullName;
    private readonly Programs _programs;
    private StoreConnection? _connection;

    private Site(Programs programs, StoreShape store) => (_programs, Store) = (programs, store);

    public StoreShape Store { get; }

    public SingleStore Single => (SingleStore)Store;

    public IReadOnlyList<ServerProcess> Servers { get; private set; } = [];

    public CatalogStore Writer => new(_connection!);

    /// <summary>The file that servers of a single store read their password from.</summary>
    public string PasswordFile => Path.Combine(_folder, "password");

    /// <summary>Starts everything; all servers offer a version.</summary>
    public static async Task<Site> StartAsync(Programs programs, FaultCase fault, string version)
    {
        var site = new Site(programs, fault.NewStore());
        try
        {
            await site.StartAsync(fault, version);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the writer's connection anew, as after something that it may need a while to recover from.</summary>
    public async Task ReconnectAsync(string? configuration = null)
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _connection = new StoreConnection(new RedisOptions { Configuration = configuration ?? Store.Writer });
    }

    /// <summary>Has the store offer a version, and tries again as long as it is away.</summary>
    public Task<StoreVersion> PublishAsync(string version) => WriteAsync(head => new CatalogChange { Expected = head, Written = [FaultCatalog.Offering(version)] });

    public Task<StoreVersion> WriteAsync(AppDocument document) => WriteAsync(head => new CatalogChange { Expected = head, Written = [document] });

    public Task<StoreVersion> BrakeAsync(Brakes brakes) => WriteAsync(head => new CatalogChange { Expected = head, Brakes = brakes });

    public async Task<StoreVersion> WriteAsync(Func<StoreVersion, CatalogChange> change)
    {
        while (true)
        {
            try
            {
                var head = (await Writer.ReadHeadAsync()).Version;
                if (head.IsNone) head = await Writer.InitializeAsync();
                var result = await Writer.WriteAsync(change(head));
                if (result.IsCommitted) return result.Version;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(5);
            }
        }
    }

    /// <summary>Returns when every server answers with a text.</summary>
    public Task UntilAllAnswerAsync(string text) => UntilAllAsync(server => server.AnswersAsync(text), () => $"not all servers answer with {text}");

    public async Task UntilAllAsync(Func<ServerProcess, Task<bool>> condition, Func<string> what)
    {
        foreach (var server in Servers) await Until.TrueAsync(() => condition(server), what);
    }

    /// <summary>A further server with a folder of its own.</summary>
    public ServerProcess NewServer(string name, int line, params string[] settings) => new(_programs.Server, Path.Combine(_folder, name), Store.Reader(line), settings);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers) await server.DisposeAsync();
        if (_connection is not null) await _connection.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(FaultCase fault, string version)
    {
        await Store.StartAsync();
        await ReconnectAsync();
        await WriteAsync(head => new CatalogChange { Expected = head, Written = [FaultCatalog.Offering(version), .. FaultCatalog.Background()] });

        string[] settings = Store is SingleStore ? [$"--Redis:PasswordFile={PasswordFile}", .. fault.ServerSettings] : fault.ServerSettings;
        await File.WriteAllTextAsync(PasswordFile, RedisUsers.Server.Password);
        Servers = [.. Enumerable.Range(0, ServerCount).Select(i => NewServer($"server{i}", i, settings))];
        foreach (var server in Servers) await fault.Prepare(server);
        foreach (var server in Servers) server.Start();
        foreach (var server in Servers) await server.UntilReadyAsync();
        await UntilAllAnswerAsync(FaultCatalog.Offer(version));
        await UntilAllAsync(static async server => await server.MetricAsync("omaha_snapshot_revision") > 0, static () => "no snapshot was written");
    }
}
