namespace Omaha.Catalog;

/// <summary>Plans the brake over all apps, and its release. It looks at no app, so that it works whatever state they are in.</summary>
public static class PauseEverything
{
    /// <summary>The brakes afterwards; the same object when everything is paused already, so that the first reason stays on record.</summary>
    public static Outcome<Brakes> Pause(Brakes brakes, string? reason, Stamp stamp)
    {
        if (Reason.Check(reason, "reason") is { } fault) return Outcome.Refused<Brakes>(fault);
        if (brakes.PauseAll is not null) return Outcome.Of(brakes);
        return Outcome.Of(new Brakes { PauseAll = new Mark { At = stamp.At, By = stamp.By, Reason = string.IsNullOrWhiteSpace(reason) ? null : reason }, UnknownKeys = brakes.UnknownKeys });
    }

    /// <summary>The brakes afterwards; the same object when nothing was paused.</summary>
    public static Outcome<Brakes> Resume(Brakes brakes) =>
        Outcome.Of(brakes.PauseAll is null ? brakes : new Brakes { UnknownKeys = brakes.UnknownKeys });
}
