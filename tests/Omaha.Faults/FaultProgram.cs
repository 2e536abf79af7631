using Omaha.Testing;

namespace Omaha.Faults;

/// <summary>Runs faults one after another and prints a line for each.</summary>
internal static class FaultProgram
{
    private const string Usage = "usage: Omaha.Faults [--quick] [--only NAME[,NAME…]] [--list] [--rate N] --server FILE --load FILE";

    /// <returns>0 when every check was answered rightly and in time, 1 when one was not, 2 for wrong usage.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--quick" or "--list") options[args[i]] = "";
            else if (args[i] is "--only" or "--rate" or "--server" or "--load" && i + 1 < args.Length) options[args[i]] = args[++i];
            else return await RefuseAsync($"\"{args[i]}\" is not understood");
        }

        var cases = FaultCases.All.ToList();
        if (options.ContainsKey("--list"))
        {
            foreach (var it in cases) await output.WriteLineAsync($"{it.Name,-28} {it.What}");
            return 0;
        }

        if (!options.TryGetValue("--server", out var server) || !File.Exists(server)) return await RefuseAsync("--server must name the program Omaha.Server");
        if (!options.TryGetValue("--load", out var load) || !File.Exists(load)) return await RefuseAsync("--load must name the program Omaha.Load");
        if (!int.TryParse(options.GetValueOrDefault("--rate", "100"), out var rate) || rate is < 1 or > 100_000) return await RefuseAsync($"--rate \"{options["--rate"]}\" must be a number of checks a second, 1 to 100000, for each server");
        if (options.TryGetValue("--only", out var names))
        {
            var unknown = names.Split(',').FirstOrDefault(name => cases.TrueForAll(it => it.Name != name));
            if (unknown is not null) return await RefuseAsync($"--only \"{unknown}\" is no fault; there are {string.Join(", ", cases.Select(static it => it.Name))}");
            cases = [.. cases.Where(it => names.Split(',').Contains(it.Name))];
        }
        else if (options.ContainsKey("--quick"))
        {
            cases = [.. cases.Where(static it => it.IsQuick)];
        }

        if (RedisProcess.SkipReason is { } reason) return await RefuseAsync(reason);

        var runner = new FaultRunner(new Programs(Path.GetFullPath(server), Path.GetFullPath(load), rate), isQuick: options.ContainsKey("--quick"));
        var isGood = true;
        await output.WriteLineAsync(ResultLine.Head);
        foreach (var it in cases)
        {
            var result = await runner.RunAsync(it);
            isGood &= result.Faults.Count == 0;
            await output.WriteLineAsync(ResultLine.Render(result));
        }

        await output.WriteLineAsync(isGood ? "every check was answered, and rightly" : "NOT every check was answered rightly and in time");
        return isGood ? 0 : 1;

        async Task<int> RefuseAsync(string why)
        {
            await error.WriteLineAsync($"{why}; {Usage}");
            return 2;
        }
    }
}

/// <summary>The programs under test and the load that each server gets.</summary>
/// <param name="Server">Omaha.Server.</param>
/// <param name="Load">Omaha.Load.</param>
/// <param name="Rate">Checks a second for each server.</param>
internal sealed record Programs(string Server, string Load, int Rate);
