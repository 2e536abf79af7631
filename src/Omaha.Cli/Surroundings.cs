namespace Omaha.Cli;

/// <summary>All that a run of omahactl touches besides files and the network.</summary>
/// <param name="Output">Standard output: plans, tables and JSON.</param>
/// <param name="Error">Standard error: what went wrong.</param>
/// <param name="Input">Opens standard input, for <c>apply -f -</c>.</param>
/// <param name="Environment">Reads an environment variable.</param>
/// <param name="OutputBytes">Opens standard output for what must arrive byte by byte.</param>
public sealed record Surroundings(TextWriter Output, TextWriter Error, Func<Stream> Input, Func<string, string?> Environment, Func<Stream> OutputBytes)
{
    /// <summary>Whether somebody watches standard error, who wants to see how far a long step has come.</summary>
    public bool IsWatched { get; init; }

    public static Surroundings OfProcess() =>
        new(Console.Out, Console.Error, Console.OpenStandardInput, System.Environment.GetEnvironmentVariable, Console.OpenStandardOutput) { IsWatched = !Console.IsErrorRedirected };
}
