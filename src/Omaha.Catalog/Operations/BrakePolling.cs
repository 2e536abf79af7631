namespace Omaha.Catalog;

/// <summary>Plans the brake on how often the fleet asks, and its release. It looks at no app, so that it works whatever state they are in.</summary>
public static class BrakePolling
{
    /// <param name="brakes">As they are.</param>
    /// <param name="interval">No machine is told to ask again sooner; null lifts the brake.</param>
    /// <param name="reason">Why; it stays on record.</param>
    /// <param name="stamp">When and by whom.</param>
    /// <returns>The brakes afterwards; the same object when they are so already.</returns>
    public static Outcome<Brakes> Set(Brakes brakes, TimeSpan? interval, string? reason, Stamp stamp)
    {
        if (Reason.Check(reason, "reason") is { } fault) return Outcome.Refused<Brakes>(fault);
        if (interval is { TotalSeconds: < PollBrake.Least or > PollBrake.Most } wrong) return Outcome.Refused<Brakes>(new Fault("interval", $"{(wrong < TimeSpan.Zero ? $"{wrong.TotalSeconds:0}s" : Duration.Text(wrong))} is out of range; give {PollBrake.Least}s to {Duration.Text(TimeSpan.FromSeconds(PollBrake.Most))}"));
        var seconds = (int?)interval?.TotalSeconds;
        if (seconds == brakes.PollInterval?.Seconds) return Outcome.Of(brakes);
        return Outcome.Of(brakes.With(brakes.PauseAll, seconds is null ? null : new PollBrake { Seconds = seconds.Value, At = stamp.At, By = stamp.By, Reason = string.IsNullOrWhiteSpace(reason) ? null : reason }, brakes.Pauses));
    }
}
