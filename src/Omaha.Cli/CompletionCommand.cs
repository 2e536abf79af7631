using System.CommandLine;

namespace Omaha.Cli;

/// <summary>Prints what a shell needs to complete commands and options: a function that asks omahactl itself, so that it is never out of date.</summary>
internal static class CompletionCommand
{
    // The directive [suggest:POSITION] makes omahactl print what may stand at a position of the line that follows.
    private const string Bash =
        """
        # Completion of omahactl for bash: eval "$(omahactl completion bash)"
        _omahactl() {
            local IFS=$'\n' line="${COMP_LINE/#"${COMP_WORDS[0]}"/omahactl}"
            local position=$((COMP_POINT + ${#line} - ${#COMP_LINE}))
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$position]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _omahactl omahactl
        """;

    private const string Zsh =
        """
        # Completion of omahactl for zsh: eval "$(omahactl completion zsh)"
        _omahactl() {
            local line="omahactl${BUFFER#"${words[1]}"}"
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:$((CURSOR + ${#line} - ${#BUFFER}))]" "$line" 2>/dev/null)}")
            compadd -- $found
        }
        compdef _omahactl omahactl
        """;

    private const string Fish =
        """
        # Completion of omahactl for fish: omahactl completion fish | source
        complete -c omahactl -a '(omahactl "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Verb Create(TextWriter output)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Verb("completion", "Prints a script that makes a shell complete omahactl's commands and options.", "omahactl completion bash") { shell };
        command.SetAction(async (parsed, _) =>
        {
            await output.WriteLineAsync(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return 0;
        });
        return command;
    }
}
