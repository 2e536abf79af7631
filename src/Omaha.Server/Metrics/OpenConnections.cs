using Microsoft.AspNetCore.Connections;

namespace Omaha.Server.Metrics;

/// <summary>Counts the connections of the public port, TLS handshakes included.</summary>
public sealed class OpenConnections
{
    private const int Opened = 0;
    private const int Closed = 1;

    private readonly StripedCounters _counts = new(2);

    /// <summary>Connections accepted since the start.</summary>
    internal long Accepted => _counts.Sum(Opened);

    /// <summary>Connections that are open. What was closed is read first, so that it is never less than 0.</summary>
    internal long Open
    {
        get
        {
            var closed = _counts.Sum(Closed);
            return _counts.Sum(Opened) - closed;
        }
    }

    /// <summary>Kestrel's middleware around a connection.</summary>
    internal ConnectionDelegate Around(ConnectionDelegate next) => async connection =>
    {
        _counts.Increment(Opened);
        try
        {
            await next(connection);
        }
        finally
        {
            _counts.Increment(Closed);
        }
    };
}
