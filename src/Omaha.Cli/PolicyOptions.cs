using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Omaha.Catalog;

namespace Omaha.Cli;

/// <summary>How exposure grows: <c>--ramp</c>, <c>--steps</c> or <c>--now</c>, and when it begins.</summary>
internal sealed class PolicyOptions
{
    private readonly Option<string?> _ramp = new("--ramp") { Description = "From nobody to everybody evenly within this time, such as 24h", HelpName = "TIME" };
    private readonly Option<string?> _steps = new("--steps") { Description = "Step by step, such as 1%:1h,10%:4h,50%:12h,100%", HelpName = "STEPS" };
    private readonly Option<bool> _now = new("--now") { Description = "To everybody at once" };
    private readonly Option<string?> _start = new("--start") { Description = "When it begins, such as 2026-12-01T08:00Z or in 6h; without it, now", HelpName = "TIME" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_ramp, _steps, _now, _start]) command.Options.Add(option);
        command.Validators.Add(Check);
    }

    /// <summary>Null when none was given: the channel's own policy.</summary>
    public RolloutPolicy? Policy(ParseResult parsed)
    {
        if (parsed.GetValue(_ramp) is { } ramp) return new RolloutPolicy { Ramp = ramp };
        if (RolloutSteps.TryParse(parsed.GetValue(_steps), out var steps)) return new RolloutPolicy { Steps = steps };
        return parsed.GetValue(_now) ? new RolloutPolicy { Now = true } : null;
    }

    /// <summary>Null for now.</summary>
    public DateTimeOffset? Start(ParseResult parsed, DateTimeOffset now) => parsed.GetValue(_start) is { } text ? Moments.Read(text, now) : null;

    private void Check(CommandResult result)
    {
        var given = new[] { result.GetValue(_ramp) is not null, result.GetValue(_steps) is not null, result.GetValue(_now) }.Count(static option => option);
        if (given > 1) result.AddError("--ramp, --steps and --now exclude each other; give one of them");
        if (result.GetValue(_ramp) is { } ramp && !Duration.TryParse(ramp, out _)) result.AddError($"--ramp \"{ramp}\" is no length of time; {Duration.Form}");
        if (result.GetValue(_steps) is { } steps && !RolloutSteps.TryParse(steps, out _)) result.AddError($"--steps \"{steps}\" are no steps; {RolloutSteps.Form}");
        if (result.GetValue(_start) is { } start && Moments.Read(start, DateTimeOffset.UnixEpoch) is null) result.AddError($"--start \"{start}\" is no moment; {Moments.Form}");
    }
}

/// <summary>Moments as they are typed.</summary>
internal static class Moments
{
    public const string Form = "write one such as 2026-12-01T08:00Z, or a length of time from now such as \"in 6h\"";

    /// <summary>Null for a text that is no moment. Without a zone it is UTC.</summary>
    public static DateTimeOffset? Read(string text, DateTimeOffset now)
    {
        if (text.StartsWith("in ", StringComparison.Ordinal)) return Duration.TryParse(text[3..].Trim(), out var length) ? now + length : null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
    }
}
