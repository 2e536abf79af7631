namespace Omaha.Control.Tests;

/// <summary>The verbs of omahactl, found in its help as a person finds them.</summary>
internal static class Verbs
{
    /// <summary>Every verb, as the words that it is typed with.</summary>
    public static Task<List<string[]>> AllAsync() => BelowAsync([]);

    private static async Task<List<string[]>> BelowAsync(string[] command)
    {
        var help = (await Run.OmahactlAsync([.. command, "--help"], [])).Output.Split("\nCommands:\n");
        if (help.Length == 1) return [command];
        var verbs = new List<string[]>();
        foreach (var line in help[1].Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ')) verbs.AddRange(await BelowAsync([.. command, line.Trim().Split(' ')[0]]));
        return verbs;
    }
}
