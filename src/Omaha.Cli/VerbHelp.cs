using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Omaha.Cli;

/// <summary>The usual help, and the verb's example after it.</summary>
internal sealed class VerbHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new VerbHelp((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb verb) parseResult.InvocationConfiguration.Output.WriteLine($"Example:{Environment.NewLine}  {verb.Example}{Environment.NewLine}");
        return code;
    }
}
