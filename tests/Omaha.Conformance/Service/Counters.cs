using System.Globalization;

namespace Omaha.Conformance;

/// <summary>Names of counters on the metrics page.</summary>
internal static class Counters
{
    /// <summary>Apps answered with a decision.</summary>
    public static string Checks(string decision) => $"omaha_checks_total{{decision=\"{decision}\"}}";

    /// <summary>The same of one app that asks to be counted by name.</summary>
    public static string ChecksOf(string app, string decision) => $"omaha_app_checks_total{{app=\"{app}\",decision=\"{decision}\"}}";

    /// <summary>Events of one meaning.</summary>
    public static string Events(string kind) => $"omaha_events_total{{event=\"{kind}\"}}";

    /// <summary>Failures by the client's own code, without the flags in its upper bits.</summary>
    public static string FailuresWith(int code) => string.Create(CultureInfo.InvariantCulture, $"omaha_event_errors_total{{code=\"{code}\"}}");

    /// <summary>Requests refused as a whole.</summary>
    public static string Refusals(string refusal) => $"omaha_refusals_total{{refusal=\"{refusal}\"}}";
}
