using Microsoft.Extensions.Primitives;

namespace Omaha.Server;

/// <summary>Ends connections with their reply while the server drains, and while too many are open.</summary>
internal sealed class ConnectionEnd(Drain drain, ConnectionGate gate)
{
    private static readonly StringValues Close = "close";

    /// <summary>A step before every handler of the public port. Costs two looks at a number.</summary>
    public RequestDelegate Before(RequestDelegate next) => http =>
    {
        if (drain.IsDraining || gate.IsCrowded) http.Response.Headers.Connection = Close;
        return next(http);
    };
}
