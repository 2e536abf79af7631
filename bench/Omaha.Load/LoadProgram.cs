using System.CommandLine;
using System.CommandLine.Invocation;

namespace Omaha.Load;

/// <summary>The entry point: runs one command line and gives its exit code: 0 done, 1 failed or cut short, 2 wrong usage.</summary>
internal static class LoadProgram
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken interrupted)
    {
        var root = new RootCommand("Loads an Omaha server and tells how fast it answers.") { RunCommand.Create(output, error), HoldCommand.Create(output), SeedCommand.Create(output, error), ReportCommand.Create(output) };

        // Response files are off: an argument that begins with @ is an argument.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var fault in parsed.Errors) await error.WriteLineAsync($"Omaha.Load: {fault.Message}");
            await error.WriteLineAsync($"Omaha.Load: see Omaha.Load {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help");
            return LoadException.Usage;
        }

        try
        {
            // Signals are the program's own business: what was measured so far is shown however long that takes.
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupted);
        }
        catch (LoadException failure)
        {
            await error.WriteLineAsync($"Omaha.Load: {failure.Message}");
            return failure.ExitCode;
        }
    }
}
