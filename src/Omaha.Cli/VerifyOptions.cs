using System.CommandLine;
using Omaha.Catalog;

namespace Omaha.Cli;

/// <summary><c>--time-limit</c>: how long fetching packages may take in all.</summary>
internal sealed class VerifyOptions
{
    private const string Default = "1h";

    private readonly Option<string?> _limit = new("--time-limit") { Description = $"How long fetching the packages may take in all, such as 30m or 2h (default {Default})", HelpName = "TIME" };

    public void AddTo(Command command)
    {
        command.Options.Add(_limit);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_limit) is { } given && (!Duration.TryParse(given, out var limit) || limit == TimeSpan.Zero)) result.AddError($"--time-limit \"{given}\" is no length of time above zero; {Duration.Form}");
        });
    }

    public TimeSpan Limit(ParseResult parsed) => Duration.Parse(parsed.GetValue(_limit) ?? Default);
}
