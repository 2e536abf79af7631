using System.Globalization;
using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>What a new token is to permit.</summary>
public sealed class TokenGrant
{
    private const int LongestName = 64;
    private const int MostNames = 100;

    private TokenGrant(Role role, string? name, DateTimeOffset? expiresAt, IReadOnlyList<string>? apps, IReadOnlyList<string>? channels) =>
        (Role, Name, ExpiresAt, Apps, Channels) = (role, name, expiresAt, apps, channels);

    public Role Role { get; }

    /// <summary>Who holds it, as histories, audit and logs will say; null for one made of role and id.</summary>
    public string? Name { get; }

    public DateTimeOffset? ExpiresAt { get; }

    public IReadOnlyList<string>? Apps { get; }

    public IReadOnlyList<string>? Channels { get; }

    /// <summary>A grant of a role that needs no further words.</summary>
    public static TokenGrant Of(Role role, string? name = null) => new(role, name, null, null, null);

    /// <summary>A grant as a person writes it.</summary>
    /// <param name="role">Name of the role.</param>
    /// <param name="name">Who holds it.</param>
    /// <param name="expires">A length of time such as <c>90d</c>, or a date; null for never.</param>
    /// <param name="apps">Ids of apps, for a promoter and nobody else.</param>
    /// <param name="channels">Names of channels, for a promoter and nobody else.</param>
    /// <param name="now">When it is read.</param>
    /// <param name="faults">What is wrong with it.</param>
    /// <returns>Null when something is wrong.</returns>
    internal static TokenGrant? Read(string? role, string? name, string? expires, IReadOnlyList<string> apps, IReadOnlyList<string> channels, DateTimeOffset now, out IReadOnlyList<Fault> faults)
    {
        var found = new List<Fault>();
        var known = Roles.Parse(role);
        if (known is null) found.Add(new Fault("role", $"{(role is null ? "is missing" : $"\"{role}\" is no role")}; there are {string.Join(", ", Roles.Names)}"));
        if (name is not null && (name.Trim().Length is 0 or > LongestName || name.Any(char.IsControl))) found.Add(new Fault("name", $"\"{name}\" is no name; give 1 to {LongestName} characters without control characters"));

        var expiresAt = ReadEnd(expires, now);
        if (expires is not null && (expiresAt is null || expiresAt <= now)) found.Add(new Fault("expires", $"\"{expires}\" is no time to come; give a length of time such as 12h or 90d, or a date such as 2030-12-31"));

        var keys = apps.Select(AppKey.Of).ToList();
        found.AddRange(apps.Where((_, i) => keys[i] is null).Select(static app => new Fault("app", $"\"{app}\" is no app id")));
        found.AddRange(channels.Where(static channel => channel.Length is 0 or > LongestName || channel.Any(char.IsControl)).Select(static channel => new Fault("channel", $"\"{channel}\" is no name of a channel")));
        if (apps.Count > MostNames || channels.Count > MostNames) found.Add(new Fault(apps.Count > MostNames ? "app" : "channel", $"is given {Math.Max(apps.Count, channels.Count)} times; a token may name at most {MostNames}"));

        if (known == Role.Promoter && apps.Count == 0) found.Add(new Fault("app", "is missing; a promoter is limited to apps that are named, so give --app, once for each"));
        if (known == Role.Promoter && channels.Count == 0) found.Add(new Fault("channel", "is missing; a promoter is limited to channels that are named, so give --channel, once for each"));
        if (known is { } other and not Role.Promoter && apps.Count + channels.Count > 0) found.Add(new Fault(apps.Count > 0 ? "app" : "channel", $"goes with the role promoter only; {other.Name()} is not limited to apps or channels"));

        faults = found;
        if (found.Count > 0) return null;
        return known == Role.Promoter
            ? new TokenGrant(Role.Promoter, name, expiresAt, [.. keys.OfType<string>().Distinct(StringComparer.Ordinal)], [.. channels.Distinct(StringComparer.Ordinal)])
            : new TokenGrant(known!.Value, name, expiresAt, null, null);
    }

    /// <summary>A stored token in words, without its id and its hash.</summary>
    internal static string Describe(StoredToken token)
    {
        var scope = token.Apps is { } apps ? $" of {string.Join(", ", apps)} on {string.Join(", ", token.Channels ?? [])}" : "";
        var end = token.ExpiresAt is { } at ? string.Create(CultureInfo.InvariantCulture, $", until {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z") : "";
        return $"{token.Role}{scope} for {token.Name}{end}";
    }

    internal StoredToken Token(string id, string hash, DateTimeOffset now) => new(id, Role.Name(), Name ?? $"{Role.Name()}-{id}", hash, now) { ExpiresAt = ExpiresAt, Apps = Apps, Channels = Channels };

    private static DateTimeOffset? ReadEnd(string? text, DateTimeOffset now)
    {
        if (Duration.TryParse(text, out var length)) return now + length;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
    }
}
