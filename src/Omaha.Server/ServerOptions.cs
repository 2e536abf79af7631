using Microsoft.Extensions.Configuration;
using Omaha.Hosting;
using Omaha.Redis;
using Omaha.Server.Metrics;

namespace Omaha.Server;

/// <summary>Settings of the server, checked once when they are read.</summary>
public sealed class ServerOptions
{
    /// <summary><c>Listen:Public</c>: where machines ask. Default <c>http://0.0.0.0:8080</c>.</summary>
    public Uri Public { get; set; } = new("http://0.0.0.0:8080");

    /// <summary><c>Listen:Ops</c>: health and metrics. Default <c>http://0.0.0.0:9090</c>.</summary>
    public Uri Ops { get; set; } = new("http://0.0.0.0:9090");

    /// <summary><c>Tls:CertificateFile</c> and <c>Tls:KeyFile</c>: what is shown by addresses with https. Read again when the files change.</summary>
    public TlsFiles? Tls { get; set; }

    /// <summary><c>Redis:…</c>: where the store is. Default <c>127.0.0.1:6379</c>.</summary>
    public RedisOptions Redis { get; set; } = new();

    /// <summary><c>Daystart:TimeZone</c>: the zone whose midnight starts a day for clients that count days. Default <c>America/Los_Angeles</c>, as Google's clients expect.</summary>
    public TimeZoneInfo DaystartZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary><c>Replica:PollInterval</c> in seconds, 0.05 to 60: how often the store is looked at when no hint comes. Default 0.5.</summary>
    public TimeSpan ReplicaPollInterval { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary><c>Replica:FreezeAfter</c> in seconds, 1 to 86 400: how long rollouts go on without word from the store. Default 600.</summary>
    public TimeSpan FreezeAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary><c>Snapshot:Path</c>: the file that the last good catalogue is kept in, for starts while the store is away. Not set: none is kept.</summary>
    public string? SnapshotPath { get; set; }

    /// <summary><c>Brakes:PauseAll</c>: this server offers nothing, whatever the store says. Heeded anew whenever a settings file changes. Default false.</summary>
    public bool PauseAll { get; set; }

    /// <summary><c>Otlp:…</c>: where metrics are sent by OTLP. Not set: nowhere.</summary>
    public OtlpOptions? Otlp { get; set; }

    /// <summary><c>Server:InlineSockets</c>: answer on the threads that read the sockets, see <see cref="Server.InlineSockets"/>. Default false.</summary>
    public bool InlineSockets { get; set; }

    /// <summary><c>Overload:…</c>: when the server counts as overloaded, and what it tells machines then.</summary>
    public OverloadOptions Overload { get; set; } = new();

    /// <summary><c>Limits:…</c>: what connections may cost.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary><c>Drain:Time</c> in seconds, 0 to 600: how long the server goes on answering once it was told to stop, see <see cref="Drain"/>. Default 5.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingsException">A value is wrong, or a known section holds an unknown key.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        var settings = new SettingsReader(configuration);
        var options = new ServerOptions
        {
            Public = settings.Url("Listen:Public", "http://0.0.0.0:8080"),
            Ops = settings.Url("Listen:Ops", "http://0.0.0.0:9090"),
            Redis = settings.Redis(),
            DaystartZone = settings.Zone("Daystart:TimeZone", "America/Los_Angeles"),
            ReplicaPollInterval = settings.Seconds("Replica:PollInterval", 0.5, 0.05, 60),
            FreezeAfter = settings.Seconds("Replica:FreezeAfter", 600, 1, 86_400),
            SnapshotPath = ReadSnapshotPath(settings),
            PauseAll = settings.Flag(LocalBrakes.Key, false),
            Otlp = OtlpOptions.Read(settings),
            InlineSockets = settings.Flag(Server.InlineSockets.Key, false),
            Overload = OverloadOptions.Read(settings),
            Limits = LimitOptions.Read(settings),
            DrainTime = settings.Seconds("Drain:Time", 5, 0, 600),
        };
        options.Tls = settings.Tls(("Listen:Public", options.Public), ("Listen:Ops", options.Ops));
        settings.AlsoKnown("Listen:Control");
        settings.ThrowIfFaulty("Listen", "Tls", "Redis", "Daystart", "Replica", "Snapshot", "Brakes", "Server", "Overload", "Limits", "Drain", "Otlp");
        return options;
    }

    /// <summary>Set to nothing is not set, so that an environment can take back what a file says.</summary>
    private static string? ReadSnapshotPath(SettingsReader settings)
    {
        const string key = "Snapshot:Path";
        var path = settings.Text(key, "");
        if (string.IsNullOrWhiteSpace(path)) return null;
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path)) settings.Fault(key, path, "a file, such as /var/lib/omaha/catalogue.snapshot; this is a folder");
        return path;
    }
}
