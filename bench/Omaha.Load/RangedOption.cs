using System.CommandLine;
using System.Globalization;

namespace Omaha.Load;

/// <summary>Options that take a number within a range; another one is refused with the range.</summary>
internal static class RangedOption
{
    /// <summary>A number; both ends of the range included.</summary>
    public static Option<double?> Number(string name, string description, string unit, double least, double most, double? standard = null) =>
        Create(name, description, unit, least, most, standard, static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null, "a number");

    /// <summary>A whole number; both ends of the range included.</summary>
    public static Option<double?> Whole(string name, string description, string unit, long least, long most, long? standard = null) =>
        Create(name, description, unit, least, most, standard, static text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null, "a whole number");

    private static Option<double?> Create(string name, string description, string unit, double least, double most, double? standard, Func<string, double?> read, string kind)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{least:0.###} to {most:0}");
        var option = new Option<double?>(name)
        {
            Description = $"{description}; {range}",
            HelpName = unit,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (read(text) is { } number && number >= least && number <= most) return number;
                result.AddError($"{name} \"{text}\" is not usable: it must be {kind} from {range}");
                return null;
            },
        };
        if (standard is { } value) option.DefaultValueFactory = _ => value;
        return option;
    }
}
