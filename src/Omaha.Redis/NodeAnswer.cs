using System.Globalization;
using System.Net;

namespace Omaha.Redis;

/// <summary>What a server of the store says of itself.</summary>
/// <param name="IsPrimary">It takes writes, and in a cluster has the slot of the catalogue.</param>
/// <param name="Owner">In a cluster, the node that has the slot instead; null when this one has it or does not know.</param>
internal sealed record NodeAnswer(bool IsPrimary, EndPoint? Owner)
{
    /// <summary>The node that a redirection names; null for any other text.</summary>
    /// <param name="reply">The server's error (<c>MOVED 3630 10.0.0.7:6379</c>), or what the library makes of it (<c>Key has MOVED to Endpoint 10.0.0.7:6379 and hashslot 3630 …</c>).</param>
    /// <param name="asked">Who sent it. A redirection without a host is one to the same host.</param>
    public static EndPoint? OwnerOf(string reply, EndPoint asked)
    {
        var target = reply.Split(' ') switch
        {
            ["MOVED", _, var node, ..] => node,
            ["Key", "has", "MOVED", "to", "Endpoint", var node, ..] => node,
            _ => "",
        };
        var colon = target.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(target.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort) return null;

        var host = target[..colon];
        if (host.Length > 0) return IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
        return asked is DnsEndPoint name ? new DnsEndPoint(name.Host, port) : new IPEndPoint(((IPEndPoint)asked).Address, port);
    }
}
