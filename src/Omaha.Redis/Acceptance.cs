using System.Globalization;

namespace Omaha.Redis;

/// <summary>Ids of acceptances: the moment that one was given at, and something random.</summary>
internal static class Acceptance
{
    private const string Moment = "yyyyMMdd'T'HHmmss.fff'Z'";

    /// <summary>An id of its own for an acceptance that is given now.</summary>
    public static string NewId(DateTimeOffset now, string random) => now.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture) + "-" + random;

    /// <summary>When an acceptance was given, by the clock of the control plane; null for an id that does not tell.</summary>
    public static DateTimeOffset? GivenAt(string? id) =>
        id is not null && id.IndexOf('-', StringComparison.Ordinal) is > 0 and var end
        && DateTimeOffset.TryParseExact(id.AsSpan(0, end), Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
