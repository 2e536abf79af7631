using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net.Sockets;
using System.Security.Cryptography;
using Omaha.Hosting;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>The control plane as a program of its own: without a command it serves the API, with <c>token</c> it looks after access.</summary>
internal static class ControlProgram
{
    /// <summary>Runs a command line to its end.</summary>
    /// <returns>0 done, 1 failed, 2 when the command line or the configuration cannot be used or an address cannot be listened on.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("The control plane of an Omaha update service. Settings are given as --Section:Key=value, e.g. --Redis:Configuration=127.0.0.1:6379.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        root.SetAction(ServeAsync);
        root.Subcommands.Add(TokenCommands.Create(output));

        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var fault in parsed.Errors) await error.WriteLineAsync(fault.Message);
            return 2;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (SocketException failure)
        {
            await error.WriteLineAsync($"An address cannot be listened on: {failure.Message}. Listen:Control must be an address of this machine with a port that this user may open.");
            return 2;
        }
        catch (Exception failure) when (failure is SettingsException or IOException or CryptographicException)
        {
            await error.WriteLineAsync(failure.Message);
            return 2;
        }
        catch (StoreUnavailableException failure)
        {
            await error.WriteLineAsync($"{failure.Message} Where it is looked for says Redis:Configuration (--Redis:Configuration=… or OMAHA_Redis__Configuration).");
            return 1;
        }
    }

    /// <summary>The settings among what the commands did not take for themselves.</summary>
    /// <exception cref="SettingsException">Something is neither an option nor a setting.</exception>
    internal static ProgramConfiguration Configuration(ParseResult parsed)
    {
        var rest = parsed.UnmatchedTokens.ToArray();
        foreach (var option in rest)
        {
            // Without a section it would be a setting that nobody reads, most likely a misspelt option.
            if (option.StartsWith("--", StringComparison.Ordinal) && !option.Split('=')[0].Contains(':', StringComparison.Ordinal)) throw new SettingsException($"\"{option}\" is not understood: see --help for options; settings are given as --Section:Key=value, e.g. --Redis:Configuration=127.0.0.1:6379.");
        }

        return ProgramConfiguration.Read(rest);
    }

    private static async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancel)
    {
        var settings = Configuration(parsed);
        await using var app = ControlBuilder.Build(ControlOptions.Read(settings.InForce), settings.InForce, builder => SettingsFollower.Add(builder.Services, settings, static changed => ControlOptions.Read(changed)));
        await app.RunAsync();
        return 0;
    }
}
