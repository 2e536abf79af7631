using System.Diagnostics;

namespace Omaha.Load;

/// <summary>CPU time and memory of a process at one moment.</summary>
/// <param name="Cpu">Used so far by all its threads.</param>
/// <param name="Memory">Resident bytes.</param>
internal readonly record struct ProcessUsage(TimeSpan Cpu, long Memory)
{
    /// <summary>Looks at a process; null when there is none with this id.</summary>
    public static ProcessUsage? Of(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return Clock.CpuOf(pid) is { } cpu ? new ProcessUsage(cpu, process.WorkingSet64) : null;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
