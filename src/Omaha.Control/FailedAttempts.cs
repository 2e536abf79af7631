using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Omaha.Control;

/// <summary>Counts attempts to get in that failed, by where they came from, and says when there were too many: ten at once, and ten more each minute.</summary>
/// <remarks>
/// Sources share a fixed number of counters, so that no number of them takes more memory. Two that meet in one are limited together, which
/// costs neither anything: a valid token is let in whatever is counted (see <see cref="Authenticator"/>).
/// </remarks>
internal sealed class FailedAttempts : IDisposable
{
    public const int AtOnce = 10;

    private const int Counters = 4096;
    private static readonly TimeSpan OneMoreEvery = TimeSpan.FromSeconds(6);

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, int>(static source => RateLimitPartition.GetTokenBucketLimiter(
        CounterOf(source),
        static _ => new TokenBucketRateLimiterOptions { TokenLimit = AtOnce, TokensPerPeriod = 1, ReplenishmentPeriod = OneMoreEvery, AutoReplenishment = false }));

    /// <summary>Whether the next failure from there would be one too many.</summary>
    /// <remarks>Not asked for as an acquisition of nothing: that succeeds with any fraction of a permit.</remarks>
    public bool AreTooMany(IPAddress source) => _limiter.GetStatistics(source) is { CurrentAvailablePermits: < 1 };

    /// <summary>Counts a failure.</summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="isLast">True: the next one is too many.</param>
    /// <returns>When to try again; null when it was not too many.</returns>
    public TimeSpan? Count(IPAddress source, out bool isLast)
    {
        using var lease = _limiter.AttemptAcquire(source);
        isLast = lease.IsAcquired && AreTooMany(source);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var pause) ? pause : OneMoreEvery;
    }

    public void Dispose() => _limiter.Dispose();

    /// <summary>Whoever has an IPv6 address has 2^64 of them, so only the network counts. The hash is seeded anew in every process.</summary>
    private static int CounterOf(IPAddress source)
    {
        Span<byte> bytes = stackalloc byte[16];
        var address = source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source;
        address.TryWriteBytes(bytes, out var length);
        var hash = new HashCode();
        hash.AddBytes(bytes[..(address.AddressFamily == AddressFamily.InterNetworkV6 ? 8 : length)]);
        return (int)((uint)hash.ToHashCode() % Counters);
    }
}
