using System.Diagnostics.CodeAnalysis;

namespace Omaha.Catalog;

/// <summary>A window as it is typed: <c>mon-fri 09:00-17:00 Europe/Berlin</c>, with days and zone left out where they are every day and UTC.</summary>
public static class WindowText
{
    /// <summary>What would be right, for messages about a text that is none.</summary>
    public const string Form = "write days, hours and an IANA time zone, such as \"mon-fri 09:00-17:00 Europe/Berlin\" or \"22:00-06:00\"";

    private static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>Reads the form of a window; whether hours and zone exist is the validator's to judge.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out WindowSpec? window)
    {
        window = null;
        var words = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var found = new WindowSpec();
        if (words is [var days, _, ..] && TryParseDays(days, out var named))
        {
            found.Days = named;
            words.RemoveAt(0);
        }

        if (words is [_, var zone])
        {
            found.Zone = zone;
            words.RemoveAt(1);
        }

        if (words is not [var hours] || hours.Split('-') is not [var from, var to]) return false;
        (found.From, found.To) = (from, to);
        window = found;
        return true;
    }

    /// <summary>Writes a window in this form.</summary>
    public static string Of(WindowSpec window) =>
        $"{(window.Days is null ? "" : string.Join(',', window.Days) + " ")}{window.From ?? "00:00"}-{window.To ?? "24:00"}{(window.Zone is null ? "" : " " + window.Zone)}";

    private static bool TryParseDays(string text, [NotNullWhen(true)] out List<string>? days)
    {
        days = [];
        foreach (var part in text.ToLowerInvariant().Split(','))
        {
            var ends = part.Split('-');
            var (first, last) = (Array.IndexOf(Days, ends[0]), Array.IndexOf(Days, ends[^1]));
            if (ends.Length > 2 || first < 0 || last < 0) return false;
            for (var day = first; ; day = (day + 1) % 7)
            {
                if (!days.Contains(Days[day])) days.Add(Days[day]);
                if (day == last) break;
            }
        }

        return days.Count > 0;
    }
}
