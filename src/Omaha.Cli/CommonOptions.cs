using System.CommandLine;

namespace Omaha.Cli;

/// <summary>Arguments and options that many commands take, in the same words.</summary>
internal static class CommonOptions
{
    public static Argument<string> App() => new("APP") { Description = "The app's id; case and outer braces do not matter" };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Show what would change; write nothing" };

    public static Option<string> Reason() => new("--reason") { Description = "Why, for those who look later", HelpName = "TEXT", Required = true };
}
