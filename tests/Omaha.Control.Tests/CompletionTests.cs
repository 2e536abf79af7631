using System.Diagnostics;

namespace Omaha.Control.Tests;

/// <summary>Completion in a real shell, which runs the real program.</summary>
public sealed class CompletionTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "omahactl.exe" : "omahactl");

    [Theory]
    [InlineData("omahactl cha", "channel")]
    [InlineData("omahactl channel ", "history list promote revert set")]
    [InlineData("omahactl channel pro", "promote")]
    [InlineData("omahactl token create --ro", "--role")]
    [InlineData("omahactl token create --role ", "admin operator promoter viewer")]
    [InlineData("omahactl apply --f", "--file")]
    [InlineData("omahactl --serv", "--server")]
    [InlineData("omahactl nothing-like-this", "")]
    public async Task Bash_completes_what_omahactl_knows(string line, string completed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no bash of its own.");

        Assert.Equal(completed, await CompleteAsync("omahactl", line));
    }

    [Fact]
    public async Task Bash_completes_a_program_that_was_typed_with_its_path()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no bash of its own.");

        Assert.Equal("channel", await CompleteAsync(Program, $"{Program} cha"));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _omahactl omahactl")]
    [InlineData("zsh", "compdef _omahactl omahactl")]
    [InlineData("fish", "complete -c omahactl")]
    public async Task Every_shell_gets_a_script(string shell, string words)
    {
        var run = await Run.OmahactlAsync(["completion", shell], []);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_shell_is_refused_with_those_that_there_are()
    {
        var run = await Run.OmahactlAsync(["completion", "tcsh"], []);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'bash'", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Types a line in bash and presses Tab, as bash itself would call the function that the script registers.</summary>
    private static async Task<string> CompleteAsync(string typed, string line)
    {
        const string script = """
            set -u
            PATH="$1:$PATH"
            eval "$(omahactl completion bash)"
            function=$(complete -p omahactl | sed -n 's/.*-F \([^ ]*\) .*/\1/p')
            COMP_LINE=$2
            COMP_POINT=${#COMP_LINE}
            IFS=' ' read -r -a COMP_WORDS <<< "$COMP_LINE"
            case "$COMP_LINE" in *' ') COMP_WORDS+=('') ;; esac
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            "$function" "$3" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            # Options of all commands come along; they are looked at where one was begun.
            case "${COMP_WORDS[COMP_CWORD]}" in -*) unwanted='^$' ;; *) unwanted='^[-/]\|^$' ;; esac
            printf '%s\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"} | grep -v "$unwanted" | sort -u | paste -sd ' '
            """;
        var start = new ProcessStartInfo("bash", ["--norc", "-c", script, "bash", Path.GetDirectoryName(Program)!, line, typed]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var bash = Process.Start(start)!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.Equal("", await error);
        return (await output).Trim();
    }
}
