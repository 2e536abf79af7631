using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Omaha.Hosting;

/// <summary>A configuration that cannot be used; the message names every key, its value and what is allowed.</summary>
public sealed class SettingsException(string message) : Exception(message);

/// <summary>
/// Reads settings one by one and collects what is wrong with them. Every key that is asked for is a known key, so that a misspelt one
/// inside a known section is found without a second list.
/// </summary>
/// <remarks>Read by hand rather than by a binder: the binder ignores what it cannot place, and a setting that silently does not arrive is found in production.</remarks>
public sealed class SettingsReader(IConfiguration configuration)
{
    private static readonly string[] SecretSections = ["Redis", "Otlp"];

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _faults = [];

    /// <summary>Free text.</summary>
    public string Text(string key, string fallback) => Read(key) ?? fallback;

    /// <summary>An address to listen on: <c>http://host:port</c> or <c>https://host:port</c>; port 0 picks a free one.</summary>
    public Uri Url(string key, string fallback)
    {
        var value = Read(key) ?? fallback;
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.AbsolutePath != "/" || url.Query.Length > 0 || url.UserInfo.Length > 0)
        {
            Fault(key, value, $"an address such as {fallback}");
            return new Uri(fallback);
        }

        // Kestrel would take any other name to mean every address of the machine.
        if (!IPAddress.TryParse(url.Host, out _) && url.Host != "localhost") Fault(key, value, $"an IP address or localhost, such as {fallback}; 0.0.0.0 stands for every address of this machine");
        else if (url is { Host: "localhost", Port: 0 }) Fault(key, value, "an IP address such as http://127.0.0.1:0 when a free port is to be picked");
        return url;
    }

    public bool Flag(string key, bool fallback)
    {
        if (Read(key) is not { } value) return fallback;
        if (bool.TryParse(value, out var flag)) return flag;
        Fault(key, value, "true or false");
        return fallback;
    }

    /// <summary>A whole number within a range, both ends included.</summary>
    public int Number(string key, int fallback, int least, int most)
    {
        if (Read(key) is not { } value) return fallback;
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Fault(key, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
        return fallback;
    }

    /// <summary>A time in seconds within a range, both ends included; fractions are allowed.</summary>
    public TimeSpan Seconds(string key, double fallback, double least, double most)
    {
        if (Read(key) is not { } value) return TimeSpan.FromSeconds(fallback);
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= least && seconds <= most) return TimeSpan.FromSeconds(seconds);
        Fault(key, value, string.Create(CultureInfo.InvariantCulture, $"seconds from {least} to {most}"));
        return TimeSpan.FromSeconds(fallback);
    }

    /// <summary>An IANA time zone.</summary>
    public TimeZoneInfo Zone(string key, string fallback)
    {
        var value = Read(key) ?? fallback;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(value, out var zone)) return zone;
        Fault(key, value, "an IANA time zone such as America/Los_Angeles or UTC; time zones come from the system's tzdata");
        return TimeZoneInfo.Utc;
    }

    /// <summary>Keys that other programs of the product read: a configuration that all of them share is not at fault.</summary>
    public void AlsoKnown(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys) _known.Add(key);
    }

    /// <summary>Adds a fault that only the caller can see, e.g. between two settings.</summary>
    public void Fault(string key, string value, string allowed) => _faults.Add($"{key} = \"{value}\" is not usable: it must be {allowed}.");

    /// <summary>Ends the reading.</summary>
    /// <param name="sections">Sections that belong to the program; a key inside them that nobody asked for is a fault.</param>
    /// <exception cref="SettingsException">Something was wrong.</exception>
    public void ThrowIfFaulty(params ReadOnlySpan<string> sections)
    {
        foreach (var section in sections) FindUnknown(configuration.GetSection(section));
        if (_faults.Count > 0) throw new SettingsException(string.Join(Environment.NewLine, _faults));
    }

    private string? Read(string key)
    {
        _known.Add(key);
        return configuration[key];
    }

    private void FindUnknown(IConfigurationSection section)
    {
        var name = section.Path.Split(':')[0];
        if (section.Value is not null && !_known.Contains(section.Path))
        {
            var known = _known.Where(key => key.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
            // The value of a misspelt key of these is not shown: it may be a password.
            var value = SecretSections.Contains(name, StringComparer.OrdinalIgnoreCase) ? "" : $" = \"{section.Value}\"";
            _faults.Add($"{section.Path}{value} is unknown: {name} has {string.Join(", ", known)}.");
        }

        foreach (var child in section.GetChildren()) FindUnknown(child);
    }
}
