namespace Omaha.Catalog;

/// <summary>Brakes over all apps. They have a small key of their own in the store, read first and honoured even when nothing else can be read.</summary>
public sealed class Brakes : DocumentNode
{
    /// <summary>Set: nothing is offered to anyone.</summary>
    public Mark? PauseAll { get; set; }

    /// <summary>Set: no machine is told to ask again sooner than this.</summary>
    public PollBrake? PollInterval { get; set; }

    /// <summary>When everything was paused before, the oldest first, so that ramps take up where they stood. The last <see cref="MaxPauses"/> are kept.</summary>
    public List<PastPause>? Pauses { get; set; }

    /// <summary>How many past pauses are kept.</summary>
    public const int MaxPauses = 100;

    /// <summary>No brake at all.</summary>
    public static Brakes None { get; } = new();

    internal Brakes With(Mark? pauseAll, PollBrake? pollInterval, List<PastPause>? pauses) => new() { PauseAll = pauseAll, PollInterval = pollInterval, Pauses = pauses, UnknownKeys = UnknownKeys };

    /// <summary>When everything is, and was, paused: ramps stand still.</summary>
    internal FrozenTimes PausedTimes()
    {
        if (PauseAll is null && Pauses is not { Count: > 0 }) return FrozenTimes.None;
        var past = (Pauses ?? []).Select(static pause => (pause.From.UtcTicks, pause.To.UtcTicks));
        return FrozenTimes.From(PauseAll is { } now ? past.Append((now.At.UtcTicks, long.MaxValue)) : past);
    }

    /// <summary>What is wrong with the values, in words; null when nothing is.</summary>
    public string? Check() => PollInterval is { Seconds: < PollBrake.Least or > PollBrake.Most } brake
        ? $"pollInterval is {brake.Seconds} seconds; {PollBrake.Least} to {PollBrake.Most} are allowed"
        : null;

    /// <summary>What holds when either of two may be the truth: braked where any of them brakes.</summary>
    public static Brakes Union(Brakes one, Brakes other) => new()
    {
        PauseAll = one.PauseAll ?? other.PauseAll,
        PollInterval = (one.PollInterval?.Seconds ?? 0) >= (other.PollInterval?.Seconds ?? 0) ? one.PollInterval : other.PollInterval,
        Pauses = one.Pauses is null || one.Pauses.Count < other.Pauses?.Count ? other.Pauses : one.Pauses,
    };
}

/// <summary>A brake on how often the fleet asks.</summary>
public sealed class PollBrake : DocumentNode
{
    /// <summary>Range of <see cref="Seconds"/>.</summary>
    public const int Least = 60;

    /// <inheritdoc cref="Least"/>
    public const int Most = 604_800;

    /// <summary>Seconds until machines ask again; longer intervals of apps, channels and groups stand.</summary>
    public int Seconds { get; set; }

    public DateTimeOffset At { get; set; }

    public string? By { get; set; }

    public string? Reason { get; set; }
}

/// <summary>A time in which everything was paused.</summary>
public sealed class PastPause : DocumentNode
{
    public DateTimeOffset From { get; set; }

    public DateTimeOffset To { get; set; }
}
