using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Omaha.Benchmarks.Gate;

/// <summary>CPU time of the calling thread, so that other processes of a busy machine do not count. Elapsed time where that is not to be had.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Nanoseconds since some moment.</summary>
    public static long Nanoseconds
    {
        get
        {
            if (!OperatingSystem.IsLinux()) return Stopwatch.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;
            return Read(ThreadCpuTime, out var time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : throw new InvalidOperationException("The thread's CPU time cannot be read.");
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
