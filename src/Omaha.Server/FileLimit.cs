using System.Globalization;

namespace Omaha.Server;

/// <summary>How many files this process may open: each connection is one.</summary>
/// <remarks>A listener that gets no file for a connection that waits tries again at once and for ever, so the limit must never be reached by connections.</remarks>
internal static class FileLimit
{
    /// <summary>Files that the process needs beside its connections: the store, the ops port, the snapshot, its own libraries.</summary>
    private const int Reserved = 256;

    /// <summary>Connections that there are files for; <see cref="int.MaxValue"/> where no limit is known.</summary>
    public static int Connections()
    {
        const string limits = "/proc/self/limits";
        if (!File.Exists(limits)) return int.MaxValue;
        foreach (var line in File.ReadLines(limits))
        {
            if (!line.StartsWith("Max open files", StringComparison.Ordinal)) continue;
            var soft = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? Math.Max(16, files - Reserved) : int.MaxValue;
        }

        return int.MaxValue;
    }
}
