using System.Net;
using Omaha.Hosting;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>Settings of the control plane, checked once when they are read.</summary>
public sealed class ControlOptions
{
    private const string ListenKey = "Listen:Control";

    /// <summary><c>Listen:Control</c>: where the API answers. Default <c>http://127.0.0.1:8081</c>.</summary>
    public Uri Listen { get; set; } = new("http://127.0.0.1:8081");

    /// <summary><c>Tls:CertificateFile</c> and <c>Tls:KeyFile</c>: what is shown when the address begins with https. Read again when the files change.</summary>
    public TlsFiles? Tls { get; set; }

    /// <summary><c>Redis:…</c>: where the store is. Default <c>127.0.0.1:6379</c>.</summary>
    public RedisOptions Redis { get; set; } = new();

    /// <summary><c>Control:AllowInsecure</c>: plain HTTP may be served beyond this machine, where the network sees tokens. Default false.</summary>
    public bool AllowInsecure { get; set; }

    /// <summary><c>Audit:Retention</c>: days for which the audit keeps what was done, 1 to 3650. Default 400.</summary>
    public TimeSpan AuditRetention { get; set; } = TimeSpan.FromDays(400);

    /// <summary><c>Control:ServerMetrics</c>: metrics pages of the servers, separated by commas, to warn with measured figures when a rollout starts. Default none.</summary>
    public IReadOnlyList<Uri> ServerMetrics { get; set; } = [];

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingsException">A value is wrong, or a known section holds an unknown key.</exception>
    public static ControlOptions Read(IConfiguration configuration)
    {
        var settings = new SettingsReader(configuration);
        var options = new ControlOptions
        {
            Listen = settings.Url(ListenKey, "http://127.0.0.1:8081"),
            Redis = settings.Redis(),
            AllowInsecure = settings.Flag("Control:AllowInsecure", false),
            ServerMetrics = ReadUrls("Control:ServerMetrics", settings),
            AuditRetention = TimeSpan.FromDays(settings.Number("Audit:Retention", 400, 1, 3650)),
        };
        options.Tls = settings.Tls((ListenKey, options.Listen));
        CheckListen(options, settings);
        settings.AlsoKnown("Listen:Public", "Listen:Ops");
        settings.ThrowIfFaulty("Listen", "Tls", "Redis", "Control", "Audit");
        return options;
    }

    private static List<Uri> ReadUrls(string key, SettingsReader settings)
    {
        var urls = new List<Uri>();
        foreach (var text in settings.Text(key, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") urls.Add(url);
            else settings.Fault(key, text, "URLs separated by commas, such as http://server-1:9090/metrics");
        }

        return urls;
    }

    private static void CheckListen(ControlOptions options, SettingsReader settings)
    {
        var url = options.Listen;
        var value = url.GetLeftPart(UriPartial.Authority);
        var isAddress = IPAddress.TryParse(url.Host, out var address);

        if (url.Scheme == "http" && isAddress && !IPAddress.IsLoopback(address!) && !options.AllowInsecure) settings.Fault(ListenKey, value, "https or an address of this machine only (127.0.0.1), because plain HTTP shows tokens to the network; where that is meant, set Control:AllowInsecure to true");
    }
}
