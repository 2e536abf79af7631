using Microsoft.Extensions.Configuration;

namespace Omaha.Hosting;

/// <summary>The settings that a program goes by: what its sources said when it was last found to be right.</summary>
internal sealed class SettingsInForce : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Takes over all values and tells those who follow them.</summary>
    /// <returns>The keys whose values are others than before.</returns>
    public IReadOnlyList<string> Adopt(IConfiguration sources)
    {
        var adopted = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in sources.AsEnumerable())
        {
            if (value is not null) adopted[key] = value;
        }

        var before = Data;
        string[] changed = [.. before.Keys.Union(adopted.Keys, StringComparer.OrdinalIgnoreCase).Where(key => ValueIn(before, key) != ValueIn(adopted, key)).Order(StringComparer.Ordinal)];
        if (changed.Length == 0) return changed;
        Data = adopted;
        OnReload();
        return changed;
    }

    /// <summary>Takes over one value and tells those who follow it.</summary>
    /// <returns>Whether it is another than before.</returns>
    public bool Adopt(string key, string value)
    {
        if (ValueIn(Data, key) == value) return false;
        Data = new Dictionary<string, string?>(Data, StringComparer.OrdinalIgnoreCase) { [key] = value };
        OnReload();
        return true;
    }

    private static string? ValueIn(IDictionary<string, string?> settings, string key) => settings.TryGetValue(key, out var value) ? value : null;
}
