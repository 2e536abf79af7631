using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Omaha.Catalog;

/// <summary>
/// The one form in which documents and options write a length of time: whole numbers with <c>d</c>, <c>h</c>, <c>m</c> or <c>s</c>, the larger
/// unit first and each at most once, such as <c>45m</c>, <c>24h</c> or <c>1d12h</c>.
/// </summary>
public static class Duration
{
    /// <summary>What would be right, for messages about a text that is none.</summary>
    public const string Form = "write whole numbers with d, h, m or s, the larger unit first, such as 45m, 24h or 1d12h";

    private static readonly (char Name, long Seconds)[] Units = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

    /// <summary>The longest there is: ten years.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(3_650);

    /// <summary>A fault when a moment is further ahead of now than the longest there is.</summary>
    public static Fault? CheckAhead(DateTimeOffset at, DateTimeOffset now, string path) => at > now + Longest ? new Fault(path, $"{at:u} is more than {Text(Longest)} ahead") : null;

    /// <summary>Reads a length of time from 0 to <see cref="Longest"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan length)
    {
        length = default;
        if (string.IsNullOrEmpty(text)) return false;

        long seconds = 0;
        var rest = text.AsSpan();
        foreach (var (name, size) in Units)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || rest[digits] != name) continue;
            // Nine digits of days are beyond the longest already, and far from an overflow.
            if (digits > 9) return false;
            seconds += long.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * size;
            rest = rest[(digits + 1)..];
        }

        if (!rest.IsEmpty || seconds > (long)Longest.TotalSeconds) return false;
        length = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>The length that a text is known to mean, such as one of a document that passed the validator.</summary>
    /// <exception cref="FormatException">It means none.</exception>
    public static TimeSpan Parse(string text) => TryParse(text, out var length) ? length : throw new FormatException($"\"{text}\" is no length of time; {Form}.");

    /// <summary>Writes a length in this form; what is less than a second is left out, and less than nothing is nothing.</summary>
    public static string Text(TimeSpan length)
    {
        var seconds = Math.Max(0, (long)length.TotalSeconds);
        if (seconds == 0) return "0s";

        var text = new StringBuilder();
        foreach (var (name, size) in Units)
        {
            if (seconds >= size) text.Append(CultureInfo.InvariantCulture, $"{seconds / size}{name}");
            seconds %= size;
        }

        return text.ToString();
    }
}
