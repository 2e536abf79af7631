using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;

namespace Omaha.Cli;

/// <summary>The entry point: runs one command line and gives its exit code: 0 done, 1 refused or failed, 2 wrong usage.</summary>
public static class Omahactl
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Surroundings surroundings)
    {
        // Response files are off: an argument that begins with @ is an argument.
        var commands = new Commands(surroundings);
        var parsed = commands.Root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors) await surroundings.Error.WriteLineAsync($"omahactl: {InALine(error.Message)}");
            await surroundings.Error.WriteLineAsync($"omahactl: see {CommandPath(parsed)} --help");
            return OmahactlException.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = surroundings.Output, Error = surroundings.Error, EnableDefaultExceptionHandler = false });
        }
        catch (OmahactlException failure)
        {
            if (failure.Json is { } json && parsed.GetValue(commands.Json)) await surroundings.Output.WriteLineAsync(Encoding.UTF8.GetString(json).TrimEnd());
            foreach (var line in failure.Lines) await surroundings.Error.WriteLineAsync($"omahactl: {line}");
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await surroundings.Error.WriteLineAsync("omahactl: interrupted");
            return OmahactlException.Failed;
        }
    }

    /// <summary>What may stand in a place is listed line by line by the library.</summary>
    private static string InALine(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var first, .. { Length: > 0 } rest] ? $"{first} {string.Join(", ", rest)}" : message;

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (var command = parsed.CommandResult; command?.Parent is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult) names.Insert(0, command.Command.Name);
        return string.Join(' ', names.Prepend("omahactl"));
    }
}
