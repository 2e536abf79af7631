namespace Omaha.Catalog;

/// <summary>Plans the brake over all apps, and its release. It looks at no app, so that it works whatever state they are in.</summary>
public static class PauseEverything
{
    /// <summary>The brakes afterwards; the same object when everything is paused already, so that the first reason stays on record.</summary>
    public static Outcome<Brakes> Pause(Brakes brakes, string? reason, Stamp stamp)
    {
        if (Reason.Check(reason, "reason") is { } fault) return Outcome.Refused<Brakes>(fault);
        return Outcome.Of(brakes.PauseAll is not null ? brakes : brakes.With(stamp.Mark(reason), brakes.PollInterval, brakes.Pauses));
    }

    /// <summary>The brakes afterwards; the same object when nothing was paused. The time of the pause is kept, so that rollouts go on from where they stood.</summary>
    public static Outcome<Brakes> Resume(Brakes brakes, Stamp stamp)
    {
        if (brakes.PauseAll is not { } mark) return Outcome.Of(brakes);
        var pauses = mark.At < stamp.At ? (brakes.Pauses ?? []).Append(new PastPause { From = mark.At, To = stamp.At }).TakeLast(Brakes.MaxPauses).ToList() : brakes.Pauses;
        return Outcome.Of(brakes.With(null, brakes.PollInterval, pauses));
    }
}
