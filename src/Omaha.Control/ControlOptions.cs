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

    /// <summary><c>Redis:…</c>: where the store is. Default <c>127.0.0.1:6379</c>.</summary>
    public RedisOptions Redis { get; set; } = new();

    /// <summary><c>Control:AllowInsecure</c>: plain HTTP may be served beyond this machine, where the network sees tokens. Default false.</summary>
    public bool AllowInsecure { get; set; }

    /// <summary><c>Audit:Retention</c>: days for which the audit keeps what was done, 1 to 3650. Default 400.</summary>
    public TimeSpan AuditRetention { get; set; } = TimeSpan.FromDays(400);

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
            AuditRetention = TimeSpan.FromDays(settings.Number("Audit:Retention", 400, 1, 3650)),
        };
        CheckListen(options, configuration, settings);
        settings.AlsoKnown("Listen:Public", "Listen:Ops");
        settings.ThrowIfFaulty("Listen", "Redis", "Control", "Audit");
        return options;
    }

    private static void CheckListen(ControlOptions options, IConfiguration configuration, SettingsReader settings)
    {
        var url = options.Listen;
        var value = url.GetLeftPart(UriPartial.Authority);
        var isAddress = IPAddress.TryParse(url.Host, out var address);

        if (url.Scheme == "http" && isAddress && !IPAddress.IsLoopback(address!) && !options.AllowInsecure) settings.Fault(ListenKey, value, "https or an address of this machine only (127.0.0.1), because plain HTTP shows tokens to the network; where that is meant, set Control:AllowInsecure to true");
        if (url.Scheme == "https" && !configuration.GetSection("Kestrel:Certificates:Default").Exists()) settings.Fault(ListenKey, value, "http, or https with a certificate in Kestrel:Certificates:Default:Path (and :KeyPath or :Password)");
    }
}
