using System.Text;
using System.Text.RegularExpressions;
using Omaha.Cli;

namespace Omaha.Deploy.Tests;

/// <summary>Commands of omahactl that the pages give are understood by it.</summary>
public sealed partial class CommandTests
{
    public static TheoryData<string> Commands => [.. DeployFiles.Pages.SelectMany(static page => CommandPattern().Matches(DeployFiles.Read(page))).Select(static match => WhiteSpacePattern().Replace(match.Value, " ").Trim()).Distinct()];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Omahactl_understands(string command)
    {
        var errors = new StringWriter();
        // Nobody listens there: what is understood fails for that reason, or because a file of the example is not here, and nothing is changed anywhere.
        var surroundings = new Surroundings(TextWriter.Null, errors, static () => Stream.Null, static name => name switch { "OMAHACTL_SERVER" => "http://127.0.0.1:1", "OMAHACTL_TOKEN" => "omaha_x_x", _ => null }, static () => Stream.Null);
        await Omahactl.RunAsync([.. Words(command).Skip(1)], surroundings);
        Assert.DoesNotContain("--help", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_commands_are_found() => Assert.True(Commands.Count > 20, $"Only {Commands.Count} commands were found in the pages.");

    /// <summary>As a shell would: quotes of both kinds, up to a redirection or a comment.</summary>
    private static List<string> Words(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var any = false;
        foreach (var c in command + " ")
        {
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else word.Append(c);
            }
            else if (c is '\'' or '"')
            {
                (quote, any) = (c, true);
            }
            else if (c == ' ')
            {
                if (word.Length > 0 || any) words.Add(word.ToString());
                word.Clear();
                any = false;
            }
            else
            {
                word.Append(c);
            }
        }

        var end = words.FindIndex(static word => word is ">" or "<" or "#" or "|" or "&&");
        return end < 0 ? words : words[..end];
    }

    /// <summary>In the text between backticks, or on an indented line of its own, perhaps behind what lets it run in a container.</summary>
    [GeneratedRegex(@"(?<=`)omahactl [a-z][^`]*(?=`)|(?<=^    (?:[^\n]* exec [^\n]* )?)omahactl [a-z][^\n]*", RegexOptions.Multiline)]
    private static partial Regex CommandPattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpacePattern();
}
