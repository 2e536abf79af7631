using Omaha.Hosting;

namespace Omaha.Server.Metrics;

/// <summary>Where metrics are sent by OTLP.</summary>
public sealed class OtlpOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Otlp";

    private const string EndpointKey = $"{Section}:{nameof(Endpoint)}";
    private const string HeadersKey = $"{Section}:{nameof(Headers)}";

    /// <summary><c>Otlp:Endpoint</c>: a collector that takes OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>; <c>/v1/metrics</c> is added where there is no path.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary><c>Otlp:Interval</c> in seconds, 1 to 3600: how often they are sent. Default 60.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary><c>Otlp:Headers</c>: headers to send along, <c>name=value</c> separated by commas. Default none.</summary>
    public required string Headers { get; init; }

    /// <summary>Reads the settings; null when nothing is to be sent, which is the default.</summary>
    public static OtlpOptions? Read(SettingsReader settings)
    {
        var endpoint = settings.Text(EndpointKey, "");
        var interval = settings.Seconds($"{Section}:{nameof(Interval)}", 60, 1, 3600);
        var headers = settings.Text(HeadersKey, "");
        if (headers.Length > 0 && headers.Split(',').Any(static header => header.IndexOf('=', StringComparison.Ordinal) < 1)) settings.Fault(HeadersKey, "(not shown)", "headers as name=value, separated by commas");
        if (endpoint.Length == 0) return null;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            settings.Fault(EndpointKey, endpoint, "the URL of a collector that takes OTLP over HTTP, such as http://127.0.0.1:4318");
            return null;
        }

        return new OtlpOptions { Endpoint = url.AbsolutePath == "/" ? new Uri(url, "/v1/metrics") : url, Interval = interval, Headers = headers };
    }
}
