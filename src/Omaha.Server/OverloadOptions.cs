using Omaha.Hosting;

namespace Omaha.Server;

/// <summary>Section <c>Overload</c>: when the server counts as overloaded, and what it tells machines then.</summary>
public sealed class OverloadOptions
{
    /// <summary><c>Overload:Hold</c>: hold checks under overload, see <see cref="LoadHold"/>. Off for measurements that drive the server to its limit on purpose. Default true.</summary>
    public bool Hold { get; set; } = true;

    /// <summary><c>Overload:Lag</c> in seconds, 0.001 to 60: time from when a request could be read until it is handled, from which on the server is overloaded. Default 0.25.</summary>
    public TimeSpan Lag { get; set; } = TimeSpan.FromSeconds(0.25);

    /// <summary><c>Overload:Cpu</c>, 5 to 100: CPU time used, in per cent of what this process may use, above which the server is overloaded. Default 100, never: a server that is busy and answers in time is well used.</summary>
    public int Cpu { get; set; } = 100;

    /// <summary><c>Overload:PollInterval</c> in seconds, 60 to 86 400: until when held machines ask again, at most; each is told a time of its own between half of it and all of it. Default 14 400, the longest that update_engine heeds.</summary>
    public int PollInterval { get; set; } = 14_400;

    /// <summary><c>Overload:RetryAfter</c> in seconds, 1 to 86 400: when clients may ask again that are answered 503, at most; each is told a time of its own between half of it and all of it. Default 600.</summary>
    public int RetryAfter { get; set; } = 600;

    /// <summary>Reads the section. Faults are kept by the reader.</summary>
    internal static OverloadOptions Read(SettingsReader settings) => new()
    {
        Hold = settings.Flag("Overload:Hold", true),
        Lag = settings.Seconds("Overload:Lag", 0.25, 0.001, 60),
        Cpu = settings.Number("Overload:Cpu", 100, 5, 100),
        PollInterval = settings.Number("Overload:PollInterval", 14_400, 60, 86_400),
        RetryAfter = settings.Number("Overload:RetryAfter", 600, 1, 86_400),
    };
}
