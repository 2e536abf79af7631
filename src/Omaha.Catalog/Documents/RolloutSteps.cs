using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Omaha.Catalog;

/// <summary>Steps of a rollout as they are typed: <c>1%:1h,10%:4h,50%:12h,100%</c>.</summary>
public static class RolloutSteps
{
    /// <summary>What would be right, for messages about a text that is none.</summary>
    public const string Form = "write a share and how long it lasts for each step, such as 1%:1h,10%:4h,50%:12h,100%; the last one lasts";

    /// <summary>Reads the form of the steps; whether they rise is the validator's to judge.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out List<RolloutStep>? steps)
    {
        steps = [];
        foreach (var step in text?.Split(',') ?? [])
        {
            var colon = step.IndexOf(':', StringComparison.Ordinal);
            if (!TryParsePercent(colon < 0 ? step : step[..colon], out var percent)) return false;
            steps.Add(new RolloutStep { Percent = percent, For = colon < 0 ? null : step[(colon + 1)..].Trim() });
        }

        return steps.Count > 0;
    }

    /// <summary>Reads a share such as <c>25%</c> or <c>0.5%</c>; the sign may be left out.</summary>
    public static bool TryParsePercent(string? text, out double percent) =>
        double.TryParse(text?.Trim().TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out percent) && double.IsFinite(percent);
}
