using Microsoft.AspNetCore.Server.Kestrel.Core;
using Omaha.Hosting;

namespace Omaha.Server;

/// <summary>Section <c>Limits</c>: what one connection, and all of them together, may cost the server.</summary>
public sealed class LimitOptions
{
    /// <summary>Body bytes that Kestrel takes before it drops a connection. Above our own limit, so that a request that is a little too large gets its 413 and the connection lives on.</summary>
    private const long KestrelBodyBytes = 1024 * 1024;

    /// <summary><c>Limits:Connections</c>, 1 to 1 000 000: open connections; more are closed as they come. Default 16 384. A process that may open fewer files is held to those, see <see cref="FileLimit"/>.</summary>
    public int Connections { get; set; } = 16_384;

    /// <summary><c>Limits:AcceptRate</c>, 1 to 1 000 000: connections accepted a second; more wait in the queue of the operating system. Default 10 000.</summary>
    public int AcceptRate { get; set; } = 10_000;

    /// <summary><c>Limits:HeadersTimeout</c> in seconds, 1 to 120: within which the head of a request must have come once it began. Default 10.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary><c>Limits:IdleTimeout</c> in seconds, 1 to 3 600: after which a connection without a request is closed. Longer than a load balancer keeps its own open, or it sends into a closing one. Default 130.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary><c>Limits:DataRate</c> in bytes a second, 1 to 1 000 000: at which bodies must come and replies be taken on average, once <see cref="DataGrace"/> is over. Default 240.</summary>
    public int DataRate { get; set; } = 240;

    /// <summary><c>Limits:DataGrace</c> in seconds, 2 to 120: for which a body or a reply may be slower. Default 5.</summary>
    public TimeSpan DataGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary><c>Limits:HeaderBytes</c>, 1 024 to 65 536: bytes of all headers of a request. Default 16 384. There may be 100 of them, and a request line of 8 192 bytes.</summary>
    public int HeaderBytes { get; set; } = 16 * 1024;

    /// <summary>Reads the section. Faults are kept by the reader.</summary>
    internal static LimitOptions Read(SettingsReader settings) => new()
    {
        Connections = settings.Number("Limits:Connections", 16_384, 1, 1_000_000),
        AcceptRate = settings.Number("Limits:AcceptRate", 10_000, 1, 1_000_000),
        HeadersTimeout = settings.Seconds("Limits:HeadersTimeout", 10, 1, 120),
        IdleTimeout = settings.Seconds("Limits:IdleTimeout", 130, 1, 3_600),
        DataRate = settings.Number("Limits:DataRate", 240, 1, 1_000_000),
        DataGrace = settings.Seconds("Limits:DataGrace", 5, 2, 120),
        HeaderBytes = settings.Number("Limits:HeaderBytes", 16 * 1024, 1024, 64 * 1024),
    };

    /// <summary>Tells Kestrel. Connections and their rate are <see cref="ConnectionGate"/>'s.</summary>
    internal void ApplyTo(KestrelServerLimits kestrel)
    {
        kestrel.MaxRequestBodySize = KestrelBodyBytes;
        kestrel.MaxRequestHeadersTotalSize = HeaderBytes;
        kestrel.MaxRequestHeaderCount = 100;
        kestrel.MaxRequestLineSize = 8 * 1024;
        kestrel.RequestHeadersTimeout = HeadersTimeout;
        kestrel.KeepAliveTimeout = IdleTimeout;
        kestrel.MinRequestBodyDataRate = new MinDataRate(DataRate, DataGrace);
        kestrel.MinResponseDataRate = new MinDataRate(DataRate, DataGrace);
    }
}
