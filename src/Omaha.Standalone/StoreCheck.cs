using System.Diagnostics;
using Omaha.Catalog;
using Omaha.Hosting;
using Omaha.Redis;

namespace Omaha.Standalone;

/// <summary>
/// Makes sure, before the embedded store is used, that its log can be read back and holds all that was acknowledged. A store that fails is
/// left as it is.
/// </summary>
/// <remarks>
/// Garnet replays a damaged log without a word: cut short it comes up with less, overwritten with nothing at all, and some damage ends the
/// process. So the files are held against their seal, and the log is then replayed by a child process, which may die of it; what the child
/// finds is held against a small file that says how far the catalogue had come.
/// </remarks>
internal static class StoreCheck
{
    /// <summary>The argument that makes this program the child.</summary>
    public const string Verb = "check-store";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Notes how far the catalogue has come, or several versions any of which it may have come to. Written beside and moved into place, so that the note is wholly old or wholly new.</summary>
    public static void Note(string data, IReadOnlyList<StoreVersion> versions)
    {
        var path = NotePath(data);
        if (versions.Count == 0)
        {
            File.Delete(path);
            return;
        }

        File.WriteAllText(path + ".new", string.Join('\n', versions));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Checks the store of a data folder; a new folder has none.</summary>
    /// <exception cref="SettingsException">The log cannot be read, is not what was sealed, or holds less than was noted; the message says what to do.</exception>
    public static async Task RunAsync(string data)
    {
        var noted = await ReadNoteAsync(data);
        if (!EmbeddedStore.HasLog(data))
        {
            if (noted.Length == 0) return;
            throw Refusal(data, $"its log is missing, but revision {noted[0].Revision} had been written.");
        }

        if (StoreSeal.FindDamaged(data) is { } file) throw Refusal(data, $"{file} is not what it was when the program last ended.");

        var (exitCode, output, error) = await ReplayAsync(data);
        if (exitCode != 0) throw Refusal(data, $"replaying the log ended with exit code {exitCode}. {error}".TrimEnd());
        if (noted.Length == 0) return;

        if (!StoreVersion.TryParse(output, out var found)) throw Refusal(data, $"the log holds no catalogue, but revision {noted[0].Revision} had been written.");
        if (!noted.Any(version => found.Epoch == version.Epoch && found.Revision >= version.Revision)) throw Refusal(data, $"the log leads to revision {found.Revision} of epoch {found.Epoch}, but revision {noted[0].Revision} of epoch {noted[0].Epoch} had been written.");
    }

    /// <summary>The child: replays the log and prints the version that it leads to.</summary>
    public static async Task<int> RunAsChildAsync(string data)
    {
        using var store = EmbeddedStore.Start(data);
        await using var connection = new StoreConnection(new RedisOptions { Configuration = store.Configuration }.Patient());
        var head = await new CatalogStore(connection).ReadHeadAsync();
        Console.WriteLine(head.Version);
        return 0;
    }

    private static async Task<StoreVersion[]> ReadNoteAsync(string data)
    {
        if (!File.Exists(NotePath(data))) return [];
        var note = await File.ReadAllTextAsync(NotePath(data));
        return Array.ConvertAll(note.Split('\n'), line => StoreVersion.TryParse(line, out var noted) ? noted : throw Refusal(data, $"{NotePath(data)} does not hold a version but \"{note[..Math.Min(note.Length, 60)]}\"."));
    }

    private static async Task<(int ExitCode, string Output, string Error)> ReplayAsync(string data)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(StoreCheck).Assembly.Location);
        start.ArgumentList.Add(Verb);
        start.ArgumentList.Add(data);
        using var child = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var output = child.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = child.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await child.WaitForExitAsync(patience.Token);
            return (child.ExitCode, Lines(await output).Last(), Lines(await errors).First());
        }
        catch (OperationCanceledException)
        {
            child.Kill();
            throw Refusal(data, $"replaying the log took longer than {Patience.TotalMinutes} minutes.");
        }
    }

    private static string[] Lines(string text) => text.Trim().Split('\n', StringSplitOptions.TrimEntries);

    private static SettingsException Refusal(string data, string reason) => new(
        $"The store in {data} cannot be used: {reason} "
        + $"Nothing was changed. Restore the folder from a backup; or, to start anew and lose the catalogue, move {data} away.");

    private static string NotePath(string data) => Path.Combine(data, "store-version");
}
