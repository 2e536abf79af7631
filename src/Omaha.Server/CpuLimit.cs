using System.Globalization;

namespace Omaha.Server;

/// <summary>How many cores this process may keep busy: those that it may run on, or less where a control group (a container's limit) says so.</summary>
/// <remarks>The runtime rounds a limit of 0.5 cores up to one; here it stays 0.5.</remarks>
public static class CpuLimit
{
    /// <summary>Reads the limit.</summary>
    /// <param name="root">Where the file system with <c>proc</c> and <c>sys</c> begins.</param>
    /// <returns>Cores, more than 0.</returns>
    public static double Read(string root = "/")
    {
        double cores = Environment.ProcessorCount;
        var groups = Path.Combine(root, "proc/self/cgroup");
        if (!File.Exists(groups)) return cores;
        foreach (var line in File.ReadLines(groups))
        {
            // hierarchy:controllers:path, see cgroups(7); version 2 is hierarchy 0 and names no controllers.
            var parts = line.Split(':', 3);
            if (parts.Length != 3) continue;
            if (parts[0] == "0" && parts[1].Length == 0)
            {
                foreach (var folder in Upwards(Path.Combine(root, "sys/fs/cgroup"), parts[2])) cores = Math.Min(cores, Quota(Words(folder, "cpu.max")));
            }
            else if (parts[1].Split(',').Contains("cpu"))
            {
                foreach (var mount in (ReadOnlySpan<string>)["cpu", parts[1]])
                {
                    foreach (var folder in Upwards(Path.Combine(root, "sys/fs/cgroup", mount), parts[2])) cores = Math.Min(cores, Quota([.. Words(folder, "cpu.cfs_quota_us"), .. Words(folder, "cpu.cfs_period_us")]));
                }
            }
        }

        return cores;
    }

    /// <summary>The group and all above it; a limit of any of them holds. Inside a container the group is the mounted root whatever its path says.</summary>
    private static IEnumerable<string> Upwards(string mount, string path)
    {
        yield return mount;
        var folder = mount;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries)) yield return folder = Path.Combine(folder, part);
    }

    private static string[] Words(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? File.ReadAllText(path).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) : [];
    }

    /// <summary>Quota and period in microseconds; no quota is <c>max</c> in version 2 and -1 in version 1.</summary>
    private static double Quota(string[] words) =>
        words.Length == 2 && double.TryParse(words[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var quota) && quota > 0
        && double.TryParse(words[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var period) && period > 0 ? quota / period : double.PositiveInfinity;
}
