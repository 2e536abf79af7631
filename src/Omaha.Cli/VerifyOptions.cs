using System.CommandLine;
using Omaha.Catalog;

namespace Omaha.Cli;

/// <summary><c>--time-limit</c>: how long fetching packages may take in all.</summary>
internal sealed class VerifyOptions
{
    private readonly Option<string> _limit = new("--time-limit") { Description = "How long fetching the packages may take in all, such as 30m or 2h", HelpName = "TIME", DefaultValueFactory = static _ => "1h" };

    public void AddTo(Command command)
    {
        command.Options.Add(_limit);
        command.Validators.Add(result =>
        {
            if (!Duration.TryParse(result.GetValue(_limit), out var limit) || limit == TimeSpan.Zero) result.AddError($"--time-limit \"{result.GetValue(_limit)}\" is no length of time above zero; {Duration.Form}");
        });
    }

    public TimeSpan Limit(ParseResult parsed) => Duration.Parse(parsed.GetRequiredValue(_limit));
}
