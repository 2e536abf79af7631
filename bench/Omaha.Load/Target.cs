using System.Net;
using System.Net.Sockets;

namespace Omaha.Load;

/// <summary>What is asked: an address that was resolved once and is this machine's own, unless somebody said that they own the other one.</summary>
/// <param name="Url">As it was given.</param>
/// <param name="Address">Where connections go.</param>
internal sealed record Target(Uri Url, IPEndPoint Address)
{
    public bool IsTls => Url.Scheme == "https";

    /// <summary>Reads a URL and resolves its host.</summary>
    /// <param name="url">http or https, with a path.</param>
    /// <param name="owned">The host that the caller says is theirs to load.</param>
    /// <exception cref="LoadException">The URL cannot be used, or names a machine that nobody said they own.</exception>
    public static Target Resolve(string url, string? owned)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0)
        {
            throw new LoadException(LoadException.Usage, $"\"{url}\" is not usable: it must be a URL such as http://127.0.0.1:8080/v1/update");
        }

        IPAddress[] addresses;
        try
        {
            addresses = Dns.GetHostAddresses(parsed.DnsSafeHost);
        }
        catch (SocketException error)
        {
            throw new LoadException(LoadException.Failed, $"the host {parsed.DnsSafeHost} of {url} cannot be found: {error.Message}");
        }

        // The first address decides where connections go, so it alone is judged; nothing is resolved again.
        var address = addresses.Length > 0 ? addresses[0] : throw new LoadException(LoadException.Failed, $"the host {parsed.DnsSafeHost} of {url} has no address");
        if (!IPAddress.IsLoopback(address) && !string.Equals(owned, parsed.DnsSafeHost, StringComparison.OrdinalIgnoreCase))
        {
            throw new LoadException(LoadException.Usage, owned is null
                ? $"{parsed.DnsSafeHost} ({address}) is another machine. Load only what is yours; to say that it is, add --i-own-this-host {parsed.DnsSafeHost}"
                : $"--i-own-this-host \"{owned}\" is not the host of {url}: it must be {parsed.DnsSafeHost}");
        }

        return new Target(parsed, new IPEndPoint(address, parsed.Port));
    }
}
