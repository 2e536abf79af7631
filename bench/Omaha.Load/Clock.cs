using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Omaha.Load;

/// <summary>The clock of the generator: a count of nanoseconds that only goes forward.</summary>
internal static partial class Clock
{
    public const long Second = 1_000_000_000;
    public const long Millisecond = 1_000_000;

    private static readonly double NanosecondsPerTick = (double)Second / Stopwatch.Frequency;

    public static long Now => (long)(Stopwatch.GetTimestamp() * NanosecondsPerTick);

    public static long Nanoseconds(TimeSpan time) => time.Ticks * 100;

    public static double Seconds(long nanoseconds) => (double)nanoseconds / Second;

    /// <summary>
    /// Blocks this thread for some nanoseconds. .NET's own waits count in milliseconds, which would send the requests of each millisecond
    /// in one burst.
    /// </summary>
    public static void Sleep(long nanoseconds)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            Thread.Sleep((int)Math.Max(1, nanoseconds / Millisecond));
            return;
        }

        // A signal may end it early; whoever waits looks at the clock again.
        _ = Native.nanosleep(new Native.Timespan((nint)(nanoseconds / Second), (nint)(nanoseconds % Second)), 0);
    }

    /// <summary>Asks Linux to wake this thread when its sleep is over instead of up to 50 microseconds later.</summary>
    public static void WakePunctually()
    {
        const int PR_SET_TIMERSLACK = 29;
        if (OperatingSystem.IsLinux()) _ = Native.prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    }

    /// <summary>CPU time that a process has used so far, all its threads together; null when there is no such process.</summary>
    public static TimeSpan? CpuOf(int pid)
    {
        if (OperatingSystem.IsLinux())
        {
            // A process's CPU clock has nanoseconds where /proc has hundredths of a second; its number is made as in clock_getcpuclockid(3).
            return Native.clock_gettime((~pid << 3) | 2, out var time) == 0 ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100)) : null;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            return process.TotalProcessorTime;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc")]
        public static partial int nanosleep(in Timespan time, nint remaining);

        [LibraryImport("libc")]
        public static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

        [LibraryImport("libc")]
        public static partial int clock_gettime(int clock, out Timespan time);

        public readonly record struct Timespan(nint Seconds, nint Nanoseconds);
    }
}
